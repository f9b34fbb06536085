import { invariant } from '@huitong/kernel'
import { counted } from './account.ts'
import type { BankContext } from './context.ts'
import { tellOrderer } from './order-status.ts'
import { type ClearingWord, PAYMENT_TABLE, type Payment } from './payment.ts'

/** Takes the step of the table for what the clearing house says; the payment after it. */
export function applyWord(context: BankContext, payment: Payment, word: ClearingWord, reason: string): Payment {
  const after = step(context, payment, word, reason)
  if (after === payment) return after
  context.payments.put(after.reference, after)
  // Whoever ordered it waits for this.
  if (after.endedAt !== payment.endedAt && after.agreement !== null) tellOrderer(context, after, after.agreement)
  return after
}

function step(context: BankContext, payment: Payment, word: ClearingWord, reason: string): Payment {
  const endedAt = context.set.batch.at
  switch (PAYMENT_TABLE[payment.state][word]) {
    case 'wait':
    case 'ignore':
      return payment
    case 'contradict':
      if (!payment.contradicted) context.tellAttention(payment, 'contradicted')
      return { ...payment, contradicted: true }
    case 'settle': {
      const inSuspense = !context.capture(payment)
      if (inSuspense) context.tellAttention(payment, 'in_suspense')
      return { ...payment, state: 'settled', hold: null, endedAt, inSuspense }
    }
    case 'reject':
      context.release(payment)
      giveLimitsBack(context, payment)
      giveOriginalBack(context, payment)
      return { ...payment, state: 'rejected', reason, hold: null, endedAt }
  }
}

/** What did not leave the account does not count against its limits, nor those of the agreement; on the day on which it counted. */
function giveLimitsBack({ set, accounts, agreements }: BankContext, payment: Payment): void {
  if (payment.kind !== 'transfer' || payment.way !== 'out') return
  const day = set.batch.accountingDay
  invariant(payment.account !== null, 'what leaves has an account')
  accounts.need(payment.account)
  const account = accounts.get(payment.account)
  if (account?.spentOn === day) {
    accounts.put(account.number, { ...account, ...counted(account, day, -payment.amountMinor) })
  }
  if (payment.agreement === null) return
  agreements.need(payment.agreement)
  const agreement = agreements.get(payment.agreement)
  if (agreement?.spentOn === day) {
    agreements.put(agreement.id, { ...agreement, ...counted(agreement, day, -payment.amountMinor) })
  }
}

/** What a return or reversal would have given back can be given back again. */
function giveOriginalBack({ payments }: BankContext, { original, amountMinor }: Payment): void {
  if (original === null) return
  payments.need(original)
  const transfer = payments.get(original)
  invariant(transfer !== undefined, 'money that comes back was paid')
  payments.put(original, { ...transfer, returnedMinor: transfer.returnedMinor - amountMinor })
}
