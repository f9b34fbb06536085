import { type CurrencyCode, invariant } from '@huitong/kernel'
import type { TenderPart } from './tender.ts'
import { assertParts } from './tender-decide.ts'
import type { PaymentRefusalCode } from './trade-refusals.ts'

/*
 * A trade is a customer's purchase from a merchant. It begins when its buyer is known: an order code that nobody scanned is not a
 * trade yet.
 *
 *     awaiting_payment ──pay──► paid ──refund of a part──► paid
 *            │                   ├──refund of the rest, cancel──► closed
 *            │                   └──time for refunds over──► finished
 *            └──close, cancel, time to pay over──► closed
 *
 * Where risk wants more, a trade that is being paid waits first:
 *
 *     awaiting_payment ──challenge──► awaiting_proof ──pay, proved──► paid
 *            ▲                            └──hold──► held
 *            └──time to prove over────────┘
 *     awaiting_payment ──hold──► held ──release──► paid
 *                                 └──refuse, close, cancel, time over──► closed
 */

export const TRADE_STATES = ['awaiting_payment', 'awaiting_proof', 'held', 'paid', 'closed', 'finished'] as const
export type TradeState = (typeof TRADE_STATES)[number]

export const TRADE_ACTIONS = [
  ...(['pay', 'challenge', 'hold', 'release', 'refuse', 'resume'] as const),
  ...(['close', 'cancel', 'expire', 'refund_part', 'refund_rest', 'finish'] as const),
] as const
export type TradeAction = (typeof TRADE_ACTIONS)[number]

/** Why a trade is closed; null while it is not. */
export const CLOSING_CAUSES = ['closed_by_merchant', 'cancelled', 'expired', 'refunded', 'refused'] as const
export type ClosingCause = (typeof CLOSING_CAUSES)[number]

/**
 * What the merchant said about the order and gets back unread. Nothing is decided on it but what discount-terms.ts reads (which part may be
 * discounted, which goods it has, and which tenders the merchant does not take), and deferral.ts: when the payment is settled.
 */
export const TRADE_DETAILS = [
  'application',
  'body',
  'discountable',
  'goods',
  'notify_url',
  'operator',
  'passback',
  'product',
  'quit_url',
  'return_url',
  'settlement',
  'store',
  'terminal',
  'without_tenders',
] as const
export type TradeDetail = (typeof TRADE_DETAILS)[number]
export type TradeDetails = Readonly<Partial<Record<TradeDetail, string>>>

export interface Trade {
  readonly id: number
  readonly merchant: number
  /** The merchant's own number, unique per merchant. */
  readonly orderNumber: string
  readonly buyer: number
  readonly subject: string
  readonly details: TradeDetails
  readonly currency: CurrencyCode
  readonly totalMinor: bigint
  readonly state: TradeState
  readonly closingCause: ClosingCause | null
  /** 0 or the total. */
  readonly paidMinor: bigint
  readonly refundedMinor: bigint
  /** What paid it and what went back to it; null while it is not paid, and when the balance alone paid it. */
  readonly tenders: readonly TenderPart[] | null
  /** What the institution took from the merchant for this payment, and gave back with refunds. */
  readonly feeMinor: bigint
  readonly feeReturnedMinor: bigint
  /** Times in µs. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly paidAt: number | null
  /** When the time for refunds is over; set by the payment. */
  readonly refundableUntil: number | null
  readonly endedAt: number | null
  /** The newest check of its payment, where risk wanted one. */
  readonly riskCheck: number | null
}

export type Transition = { readonly to: TradeState } | { readonly refuse: PaymentRefusalCode }

const paidAlready = { refuse: 'trade_already_paid' } as const
const closedAlready = { refuse: 'trade_already_closed' } as const
const finishedAlready = { refuse: 'trade_already_finished' } as const
const notPaid = { refuse: 'trade_not_paid' } as const
const heldNow = { refuse: 'payment_held' } as const
const noCheck = { refuse: 'risk_check_over' } as const
/** Of a trade whose payment nobody looks at: what ends a check has nothing to end. */
const unchecked = { release: noCheck, refuse: noCheck, resume: noCheck } as const

/** Every action in every state: where it leads or why not. */
export const TRADE_TRANSITIONS: Readonly<Record<TradeState, Readonly<Record<TradeAction, Transition>>>> = {
  awaiting_payment: {
    pay: { to: 'paid' },
    challenge: { to: 'awaiting_proof' },
    hold: { to: 'held' },
    ...unchecked,
    close: { to: 'closed' },
    cancel: { to: 'closed' },
    expire: { to: 'closed' },
    refund_part: notPaid,
    refund_rest: notPaid,
    finish: notPaid,
  },
  awaiting_proof: {
    pay: { to: 'paid' },
    // Asked for more, or asked anew.
    challenge: { to: 'awaiting_proof' },
    hold: { to: 'held' },
    release: noCheck,
    refuse: { to: 'closed' },
    resume: { to: 'awaiting_payment' },
    close: { to: 'closed' },
    cancel: { to: 'closed' },
    expire: { to: 'closed' },
    refund_part: notPaid,
    refund_rest: notPaid,
    finish: notPaid,
  },
  held: {
    pay: heldNow,
    challenge: heldNow,
    hold: heldNow,
    release: { to: 'paid' },
    refuse: { to: 'closed' },
    resume: heldNow,
    // The merchant may give up: the money goes back, as it would if the payment were refused.
    close: { to: 'closed' },
    cancel: { to: 'closed' },
    // It was paid in time; how long it is looked at has a term of its own.
    expire: heldNow,
    refund_part: notPaid,
    refund_rest: notPaid,
    finish: notPaid,
  },
  paid: {
    pay: paidAlready,
    challenge: paidAlready,
    hold: paidAlready,
    ...unchecked,
    close: paidAlready,
    cancel: { to: 'closed' },
    expire: paidAlready,
    refund_part: { to: 'paid' },
    refund_rest: { to: 'closed' },
    finish: { to: 'finished' },
  },
  closed: {
    pay: closedAlready,
    challenge: closedAlready,
    hold: closedAlready,
    ...unchecked,
    close: closedAlready,
    // Cancelling says "this must not be paid", which is so.
    cancel: { to: 'closed' },
    expire: closedAlready,
    refund_part: closedAlready,
    refund_rest: closedAlready,
    finish: closedAlready,
  },
  finished: {
    pay: finishedAlready,
    challenge: finishedAlready,
    hold: finishedAlready,
    ...unchecked,
    close: finishedAlready,
    cancel: finishedAlready,
    expire: finishedAlready,
    refund_part: finishedAlready,
    refund_rest: finishedAlready,
    finish: finishedAlready,
  },
}

/** Not paid yet, and still may be. */
export function isUnpaid(state: TradeState): boolean {
  return state === 'awaiting_payment' || state === 'awaiting_proof' || state === 'held'
}

/** What is left to refund. */
export function refundableMinor(trade: Trade): bigint {
  return trade.paidMinor - trade.refundedMinor
}

/** Holds for every trade at every time; the constraints of the table are its pair. */
export function assertTrade(trade: Trade): Trade {
  const { totalMinor, paidMinor, refundedMinor, feeMinor, feeReturnedMinor, state } = trade
  const name = `trade ${trade.id}`
  invariant(totalMinor > 0n, `${name}: a total that is not positive`)
  invariant(paidMinor === 0n || paidMinor === totalMinor, `${name}: paid in part`)
  invariant(refundedMinor >= 0n && refundedMinor <= paidMinor, `${name}: more refunded than paid`)
  invariant(feeMinor >= 0n && feeMinor <= paidMinor, `${name}: a fee above the payment`)
  invariant(feeReturnedMinor >= 0n && feeReturnedMinor <= feeMinor, `${name}: more fee returned than charged`)
  invariant((trade.paidAt === null) === (paidMinor === 0n), `${name}: paid without a time, or the reverse`)
  invariant((trade.paidAt === null) === (trade.refundableUntil === null), `${name}: paid without a time for refunds`)
  invariant((trade.closingCause === null) === (state !== 'closed'), `${name}: closed without a cause, or the reverse`)
  if (trade.tenders !== null) assertParts(name, trade.tenders, paidMinor, refundedMinor)
  switch (state) {
    case 'awaiting_payment':
    case 'awaiting_proof':
    case 'held':
      invariant(paidMinor === 0n && trade.endedAt === null, `${name}: awaits payment and is paid or over`)
      invariant(state === 'awaiting_payment' || trade.riskCheck !== null, `${name}: looked at without a check`)
      break
    case 'paid':
      invariant(paidMinor > refundedMinor && trade.endedAt === null, `${name}: paid with nothing left, or over`)
      break
    case 'closed':
      invariant(paidMinor === refundedMinor && trade.endedAt !== null, `${name}: closed with money left`)
      invariant(feeMinor === feeReturnedMinor, `${name}: closed with a fee left`)
      break
    case 'finished':
      invariant(paidMinor > refundedMinor && trade.endedAt !== null, `${name}: finished with nothing left`)
      break
  }
  return trade
}
