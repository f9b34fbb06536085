import type { CurrencyCode } from '@huitong/kernel'
import type { TenderPart } from '@huitong/payments'
import type { EscrowRefusalCode } from './escrow-refusals.ts'

/*
 * A guaranteed trade: the buyer pays, the institution holds the money, and the merchant gets it when the goods have come.
 *
 *     awaiting_payment ──pay──► awaiting_shipment ⇄ awaiting_confirmation ──► completed
 *            │                        │ ship a part or all    │ confirm, silence, agreement, judgement
 *            └──close, expire──► closed ◄──cancel, not shipped in time, all given back
 *
 * Once paid, the state follows from where the money is, so it cannot disagree with it.
 */

/** Public ids of escrow trades begin with it. */
export const ESCROW_TRADE_ID = 'esct'

export const ESCROW_STATES = [
  'awaiting_payment',
  'awaiting_shipment',
  'awaiting_confirmation',
  'completed',
  'closed',
] as const
export type EscrowState = (typeof ESCROW_STATES)[number]

/** Why nothing of a trade reached the merchant. */
export const ESCROW_CLOSING_CAUSES = ['closed_by_merchant', 'expired', 'cancelled', 'not_shipped', 'returned'] as const
export type EscrowClosingCause = (typeof ESCROW_CLOSING_CAUSES)[number]

export interface EscrowTrade {
  readonly id: number
  readonly merchant: number
  /** The merchant's own number, unique among its escrow trades. */
  readonly orderNumber: string
  readonly buyer: number
  readonly subject: string
  readonly currency: CurrencyCode
  readonly totalMinor: bigint
  readonly state: EscrowState
  readonly closingCause: EscrowClosingCause | null
  /** 0 or the total. Always the sum of the five below. */
  readonly paidMinor: bigint
  /** Held, and the merchant has not shipped anything for it. */
  readonly unshippedMinor: bigint
  /** Held, shipped, and the buyer has neither confirmed nor disputed it. */
  readonly openMinor: bigint
  /** Held and frozen by disputes. */
  readonly disputedMinor: bigint
  /** Gone to the merchant. */
  readonly releasedMinor: bigint
  /** Gone back to the buyer out of what was held. */
  readonly returnedMinor: bigint
  /** What paid it and what went back to it; null while it is not paid, and when the balance alone paid it. */
  readonly tenders: readonly TenderPart[] | null
  /** Rate of the payment's time, in millionths; the fee is charged on what is released. */
  readonly feeRateMillionths: number
  readonly feeMinor: bigint
  /** What the merchant gave back after completion, and what of the fee came back with it. */
  readonly refundedMinor: bigint
  readonly feeReturnedMinor: bigint
  /** Number of steps so far; each has its own number, from 1. */
  readonly steps: number
  /** Times in µs. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly paidAt: number | null
  /** Until when the merchant can ship; set by the payment. */
  readonly shipBy: number | null
  readonly endedAt: number | null
  /** When time itself does the next step, if nobody does one before. Null when nothing waits for time. */
  readonly dueAt: number | null
}

export const ACTOR_KINDS = ['buyer', 'merchant', 'staff', 'time'] as const
export type ActorKind = (typeof ACTOR_KINDS)[number]

/** What can be done to a trade outside its disputes, and by whom. */
export const TRADE_ACTIONS = {
  pay: ['buyer'],
  close: ['merchant'],
  cancel: ['buyer', 'merchant'],
  ship: ['merchant'],
  confirm: ['buyer'],
  extend: ['buyer'],
  dispute: ['buyer'],
  refund: ['merchant'],
} as const satisfies Readonly<Record<string, readonly ActorKind[]>>
export type EscrowAction = keyof typeof TRADE_ACTIONS

const paid = 'trade_already_paid'
const unpaid = 'trade_not_paid'
const completed = 'trade_already_completed'
const closed = 'trade_already_closed'

/** Every action in every state: null when it may be done there, else why not. */
export const ESCROW_TABLE: Readonly<Record<EscrowState, Readonly<Record<EscrowAction, EscrowRefusalCode | null>>>> = {
  awaiting_payment: {
    ...{ pay: null, close: null, cancel: unpaid, ship: unpaid },
    ...{ confirm: unpaid, extend: unpaid, dispute: unpaid, refund: unpaid },
  },
  awaiting_shipment: {
    ...{ pay: paid, close: paid, cancel: null, ship: null },
    ...{
      confirm: 'nothing_shipped',
      extend: 'nothing_shipped',
      dispute: 'nothing_shipped',
      refund: 'trade_not_completed',
    },
  },
  awaiting_confirmation: {
    ...{ pay: paid, close: paid, cancel: null, ship: null },
    ...{ confirm: null, extend: null, dispute: null, refund: 'trade_not_completed' },
  },
  completed: {
    ...{ pay: completed, close: completed, cancel: completed, ship: completed },
    ...{ confirm: completed, extend: completed, dispute: completed, refund: null },
  },
  closed: {
    ...{ pay: closed, close: closed, cancel: closed, ship: closed },
    ...{ confirm: closed, extend: closed, dispute: closed, refund: closed },
  },
}

/** All that went back to the buyer's side, before the merchant had it and after. */
export function backMinor(trade: EscrowTrade): bigint {
  return trade.returnedMinor + trade.refundedMinor
}

/** What the institution holds of a trade's money. */
export function heldMinor(trade: EscrowTrade): bigint {
  return trade.unshippedMinor + trade.openMinor + trade.disputedMinor
}
