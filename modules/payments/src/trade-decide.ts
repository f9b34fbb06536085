import { ok, type Result } from '@huitong/kernel'
import { feeReturnMinor, paymentFeeMinor } from './fee.ts'
import { PAYMENT_MINOR_MAX, REFUND_WINDOW, WALLET_CURRENCY } from './limits.ts'
import type { TenderPart } from './tender.ts'
import { earnedMinor, returnedParts } from './tender-decide.ts'
import {
  assertTrade,
  type ClosingCause,
  refundableMinor,
  TRADE_TRANSITIONS,
  type Trade,
  type TradeAction,
  type TradeDetails,
} from './trade.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

/** What a merchant asks to be paid, before or after the buyer is known. */
export interface OrderTerms {
  readonly merchant: number
  readonly orderNumber: string
  readonly subject: string
  readonly details: TradeDetails
  readonly totalMinor: bigint
}

/** The parts of an order that may not change under one order number. */
function sameOrder(
  a: Pick<OrderTerms, 'totalMinor' | 'subject'>,
  b: Pick<OrderTerms, 'totalMinor' | 'subject'>,
): boolean {
  return a.totalMinor === b.totalMinor && a.subject === b.subject
}

export function decideAmount(totalMinor: bigint): Result<bigint, PaymentRefusal> {
  return totalMinor > 0n && totalMinor <= PAYMENT_MINOR_MAX ? ok(totalMinor) : refuse('amount_out_of_range')
}

/** A trade that waits for its buyer. `expiresAt` and `now` in µs. */
export function beginTrade(
  id: number,
  buyer: number,
  terms: OrderTerms,
  expiresAt: number,
  now: number,
): Result<Trade, PaymentRefusal> {
  const amount = decideAmount(terms.totalMinor)
  if (!amount.ok) return amount
  if (expiresAt <= now) return refuse('expiry_in_past')
  const { merchant, orderNumber, subject, details, totalMinor } = terms
  return ok(
    assertTrade({
      id,
      merchant,
      orderNumber,
      buyer,
      subject,
      details,
      currency: WALLET_CURRENCY,
      totalMinor,
      state: 'awaiting_payment',
      closingCause: null,
      paidMinor: 0n,
      refundedMinor: 0n,
      tenders: null,
      feeMinor: 0n,
      feeReturnedMinor: 0n,
      createdAt: now,
      expiresAt,
      paidAt: null,
      refundableUntil: null,
      endedAt: null,
      riskCheck: null,
    }),
  )
}

/** The trade as paid in full. Past its expiry it cannot be paid, though it counts as waiting until its closing is journaled. */
export function decidePayment(trade: Trade, feeRateMillionths: number, now: number): Result<Trade, PaymentRefusal> {
  const moved = move(trade, 'pay')
  if (!moved.ok) return moved
  if (trade.expiresAt <= now) return refuse('trade_expired')
  return ok(paid(trade, feeRateMillionths, now))
}

/** The trade as paid by money that was held while it was looked at. It was paid in time, however long that took. */
export function decideRelease(trade: Trade, feeRateMillionths: number, now: number): Result<Trade, PaymentRefusal> {
  const moved = move(trade, 'release')
  return moved.ok ? ok(paid(trade, feeRateMillionths, now)) : moved
}

/** The trade as it waits for a further proof, or for staff. */
export function decideChecking(
  trade: Trade,
  action: 'challenge' | 'hold',
  check: number,
): Result<Trade, PaymentRefusal> {
  const moved = move(trade, action)
  return moved.ok ? ok(assertTrade({ ...trade, state: moved.value, riskCheck: check })) : moved
}

/** The time to prove is over: it may be paid as before. */
export function decideResuming(trade: Trade): Result<Trade, PaymentRefusal> {
  const moved = move(trade, 'resume')
  return moved.ok ? ok(assertTrade({ ...trade, state: moved.value })) : moved
}

/** The payment was looked at and is not taken, or its payer took it back. */
export function decideRefusing(
  trade: Trade,
  cause: Extract<ClosingCause, 'refused' | 'cancelled'>,
  now: number,
): Result<Trade, PaymentRefusal> {
  const moved = move(trade, 'refuse')
  return moved.ok ? ok(closed(trade, cause, now)) : moved
}

function paid(trade: Trade, feeRateMillionths: number, now: number): Trade {
  return assertTrade({
    ...trade,
    state: 'paid',
    paidMinor: trade.totalMinor,
    feeMinor: paymentFeeMinor(trade.totalMinor, feeRateMillionths),
    paidAt: now,
    refundableUntil: now + REFUND_WINDOW,
  })
}

/**
 * The paid trade with what paid it. The fee is charged on what the merchant earns by it: the total less the discount that the merchant
 * itself gives.
 */
export function withTenders(paid: Trade, tenders: readonly TenderPart[] | null, feeRateMillionths: number): Trade {
  if (tenders === null) return paid
  const feeMinor = paymentFeeMinor(earnedMinor(tenders, paid.paidMinor), feeRateMillionths)
  return assertTrade({ ...paid, tenders, feeMinor })
}

/** A trade that was never paid, closed by its merchant or by time. */
export function decideClosing(trade: Trade, action: 'close' | 'expire', now: number): Result<Trade, PaymentRefusal> {
  const moved = move(trade, action)
  if (!moved.ok) return moved
  if (action === 'expire' && trade.expiresAt > now) return refuse('trade_not_due')
  return ok(closed(trade, action === 'close' ? 'closed_by_merchant' : 'expired', now))
}

export interface RefundStep {
  readonly trade: Trade
  readonly amountMinor: bigint
  readonly feeReturnedMinor: bigint
}

/** A refund of a part or of all that is left. */
export function decideRefund(trade: Trade, amountMinor: bigint, now: number): Result<RefundStep, PaymentRefusal> {
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  const moved = move(trade, amountMinor >= refundableMinor(trade) ? 'refund_rest' : 'refund_part')
  if (!moved.ok) return moved
  if (trade.refundableUntil !== null && trade.refundableUntil <= now) return refuse('trade_already_finished')
  if (amountMinor > refundableMinor(trade)) return refuse('refund_exceeds_rest')
  return ok(refunded(trade, amountMinor, 'refunded', now))
}

/** What a cancellation does: nothing when the trade is closed, closes it when it waits, gives all back when it is paid. */
export type Cancellation =
  | { readonly does: 'nothing' }
  | { readonly does: 'close'; readonly trade: Trade }
  | ({ readonly does: 'refund' } & RefundStep)

export function decideCancel(trade: Trade, now: number): Result<Cancellation, PaymentRefusal> {
  const moved = move(trade, 'cancel')
  if (!moved.ok) return moved
  if (trade.state === 'closed') return ok({ does: 'nothing' })
  if (trade.paidAt === null) return ok({ does: 'close', trade: closed(trade, 'cancelled', now) })
  if (trade.refundableUntil !== null && trade.refundableUntil <= now) return refuse('trade_already_finished')
  return ok({ does: 'refund', ...refunded(trade, refundableMinor(trade), 'cancelled', now) })
}

/** The end of the time for refunds. */
export function decideFinish(trade: Trade, now: number): Result<Trade, PaymentRefusal> {
  const moved = move(trade, 'finish')
  if (!moved.ok) return moved
  if (trade.refundableUntil === null || trade.refundableUntil > now) return refuse('trade_not_due')
  return ok(assertTrade({ ...trade, state: moved.value, endedAt: now }))
}

function move(trade: Trade, action: TradeAction): Result<Trade['state'], PaymentRefusal> {
  const transition = TRADE_TRANSITIONS[trade.state][action]
  return 'to' in transition ? ok(transition.to) : refuse(transition.refuse)
}

function closed(trade: Trade, cause: ClosingCause, now: number): Trade {
  return assertTrade({ ...trade, state: 'closed', closingCause: cause, endedAt: now })
}

function refunded(trade: Trade, amountMinor: bigint, cause: ClosingCause, now: number): RefundStep {
  const refundedMinor = trade.refundedMinor + amountMinor
  const feeReturnedMinor = feeReturnMinor(trade, refundedMinor)
  const tenders = trade.tenders === null ? null : returnedParts(trade.tenders, refundedMinor)
  const feeAfterMinor = trade.feeReturnedMinor + feeReturnedMinor
  const after: Trade = { ...trade, refundedMinor, tenders, feeReturnedMinor: feeAfterMinor }
  const whole = refundedMinor === trade.paidMinor
  return { trade: whole ? closed(after, cause, now) : assertTrade(after), amountMinor, feeReturnedMinor }
}

/** The part of an order that judging a request for its number needs. */
interface NumberedOrder {
  readonly trade: number | null
  readonly revoked: boolean
}

/**
 * Whether an order number that was used before may be asked for in these words: not with another amount or subject, and not when its
 * trade can no longer be paid. `before` is the order's trade, or its newest code while it has no trade.
 */
export function decideTermsAgainstOrder(
  terms: OrderTerms,
  order: NumberedOrder,
  before: (Pick<OrderTerms, 'totalMinor' | 'subject'> & Partial<Trade>) | undefined,
  now: number,
): Result<number | null, PaymentRefusal> {
  if (before !== undefined && !sameOrder(before, terms)) return refuse('order_inconsistent')
  if (order.revoked) return refuse('trade_already_closed')
  if (order.trade === null || before?.state === undefined) return ok(null)
  // A payment that waits for a decision stands for the order; asking for it again changes nothing.
  if (before.state === 'held') return ok(order.trade)
  const transition = TRADE_TRANSITIONS[before.state].pay
  if ('refuse' in transition) return refuse(transition.refuse)
  if (before.expiresAt !== undefined && before.expiresAt <= now) return refuse('trade_expired')
  return ok(order.trade)
}
