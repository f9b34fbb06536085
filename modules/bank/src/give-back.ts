import { CNY, invariant, ok, type Result } from '@huitong/kernel'
import { type BankRefusal, refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import { backReference, originalOf } from './messages.ts'
import type { Payment } from './payment.ts'
import { ASK_AFTER } from './send-command.ts'

interface Back {
  readonly kind: 'return' | 'reversal'
  readonly transfer: Payment
  readonly amountMinor: bigint
  readonly reason: string
}

/**
 * Our side of giving money back: a return of what we received, which leaves our customer's account, or a reversal of what we sent, which
 * comes back to it once the other bank said yes. The money of a return is set aside first.
 */
export function giveBack(context: BankContext, back: Back): Result<Payment, BankRefusal> {
  const { set, payments, accounts, clearingSystem } = context
  const { kind, transfer, amountMinor, reason } = back
  const way = kind === 'return' ? 'out' : 'in'
  const ours = transfer.kind === 'transfer' && transfer.way !== way && transfer.state === 'settled'
  if (!ours || transfer.account === null) return refuse('not_a_settled_transfer')
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  if (transfer.returnedMinor + amountMinor > transfer.amountMinor) return refuse('more_than_paid')
  accounts.need(transfer.account)
  const account = accounts.get(transfer.account)
  invariant(account !== undefined, 'a settled transfer has an account')
  const now = set.batch.at
  const id = set.newId(0)
  const instructionId = `B${id}`
  const messageId = context.nextMessageId()
  const payment: Payment = {
    ...{ reference: backReference(kind, transfer.uetr, instructionId), id, kind, way, askedBy: 'us' },
    ...{ original: transfer.reference, uetr: transfer.uetr, account: account.number, peerBank: transfer.peerBank },
    ...{ peerAccount: transfer.peerAccount, peerName: transfer.peerName, messageId, instructionId },
    ...{ endToEndId: transfer.endToEndId, transactionId: transfer.transactionId, remittance: null, agreement: null },
    ...{ amountMinor, returnedMinor: 0n, mode: 'gross', state: 'sent', reason: null, hold: null },
    ...{
      cancellation: null,
      contradicted: false,
      inSuspense: false,
      madeAt: now,
      dueAt: now + ASK_AFTER,
      endedAt: null,
    },
  }
  const held = context.hold(payment, account)
  if (!held.ok) return refuse(held.error)
  payments.put(transfer.reference, { ...transfer, returnedMinor: transfer.returnedMinor + amountMinor })
  payments.add(payment.reference, held.value)
  const money = (minor: bigint) => ({ minor, currency: CNY })
  const header = {
    ...{ ...context.identity(), messageId, count: 1, settlementMethod: 'CLRG' as const, clearingSystem },
  }
  const about = { ...originalOf(transfer), reason }
  const originalAmount = money(transfer.amountMinor)
  if (kind === 'return') {
    // A fault that a test orders: the message keeps its own rules, and the clearing house has to find out.
    const told = context.spoils('wrong_amount')
      ? { amount: money(transfer.amountMinor + 1n) }
      : { amount: money(amountMinor), originalAmount }
    context.tell({
      kind: 'payment_return',
      value: { ...header, returns: [{ ...about, ...told, returnId: instructionId }] },
    })
  } else {
    const reversals = [{ ...about, originalAmount, reversalId: instructionId, amount: money(amountMinor) }]
    context.tell({ kind: 'payment_reversal', value: { ...header, reversals } })
  }
  return ok(held.value)
}
