import type { Micros } from '@huitong/kernel'

/** One coupon of one customer. It is used for one purchase at most, and can be used again when all of that was given back. */
export interface Coupon {
  readonly id: number
  readonly campaign: number
  readonly customer: number
  readonly claimedAt: Micros
  /** The purchase. */
  readonly usedFor: number | null
  readonly usedAt: Micros | null
}
