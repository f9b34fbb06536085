import type { CancellationRequestMessage, ResolutionMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import { CANCELLATION_TABLE, type Cancellation } from './cancellation.ts'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import type { Payment } from './payment.ts'
import type { Received } from './received.ts'
import { originalOf } from './status-messages.ts'

/** Why a request to give money back goes no further than here: ExternalPaymentCancellationRejection1Code. */
const NOT_PASSED_ON = {
  original_unknown: 'NOOR',
  /** It was rejected: there is nothing to give back. */
  original_rejected: 'ARJR',
  /** It is with the payee's bank, and ends within seconds. */
  original_under_way: 'PTNA',
  /** All of it came back. */
  original_returned: 'ARDT',
} as const

/** camt.056: the payer's bank asks for settled money back. Only the payee's bank can say yes. */
export function receiveCancellation(
  context: ClearingContext,
  sender: Participant,
  message: CancellationRequestMessage,
): Received {
  const { payments, cancellations } = context
  const [asked] = message.cancellations
  invariant(asked !== undefined, 'a request names what it is about')
  const uetr = asked.originalUetr ?? ''
  payments.need(uetr)
  cancellations.need(uetr)
  const payment = payments.get(uetr)
  if (payment === undefined || payment.payer !== sender.member) return refuse('original_unknown')
  if (payment.state === 'rejected') return refuse('original_rejected')
  if (payment.state === 'forwarded') return refuse('original_under_way')
  if (payment.returnedMinor === payment.amountMinor) return refuse('original_returned')
  const before = cancellations.get(uetr)
  if (before !== undefined && before.state !== 'refused') {
    // Asked again while it is open, or after a yes: the payee's bank has it, and asking twice does not help.
    answer(before.state === 'accepted' ? 'accepted' : 'pending', undefined)
    return { result: 'repeated' }
  }
  const cancellation: Cancellation = {
    ...{ key: uetr, payment: uetr, asker: sender.member, answerer: payment.payee, messageId: message.messageId },
    ...{ state: 'asked', reason: null, askedAt: context.set.batch.at, answeredAt: null },
  }
  cancellations.put(uetr, cancellation)
  context.send(payment.payee, {
    kind: 'cancellation_request',
    value: {
      ...context.identity(payment.payee),
      cancellations: [{ ...asked, ...originalOf(payment, payment.forwardedAs ?? payment.messageId) }],
    },
  })
  return { result: 'passed_on' }

  function refuse(why: keyof typeof NOT_PASSED_ON): Received {
    answer('refused', NOT_PASSED_ON[why])
    return { result: why === 'original_unknown' ? 'unknown_original' : 'rejected' }
  }

  function answer(state: 'pending' | 'accepted' | 'refused', reason: string | undefined): void {
    if (asked === undefined) return
    const {
      cancellationId: _,
      originalAmount: __,
      originalDay: ___,
      reason: ____,
      reasonText: _____,
      ...original
    } = asked
    context.send(sender.member, {
      kind: 'resolution',
      value: {
        ...context.identity(sender.member),
        confirmation: CONFIRMATION[state],
        resolved: [{ ...original, status: RESOLVED[state], ...(reason === undefined ? {} : { reason }) }],
      },
    })
  }
}

const CONFIRMATION = { pending: 'PDCR', accepted: 'IPAY', refused: 'RJCR' } as const
const RESOLVED = { pending: 'PDCR', accepted: 'ACCR', refused: 'RJCR' } as const

/** camt.029: what the payee's bank says to it. The money comes as a return of its own. */
export function receiveResolution(context: ClearingContext, sender: Participant, message: ResolutionMessage): Received {
  const { payments, cancellations } = context
  const [resolved] = message.resolved
  invariant(resolved !== undefined, 'a resolution names what it is about')
  const uetr = resolved.originalUetr ?? ''
  payments.need(uetr)
  cancellations.need(uetr)
  const payment = payments.get(uetr)
  const cancellation = cancellations.get(uetr)
  if (payment === undefined || cancellation === undefined || cancellation.answerer !== sender.member) {
    context.rejectMessage(sender.member, message.messageId, 'ORIGINAL', 'nobody asked the sender to give this back')
    return { result: 'unknown_original' }
  }
  const state = resolutionState(message.confirmation, resolved.status)
  if (!CANCELLATION_TABLE[cancellation.state][state]) return { result: 'ignored' }
  const reason = state === 'refused' ? (resolved.reason ?? 'NARR') : null
  cancellations.put(uetr, { ...cancellation, state, reason, answeredAt: context.set.batch.at })
  context.send(cancellation.asker, {
    kind: 'resolution',
    value: {
      ...context.identity(cancellation.asker),
      confirmation: message.confirmation,
      resolved: [{ ...resolved, ...knownToAsker(payment) }],
    },
  })
  return { result: 'passed_on' }
}

function knownToAsker(payment: Payment) {
  return originalOf(payment)
}

/** The transaction's own word goes before the message's. */
function resolutionState(confirmation: string, status: string | undefined): 'pending' | 'accepted' | 'refused' {
  if (status === 'ACCR') return 'accepted'
  if (status === 'RJCR') return 'refused'
  if (status === 'PDCR') return 'pending'
  if (confirmation === 'RJCR') return 'refused'
  return confirmation === 'IPAY' || confirmation === 'CNCL' ? 'accepted' : 'pending'
}
