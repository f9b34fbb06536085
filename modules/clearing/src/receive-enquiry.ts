import type { StatusRequestMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import type { Payment } from './payment.ts'
import { messageKey } from './receive-transfer.ts'
import type { Received } from './received.ts'
import { REJECTIONS } from './rejection.ts'

/** pacs.028: how does it stand? Each side of a payment may ask as often as it likes; a payment that never came is said to be rejected. */
export function receiveEnquiry(context: ClearingContext, sender: Participant, message: StatusRequestMessage): Received {
  const [request] = message.requests
  invariant(request !== undefined, 'a question has something to ask about')
  const payment = askedAbout(context, sender.member, request)
  if (payment === undefined || ![payment.sender, payment.answerer].includes(sender.member)) {
    const known = {
      ...{ messageId: request.originalMessageId, message: request.originalMessage, uetr: request.originalUetr ?? '' },
      ...{ instructionId: request.originalInstructionId ?? null, endToEndId: request.originalEndToEndId ?? null },
      transactionId: request.originalTransactionId ?? null,
    }
    context.tellRejected(sender.member, known, REJECTIONS.original_unknown, 'original_unknown')
    return { result: 'unknown_original' }
  }
  context.tell(sender.member, payment)
  return { result: 'told' }
}

/** By the asker's own message first, since returns and reversals share the UETR of their transfer. */
function askedAbout(
  { payments, references }: ClearingContext,
  asker: string,
  { originalMessageId, originalUetr }: StatusRequestMessage['requests'][number],
): Payment | undefined {
  const key = messageKey(asker, originalMessageId)
  references.need(key)
  const reference = references.get(key) ?? originalUetr
  if (reference === undefined) return undefined
  payments.need(reference)
  return payments.get(reference)
}
