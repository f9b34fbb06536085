import { ok, type Result } from '@huitong/kernel'
import { feeShareMinor } from './fee.ts'
import type { PartnerReceipt } from './partner.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

export interface PartnerRefundStep {
  readonly receipt: PartnerReceipt
  readonly feeReturnedMinor: bigint
}

/** Whether this much of a receipt can go back, for receipts not older than `since`, and what of the fee goes back with it. */
export function decidePartnerRefund(
  receipt: PartnerReceipt,
  amountMinor: bigint,
  since: number,
): Result<PartnerRefundStep, PaymentRefusal> {
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  if (receipt.receivedAt < since) return refuse('trade_already_finished')
  const refundedMinor = receipt.refundedMinor + amountMinor
  if (refundedMinor > receipt.amountMinor) return refuse('refund_exceeds_rest')
  // A refund that the partner refused takes its part of the fee with it, so the parts of those beside it may be a fen off what a
  // new sum comes to: the difference is made up as far as this refund reaches.
  const share = feeShareMinor({ paidMinor: receipt.amountMinor, feeMinor: receipt.feeMinor }, refundedMinor)
  const feeReturnedMinor = within(share - receipt.feeReturnedMinor, amountMinor)
  const feeReturned = receipt.feeReturnedMinor + feeReturnedMinor
  return ok({ receipt: { ...receipt, refundedMinor, feeReturnedMinor: feeReturned }, feeReturnedMinor })
}

function within(minor: bigint, max: bigint): bigint {
  if (minor < 0n) return 0n
  return minor > max ? max : minor
}
