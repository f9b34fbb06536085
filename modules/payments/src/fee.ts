import { invariant } from '@huitong/kernel'
import { Decimal } from 'decimal.js'

// Amounts have up to 19 digits and rates a few; this is more than their product can have, so no product is cut.
const Exact = Decimal.clone({ precision: 60 })

/**
 * The merchant's fee on a payment, at a rate in millionths (6,000 is 0.6 %). A half fen is rounded up (rounding: half up), and a fee
 * below half a fen is none.
 */
export function paymentFeeMinor(paidMinor: bigint, rateMillionths: number): bigint {
  invariant(rateMillionths >= 0 && rateMillionths <= 1_000_000, `a fee rate outside the whole: ${rateMillionths}`)
  const rate = new Exact(rateMillionths).div(1_000_000)
  return BigInt(new Exact(paidMinor.toString()).mul(rate).toFixed(0, Decimal.ROUND_HALF_UP))
}

export interface FeeOfPayment {
  readonly paidMinor: bigint
  readonly feeMinor: bigint
  readonly feeReturnedMinor: bigint
}

/**
 * What of the fee goes back to the merchant with a refund that brings the refunded total to `refundedAfterMinor`.
 *
 * Rounding each refund's share alone could return a fen too much or too little over many parts. So the share of all refunds
 * together is rounded (half up), and this refund gets what earlier ones did not: whatever the parts, the whole refund returns
 * exactly the whole fee, and no part more than is left.
 */
export function feeReturnMinor(payment: FeeOfPayment, refundedAfterMinor: bigint): bigint {
  const { feeMinor, feeReturnedMinor } = payment
  const returnedAfter = feeShareMinor(payment, refundedAfterMinor)
  const part = returnedAfter - feeReturnedMinor
  invariant(part >= 0n && returnedAfter <= feeMinor, 'a fee return outside the fee')
  return part
}

/** The fee's share of all that was refunded, rounded half up. */
export function feeShareMinor(
  { paidMinor, feeMinor }: Pick<FeeOfPayment, 'paidMinor' | 'feeMinor'>,
  refundedMinor: bigint,
): bigint {
  invariant(refundedMinor > 0n && refundedMinor <= paidMinor, 'a refund outside the payment')
  return (2n * feeMinor * refundedMinor + paidMinor) / (2n * paidMinor)
}
