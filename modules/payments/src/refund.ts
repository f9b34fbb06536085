import type { TenderPart } from './tender.ts'

/** One refund of a trade, never changed once made. */
export interface Refund {
  readonly id: number
  readonly trade: number
  /** The merchant's own number (`out_request_no`), unique per trade; or {@link CANCEL_NUMBER}. */
  readonly refundNumber: string
  readonly reason: string | null
  readonly amountMinor: bigint
  /** What of the merchant's fee went back to the merchant with it. */
  readonly feeReturnedMinor: bigint
  /** What went back to which tender; null when all of it went to the balance. */
  readonly tenders: readonly TenderPart[] | null
  /** All refunds of the trade so far, this one included. */
  readonly refundedAfterMinor: bigint
  readonly createdAt: number
}

/** The refund that a cancellation makes. No merchant can choose this number: `$` is not among the characters of one. */
export const CANCEL_NUMBER = '$cancel'
