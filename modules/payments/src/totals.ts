/** Running sums of everything ever paid, counted by the commands themselves, so that showing them costs one row. */
export interface PaymentTotals {
  readonly payments: bigint
  readonly paidMinor: bigint
  readonly refunds: bigint
  readonly refundedMinor: bigint
  readonly transfers: bigint
  readonly transferredMinor: bigint
}

export const NO_PAYMENTS: PaymentTotals = {
  payments: 0n,
  paidMinor: 0n,
  refunds: 0n,
  refundedMinor: 0n,
  transfers: 0n,
  transferredMinor: 0n,
}
