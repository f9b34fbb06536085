import type { StatusReport, StatusReportMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import { PAYMENT_TABLE, type Payment, type PaymentEvent } from './payment.ts'
import type { Received } from './received.ts'
import { REJECTIONS } from './rejection.ts'
import { FIRST_MESSAGE } from './status-messages.ts'

/** What a status report says to a payment that waits for it. Words that say neither yes nor no leave it waiting. */
function answerEvent(status: string): PaymentEvent {
  if (status === 'RJCT' || status === 'CANC' || status === 'BLCK') return 'refused'
  return ACCEPTING.has(status) ? 'accepted' : 'pending'
}

/** The payee's bank will take it, whether or not it has posted it yet. */
const ACCEPTING: ReadonlySet<string> = new Set(['ACTC', 'ACCP', 'ACSP', 'ACSC', 'ACWC', 'ACWP', 'ACCC'])

export function forwardedKey(messageId: string): string {
  return `forwarded:${messageId}`
}

/** pacs.002: the answer of the side that was asked. */
export function receiveAnswer(
  context: ClearingContext,
  sender: Participant,
  { messageId, statuses }: StatusReportMessage,
): Received {
  const [answer] = statuses
  invariant(answer !== undefined, 'a status report has a status')
  const payment = answeredPayment(context, answer)
  if (payment === undefined || payment.answerer !== sender.member) {
    context.rejectMessage(sender.member, messageId, 'ORIGINAL', 'it answers nothing that was asked of the sender')
    return { result: 'unknown_original' }
  }
  return applyEvent(context, payment, answerEvent(answer.status), answer.reason ?? 'NARR')
}

/** A transfer is found by its UETR. Reversals have that of their transfer, and are found by our message that asked. */
function answeredPayment({ payments, references }: ClearingContext, answer: StatusReport): Payment | undefined {
  let reference = answer.originalUetr
  if (answer.originalMessage === FIRST_MESSAGE.reversal) {
    const key = forwardedKey(answer.originalMessageId)
    references.need(key)
    reference = references.get(key)
  }
  if (reference === undefined) return undefined
  payments.need(reference)
  return payments.get(reference)
}

/** Takes the step of the table. Both sides learn the end; who comes late learns it again. */
export function applyEvent(context: ClearingContext, payment: Payment, event: PaymentEvent, reason: string): Received {
  switch (PAYMENT_TABLE[payment.state][event]) {
    case 'ignore':
      return { result: 'ignored' }
    case 'tell':
      context.tell(payment.answerer, payment)
      return { result: 'told' }
    case 'reject':
      return end(context, rejected(context, payment, reason))
    case 'settle': {
      const settled = context.settle(payment)
      if (settled.ok) return end(context, settled.value)
      return { ...end(context, rejected(context, payment, REJECTIONS[settled.error])), reason: settled.error }
    }
  }
}

function rejected(context: ClearingContext, payment: Payment, reason: string): Payment {
  context.free(payment)
  // What a reversal would have taken can be taken again.
  if (payment.original !== null) {
    const { payments } = context
    payments.need(payment.original)
    const original = payments.get(payment.original)
    invariant(original !== undefined, 'a reversal has its transfer')
    payments.put(original.reference, { ...original, returnedMinor: original.returnedMinor - payment.amountMinor })
  }
  return { ...payment, state: 'rejected', reason, hold: null, endedAt: context.set.batch.at }
}

function end(context: ClearingContext, ended: Payment): Received {
  context.payments.put(ended.reference, ended)
  context.tell(ended.sender, ended)
  context.tell(ended.answerer, ended)
  return { result: ended.state === 'settled' ? 'settled' : 'rejected' }
}
