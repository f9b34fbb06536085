import type { CreditTransferMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import { PAYMENT_TABLE, type Payment } from './payment.ts'
import type { Received } from './received.ts'
import { REJECTIONS } from './rejection.ts'
import { FIRST_MESSAGE } from './status-messages.ts'
import { decideTransfer } from './transfer-decide.ts'

/** How long the payee's bank may take to answer before the clearing house says no for it, µs. */
export const ANSWER_WITHIN = 20_000_000

export function messageKey(sender: string, messageId: string): string {
  return `message:${sender}:${messageId}`
}

function endToEndKey(sender: string, endToEndId: string): string {
  return `end_to_end:${sender}:${endToEndId}`
}

/** Some senders have no reference of their customer's; ISO 20022 has them say so. */
const NO_END_TO_END_ID = 'NOTPROVIDED'

/** pacs.008: sets the payer's money aside and asks the payee's bank. */
export function receiveTransfer(
  context: ClearingContext,
  sender: Participant,
  message: CreditTransferMessage,
): Received {
  const { set, payments, references, participants } = context
  const [transfer] = message.transfers
  invariant(transfer !== undefined, 'a message has a transfer')
  const { uetr, endToEndId, creditorAgent, amount } = transfer
  const byMessage = messageKey(sender.member, message.messageId)
  const byEndToEnd = endToEndKey(sender.member, endToEndId)
  payments.need(uetr)
  references.need(byMessage)
  references.need(byEndToEnd)
  participants.need(creditorAgent)
  const decided = decideTransfer({
    ...{ transfer, count: message.transfers.length, sender, payee: participants.get(creditorAgent) },
    ...{ sameUetr: payments.get(uetr), sameMessageId: references.get(byMessage) },
    sameEndToEndId: endToEndId === NO_END_TO_END_ID ? undefined : references.get(byEndToEnd),
  })
  const known = {
    ...{ messageId: message.messageId, message: FIRST_MESSAGE.transfer, uetr, endToEndId },
    ...{ instructionId: transfer.instructionId ?? null, transactionId: transfer.transactionId ?? null },
  }
  if (!decided.ok) {
    // What cannot become a row of its own (its references are another's, or its parties are not known) is told and not kept.
    context.tellRejected(sender.member, known, REJECTIONS[decided.error], decided.error)
    return { result: 'rejected', reason: decided.error }
  }
  const taken = decided.value
  if (taken.taken === 'repeat') {
    const { repeated } = taken
    invariant(PAYMENT_TABLE[repeated.state].repeated === 'tell', 'a repeat changes nothing')
    context.tell(sender.member, repeated)
    return { result: 'repeated' }
  }
  const now = set.batch.at
  const payment: Payment = {
    ...{ reference: uetr, id: set.newId(0), kind: 'transfer', original: null, ...known },
    ...{ sender: sender.member, payer: sender.member, payee: creditorAgent, answerer: creditorAgent },
    ...{ forwardedAs: context.nextMessageId(), amountMinor: amount.minor, returnedMinor: 0n },
    ...{ mode: taken.mode, state: 'forwarded', reason: null, hold: null, window: null },
    ...{ receivedAt: now, dueAt: now + ANSWER_WITHIN, endedAt: null },
  }
  const reserved = context.reserve(payment)
  references.put(byMessage, uetr)
  if (endToEndId !== NO_END_TO_END_ID) references.put(byEndToEnd, uetr)
  if (!reserved.ok) {
    const rejected: Payment = {
      ...{ ...payment, forwardedAs: null, state: 'rejected', reason: REJECTIONS[reserved.error], endedAt: now },
    }
    payments.put(uetr, rejected)
    context.tell(sender.member, rejected)
    return { result: 'rejected', reason: reserved.error }
  }
  payments.put(uetr, reserved.value)
  context.send(creditorAgent, {
    kind: 'credit_transfer',
    value: {
      ...message,
      ...{ messageId: payment.forwardedAs ?? '', createdAt: now, from: context.member, to: creditorAgent },
    },
  })
  return { result: 'forwarded' }
}
