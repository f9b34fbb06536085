import { type CancellationRequestMessage, PAYMENT_REVERSAL, type PaymentReversalMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { ChannelContext } from './context.ts'
import { tellStatus } from './order-messages.ts'

/*
 * Banks that want money of top-ups back. It is the customer's, who asked for it with a code in hand: the answer is no, and who was wronged goes
 * to the customer or to court.
 */

/** camt.056, answered with camt.029. */
export function receiveCancellation(context: ChannelContext, message: CancellationRequestMessage): string {
  const [asked] = message.cancellations
  invariant(asked !== undefined, 'a request names what it is about')
  const {
    cancellationId: _,
    originalAmount: __,
    originalDay: ___,
    reason: ____,
    reasonText: _____,
    ...original
  } = asked
  const uetr = asked.originalUetr ?? ''
  context.orders.need(uetr)
  const known = context.orders.get(uetr) !== undefined
  context.tell({
    kind: 'resolution',
    value: {
      ...{ ...context.identity(), confirmation: 'RJCR' },
      resolved: [{ ...original, status: 'RJCR', reason: known ? 'CUST' : 'NOOR' }],
    },
  })
  return known ? 'refused' : 'unknown_original'
}

/** pacs.007, answered with pacs.002. */
export function receiveReversal(context: ChannelContext, message: PaymentReversalMessage): string {
  const [one] = message.reversals
  invariant(one !== undefined, 'a message has a reversal')
  const id = one.reversalId ?? message.messageId
  const original = {
    ...{ originalMessageId: message.messageId, originalMessage: PAYMENT_REVERSAL.message, originalInstructionId: id },
    ...(one.originalUetr === undefined ? {} : { originalUetr: one.originalUetr }),
  }
  tellStatus(context, original, 'AG01')
  return 'rejected'
}
