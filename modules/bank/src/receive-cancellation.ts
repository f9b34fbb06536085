import type { CancellationRequestMessage, ResolutionMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { BankContext } from './context.ts'
import { giveBack } from './give-back.ts'
import { originalOf } from './messages.ts'
import type { CancellationState, Payment } from './payment.ts'

/** Mistakes of the other bank, which it may have back without anybody's judgement while the money is there. */
const PLAIN_MISTAKES: ReadonlySet<string> = new Set(['DUPL', 'TECH', 'AM09', 'CUTA'])

/** camt.056: the other bank wants its money back. A plain mistake is put right at once; all else waits for somebody to decide. */
export function receiveCancellation(context: BankContext, message: CancellationRequestMessage): string {
  const { payments } = context
  const [asked] = message.cancellations
  invariant(asked !== undefined, 'a request names what it is about')
  const uetr = asked.originalUetr ?? ''
  payments.need(uetr)
  const payment = payments.get(uetr)
  if (payment === undefined || payment.way !== 'in' || payment.state !== 'settled') {
    const {
      cancellationId: _,
      originalAmount: __,
      originalDay: ___,
      reason: ____,
      reasonText: _____,
      ...original
    } = asked
    context.tell({
      kind: 'resolution',
      value: {
        ...{ ...context.identity(), confirmation: 'RJCR' },
        resolved: [{ ...original, status: 'RJCR', reason: payment === undefined ? 'NOOR' : 'ARJR' }],
      },
    })
    return 'unknown_original'
  }
  if (PLAIN_MISTAKES.has(asked.reason) && returnAll(context, payment)) return 'accepted'
  resolve(context, { ...payment, cancellation: 'pending' }, 'pending')
  return 'pending'
}

/** Says yes and sends the money, if it is there. */
export function returnAll(context: BankContext, payment: Payment): boolean {
  const amountMinor = payment.amountMinor - payment.returnedMinor
  if (amountMinor <= 0n) return false
  // Yes first: the money comes after the word that it comes.
  const before = context.set.savepoint()
  resolve(context, { ...payment, cancellation: 'accepted' }, 'accepted')
  const transfer: Payment = { ...payment, cancellation: 'accepted' }
  const given = giveBack(context, { kind: 'return', transfer, amountMinor, reason: 'FOCR' })
  if (!given.ok) context.set.rollbackTo(before)
  return given.ok
}

const CONFIRMATION = { pending: 'PDCR', accepted: 'IPAY', refused: 'RJCR' } as const
const STATUS = { pending: 'PDCR', accepted: 'ACCR', refused: 'RJCR' } as const

/** camt.029, and the row as it then stands. */
export function resolve(
  context: BankContext,
  payment: Payment,
  state: Exclude<CancellationState, 'asked'>,
  reason?: string,
): void {
  context.payments.put(payment.reference, { ...payment, cancellation: state })
  context.tell({
    kind: 'resolution',
    value: {
      ...{ ...context.identity(), confirmation: CONFIRMATION[state] },
      resolved: [{ ...originalOf(payment), status: STATUS[state], ...(reason === undefined ? {} : { reason }) }],
    },
  })
}

/** camt.029: the answer to our own request. The money, if there is any, comes as a return. */
export function receiveResolution(context: BankContext, message: ResolutionMessage): string {
  const { payments } = context
  const [resolved] = message.resolved
  invariant(resolved !== undefined, 'a resolution names what it is about')
  const uetr = resolved.originalUetr ?? ''
  payments.need(uetr)
  const payment = payments.get(uetr)
  if (payment === undefined || payment.way !== 'out' || payment.cancellation === null) return 'unknown_original'
  if (payment.cancellation === 'accepted' || payment.cancellation === 'refused') return 'ignored'
  const cancellation =
    resolved.status === 'ACCR' ? 'accepted' : resolved.status === 'RJCR' ? 'refused' : ('pending' as const)
  payments.put(uetr, { ...payment, cancellation })
  return cancellation
}
