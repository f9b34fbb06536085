import { ok, type Result } from '@huitong/kernel'
import { refundableMinor, type Trade } from './trade.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

/**
 * The number that a refund is known by. Without one of its own only the whole can be refunded, under the order's number. A part needs
 * one: otherwise a repeat after a lost answer would look like a wish to refund as much again. That is told last, when nothing
 * else stands in the way of the refund.
 */
export function decideRefundNumber(
  trade: Trade,
  refundNumber: string | null,
  amountMinor: bigint,
): Result<string, PaymentRefusal> {
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  if (refundNumber !== null) return ok(refundNumber)
  const possiblePart = trade.state === 'paid' && amountMinor < trade.totalMinor && amountMinor <= refundableMinor(trade)
  return possiblePart ? refuse('refund_number_missing') : ok(trade.orderNumber)
}
