import { invariant, type Micros } from '@huitong/kernel'
import { askAfter } from './order.ts'

export const REFUND_STATES = ['sent', 'unknown', 'settled', 'rejected'] as const
type RefundState = (typeof REFUND_STATES)[number]

/** What goes back of a card's payment to the account that it came from. */
export interface CardRefund {
  /** UETR of the payment, and our number of the return: as the clearing house knows it. */
  readonly reference: string
  readonly id: number
  readonly uetr: string
  readonly amountMinor: bigint
  readonly state: RefundState
  readonly reason: string | null
  readonly messageId: string
  /** It was rejected when the wallet could not take it: it waits in suspense. */
  readonly inSuspense: boolean
  readonly contradicted: boolean
  readonly askings: number
  readonly madeAt: Micros
  readonly dueAt: Micros
  readonly endedAt: Micros | null
}

/** Our number of a return: ISO 20022 calls it the return's id. */
export function returnIdOf(id: number): string {
  return `R${id}`
}

export function refundReference(uetr: string, returnId: string): string {
  return `${uetr}:${returnId}`
}

export function isRefundOpen({ state }: Pick<CardRefund, 'state'>): boolean {
  return state === 'sent' || state === 'unknown'
}

export function newRefund(id: number, uetr: string, amountMinor: bigint, messageId: string, now: Micros): CardRefund {
  return {
    ...{
      reference: refundReference(uetr, returnIdOf(id)),
      id,
      uetr,
      amountMinor,
      state: 'sent',
      reason: null,
      messageId,
    },
    ...{ inSuspense: false, contradicted: false, askings: 0, madeAt: now, dueAt: now + askAfter(0), endedAt: null },
  }
}

export function assertRefund(refund: CardRefund): CardRefund {
  const { amountMinor, state, reason, endedAt } = refund
  invariant(amountMinor > 0n, 'a refund is of something')
  invariant((state === 'rejected') === (reason !== null), 'a rejected refund says why, and no other')
  invariant(isRefundOpen(refund) === (endedAt === null), 'what has ended has a time')
  return refund
}
