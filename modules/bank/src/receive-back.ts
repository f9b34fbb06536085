import type { PaymentReturnMessage, PaymentReversalMessage } from '@huitong/iso20022'
import { CNY, invariant, type Money } from '@huitong/kernel'
import type { BankContext } from './context.ts'
import { backReference } from './messages.ts'
import type { Payment } from './payment.ts'
import { answer } from './receive-transfer.ts'
import { ASK_AFTER } from './send-command.ts'

/** pacs.004: money of ours is back. The clearing house has moved it, so it is booked whatever became of the account. */
export function receiveReturn(context: BankContext, message: PaymentReturnMessage): string {
  const [one] = message.returns
  invariant(one !== undefined, 'a message has a return')
  const { returnId, originalUetr, amount } = one
  const found = find(context, 'return', originalUetr, returnId, amount)
  if (found === undefined) return 'unknown_original'
  if (found.before !== undefined) return 'repeated'
  const payment = made(context, {
    ...found,
    kind: 'return',
    way: 'in',
    id: returnId,
    amount,
    messageId: message.messageId,
  })
  const account = accountOf(context, payment)
  const held = context.hold(payment, account)
  const endedAt = context.set.batch.at
  if (held.ok) {
    const inSuspense = !context.capture(held.value)
    if (inSuspense) context.tellAttention(payment, 'in_suspense')
    store(context, found.transfer, { ...payment, state: 'settled', endedAt, inSuspense })
    return 'settled'
  }
  const moved = context.books.transfer({
    ...{ debit: context.house('settlement'), credit: context.house('suspense'), amountMinor: amount.minor },
    ...{ currency: CNY, code: context.code('return'), reference: payment.id },
  })
  invariant(moved.ok, 'suspense takes what nobody else can')
  context.tellAttention(payment, 'in_suspense')
  store(context, found.transfer, { ...payment, state: 'settled', endedAt, inSuspense: true })
  return 'settled'
}

/** pacs.007: the other bank says that its system made a mistake. We say yes when the money is there; it goes with the settlement. */
export function receiveReversal(context: BankContext, message: PaymentReversalMessage): string {
  const [one] = message.reversals
  invariant(one !== undefined, 'a message has a reversal')
  const { originalUetr, amount } = one
  const id = one.reversalId ?? message.messageId
  const found = find(context, 'reversal', originalUetr, id, amount)
  if (found === undefined) return 'unknown_original'
  if (found.before !== undefined) {
    const { state, reason } = found.before
    answer(context, found.before, state === 'rejected' && reason !== null ? ['RJCT', reason] : ['ACTC'])
    return 'repeated'
  }
  const asked = { ...found, kind: 'reversal', way: 'out', id, amount, messageId: message.messageId } as const
  const payment = made(context, asked)
  const held = context.hold(payment, accountOf(context, payment))
  if (held.ok) {
    store(context, found.transfer, held.value)
    answer(context, held.value, ['ACTC'])
    return 'accepted'
  }
  const reason = held.error === 'account_without_funds' ? 'AM04' : 'AC06'
  const rejected: Payment = { ...payment, state: 'rejected', reason, endedAt: context.set.batch.at }
  context.payments.put(rejected.reference, rejected)
  answer(context, rejected, ['RJCT', reason])
  return 'rejected'
}

interface Found {
  readonly reference: string
  readonly transfer: Payment
  /** The same, when it came before. */
  readonly before: Payment | undefined
}

/** The settled transfer that it is about. */
function find(
  { payments }: BankContext,
  kind: 'return' | 'reversal',
  uetr: string | undefined,
  id: string,
  amount: Money,
): Found | undefined {
  if (uetr === undefined) return undefined
  const reference = backReference(kind, uetr, id)
  payments.need(uetr)
  payments.need(reference)
  const transfer = payments.get(uetr)
  const before = payments.get(reference)
  if (transfer === undefined || transfer.account === null) return undefined
  if (before !== undefined) return { reference, transfer, before }
  const way = kind === 'return' ? 'out' : 'in'
  const fits = transfer.state === 'settled' && transfer.way === way && amount.currency === CNY
  if (!fits) return undefined
  // A return has settled and is booked in any case: it may have overtaken a reversal of ours, which counts here and not yet there.
  if (kind === 'reversal' && transfer.returnedMinor + amount.minor > transfer.amountMinor) return undefined
  return { reference, transfer, before: undefined }
}

function made(
  { set }: BankContext,
  asked: Found & {
    readonly kind: 'return' | 'reversal'
    readonly way: 'in' | 'out'
    readonly id: string
    readonly amount: Money
    readonly messageId: string
  },
): Payment {
  const { reference, transfer, kind, way, id, amount, messageId } = asked
  const now = set.batch.at
  return {
    ...{ reference, id: set.newId(0), kind, way, askedBy: 'them', original: transfer.reference, uetr: transfer.uetr },
    ...{ account: transfer.account, peerBank: transfer.peerBank, peerAccount: transfer.peerAccount },
    ...{ peerName: transfer.peerName, messageId, instructionId: id, endToEndId: transfer.endToEndId },
    ...{ transactionId: transfer.transactionId, remittance: null, agreement: null, amountMinor: amount.minor },
    ...{ returnedMinor: 0n, mode: 'gross', state: 'accepted', reason: null, hold: null, cancellation: null },
    ...{ contradicted: false, inSuspense: false, madeAt: now, dueAt: now + ASK_AFTER, endedAt: null },
  }
}

function accountOf({ accounts }: BankContext, payment: Payment) {
  invariant(payment.account !== null, 'a transfer that settled has an account')
  accounts.need(payment.account)
  const account = accounts.get(payment.account)
  invariant(account !== undefined, 'a payment is on an account that is there')
  return account
}

function store({ payments }: BankContext, transfer: Payment, payment: Payment): void {
  const sum = transfer.returnedMinor + payment.amountMinor
  // More than was paid only while a reversal of ours is open that the clearing house will reject: it has the last word on the sum.
  const returnedMinor = sum < transfer.amountMinor ? sum : transfer.amountMinor
  payments.put(transfer.reference, { ...transfer, returnedMinor })
  payments.put(payment.reference, payment)
}
