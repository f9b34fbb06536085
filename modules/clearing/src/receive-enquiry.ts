import type { StatusRequestMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import type { Payment } from './payment.ts'
import { messageKey } from './receive-transfer.ts'
import type { Received } from './received.ts'
import { REJECTIONS } from './rejection.ts'
import { FIRST_MESSAGE } from './status-messages.ts'

/** Stands for the payment of a message that was asked about before it came. */
const NEVER_CAME = 'never_came'

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
    if (request.originalMessage === FIRST_MESSAGE.transfer) spend(context, sender.member, request.originalMessageId)
    context.tellRejected(sender.member, known, REJECTIONS.original_unknown, 'original_unknown')
    return { result: 'unknown_original' }
  }
  context.tell(sender.member, payment)
  return { result: 'told' }
}

/**
 * Whoever is told that a payment is rejected gives its money back. So the message must not come after that: its id is used up, and a transfer
 * that overtook or lost its way is rejected when it arrives.
 */
function spend({ references }: ClearingContext, asker: string, messageId: string): void {
  const key = messageKey(asker, messageId)
  if (references.get(key) === undefined) references.put(key, NEVER_CAME)
}

/** By the asker's own message first, since returns and reversals share the UETR of their transfer. */
function askedAbout(
  { payments, references }: ClearingContext,
  asker: string,
  { originalMessageId, originalUetr }: StatusRequestMessage['requests'][number],
): Payment | undefined {
  const key = messageKey(asker, originalMessageId)
  references.need(key)
  const own = references.get(key)
  const reference = own === undefined || own === NEVER_CAME ? originalUetr : own
  if (reference === undefined) return undefined
  payments.need(reference)
  return payments.get(reference)
}
