/** What a customer has to pay with beside the balance. */
export interface Pocket {
  readonly customer: number
  /** Coupons that are not used, each with its campaign, so that a payment need not look for them. */
  readonly coupons: readonly PocketCoupon[]
  /** The ledger account with money out of red packets; null before the first. */
  readonly packetAccount: number | null
  /** The account with the money of red packets that were sent and not opened; null before the first. */
  readonly sendingAccount: number | null
}

export interface PocketCoupon {
  readonly coupon: number
  readonly campaign: number
}

export function emptyPocket(customer: number): Pocket {
  return { customer, coupons: [], packetAccount: null, sendingAccount: null }
}
