import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { CNY, canonicalJson, ok } from '@huitong/kernel'
import { refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import { answerOf, PaymentAnswer } from './send-command.ts'

/** `bank.clear-suspense`: books on the account what it could not take part in when it settled, now that it can. */
export function clearSuspenseKind(context: BankContext): CommandKind<{ readonly reference: string }, PaymentAnswer> {
  const { books, payments, accounts } = context
  return {
    name: 'bank.clear-suspense',
    need: ({ reference }) => payments.need(reference),
    decide: ({ reference }) => {
      const payment = payments.get(reference)
      if (payment === undefined) return refuse('payment_not_found')
      if (!payment.inSuspense || payment.account === null) return refuse('not_in_suspense')
      accounts.need(payment.account)
      const account = accounts.get(payment.account)
      if (account === undefined) return refuse('account_not_found')
      const [ours, suspense] = [context.ledgerAccount(account), context.house('suspense')]
      const sides = payment.way === 'in' ? { debit: suspense, credit: ours } : { debit: ours, credit: suspense }
      const { amountMinor, kind, id } = payment
      const moved = books.transfer({ ...sides, amountMinor, currency: CNY, code: context.code(kind), reference: id })
      if (!moved.ok) {
        return refuse(moved.error.code === 'insufficient_funds' ? 'account_without_funds' : 'account_blocked')
      }
      const after = { ...payment, inSuspense: false }
      payments.put(reference, after)
      return ok(answerOf(after))
    },
    form: ({ reference }) => canonicalJson({ reference }),
    ...answerCodec(PaymentAnswer),
  }
}
