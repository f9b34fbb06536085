import type { IsoMessage, PaymentReturnMessage, PaymentReversalMessage } from '@huitong/iso20022'
import { invariant, type Money } from '@huitong/kernel'
import type { ClearingContext } from './context.ts'
import { decideGivingBack } from './giving-back-decide.ts'
import type { Participant } from './participant.ts'
import type { Payment } from './payment.ts'
import { forwardedKey } from './receive-answer.ts'
import { ANSWER_WITHIN, messageKey } from './receive-transfer.ts'
import type { Received } from './received.ts'
import { REJECTIONS, type Rejection } from './rejection.ts'
import { FIRST_MESSAGE, originalOf } from './status-messages.ts'

/** What returns and reversals have in common. */
interface Asked {
  readonly kind: 'return' | 'reversal'
  readonly messageId: string
  readonly count: number
  /** How its sender calls it. */
  readonly id: string
  readonly originalUetr: string | undefined
  readonly amount: Money
  readonly originalAmount: Money | undefined
}

/**
 * pacs.004: the payee's bank gives money back. Nobody has to agree to get his own money, so it settles at once.
 */
export function receiveReturn(context: ClearingContext, sender: Participant, message: PaymentReturnMessage): Received {
  const [one] = message.returns
  invariant(one !== undefined, 'a message has a return')
  const { returnId, originalUetr, amount, originalAmount } = one
  const asked: Asked = {
    ...{ kind: 'return', messageId: message.messageId, count: message.returns.length, id: returnId },
    ...{ originalUetr, amount, originalAmount },
  }
  return receiveGivingBack(context, sender, asked, (original, to, messageId) => ({
    kind: 'payment_return',
    value: {
      ...{ ...message, messageId, createdAt: context.set.batch.at, from: context.member, to },
      returns: [{ ...one, ...originalOf(original) }],
    },
  }))
}

/** pacs.007: the payer's bank asks for money back that its own system sent by mistake. The payee's bank has to say yes. */
export function receiveReversal(
  context: ClearingContext,
  sender: Participant,
  message: PaymentReversalMessage,
): Received {
  const [one] = message.reversals
  invariant(one !== undefined, 'a message has a reversal')
  const { originalUetr, amount, originalAmount } = one
  const asked: Asked = {
    ...{ kind: 'reversal', messageId: message.messageId, count: message.reversals.length },
    ...{ id: one.reversalId ?? message.messageId, originalUetr, amount, originalAmount },
  }
  return receiveGivingBack(context, sender, asked, (original, to, messageId) => ({
    kind: 'payment_reversal',
    value: {
      ...{ ...message, messageId, createdAt: context.set.batch.at, from: context.member, to },
      reversals: [{ ...one, ...originalOf(original, original.forwardedAs ?? original.messageId) }],
    },
  }))
}

function receiveGivingBack(
  context: ClearingContext,
  sender: Participant,
  asked: Asked,
  passedOn: (original: Payment, to: string, messageId: string) => IsoMessage,
): Received {
  const { set, payments, references } = context
  const { kind, messageId, id, originalUetr, amount, originalAmount } = asked
  const reference = `${kind}:${sender.member}:${id}`
  const byMessage = messageKey(sender.member, messageId)
  payments.need(reference)
  references.need(byMessage)
  if (originalUetr !== undefined) payments.need(originalUetr)
  const before = payments.get(reference)
  if (before !== undefined) {
    const same = before.amountMinor === amount.minor && before.original === originalUetr
    if (!same) return reject('message_id_reused', undefined)
    context.tell(sender.member, before)
    return { result: 'repeated' }
  }
  const original = originalUetr === undefined ? undefined : payments.get(originalUetr)
  if (references.get(byMessage) !== undefined) return reject('message_id_reused', original)
  if (asked.count !== 1) return reject('not_one_transaction', original)
  const by = kind === 'return' ? 'payee' : 'payer'
  const decided = decideGivingBack({ original, by, sender: sender.member, amount, originalAmount })
  if (!decided.ok) return reject(decided.error, original)
  const transfer = decided.value
  const now = set.batch.at
  const payment: Payment = {
    ...{ reference, id: set.newId(0), kind, original: transfer.reference, sender: sender.member },
    ...{ payer: transfer.payee, payee: transfer.payer },
    ...{ answerer: kind === 'return' ? transfer.payer : transfer.payee, forwardedAs: context.nextMessageId() },
    ...known(transfer),
    ...{ amountMinor: amount.minor, returnedMinor: 0n, mode: 'gross', state: 'forwarded', reason: null, hold: null },
    ...{ window: null, receivedAt: now, dueAt: now + ANSWER_WITHIN, endedAt: null },
  }
  const reserved = context.reserve(payment)
  if (!reserved.ok) return reject(reserved.error, transfer)
  const settled = kind === 'return' ? context.settle(reserved.value) : reserved
  invariant(settled.ok, 'what was just set aside can be moved')
  payments.put(transfer.reference, { ...transfer, returnedMinor: transfer.returnedMinor + amount.minor })
  payments.put(reference, settled.value)
  references.put(byMessage, reference)
  const { answerer, forwardedAs } = settled.value
  invariant(forwardedAs !== null, 'it is passed on')
  context.send(answerer, passedOn(transfer, answerer, forwardedAs))
  if (kind === 'return') {
    context.tell(sender.member, settled.value)
    return { result: 'settled' }
  }
  references.put(needed(forwardedKey(forwardedAs)), reference)
  return { result: 'forwarded' }

  function needed(key: string): string {
    references.need(key)
    return key
  }

  /** Its message is its own; the rest of its references are those of the transfer. */
  function known(transfer: Payment | undefined) {
    return {
      ...{ messageId, message: FIRST_MESSAGE[kind], instructionId: id, uetr: originalUetr ?? '' },
      endToEndId: transfer?.endToEndId ?? null,
      transactionId: transfer?.transactionId ?? null,
    }
  }

  function reject(why: Rejection, transfer: Payment | undefined): Received {
    context.tellRejected(sender.member, known(transfer), REJECTIONS[why], why)
    return { result: 'rejected', reason: why }
  }
}
