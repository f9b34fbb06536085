/** What an order number of a merchant stands for. */
export interface Order {
  readonly merchant: number
  readonly orderNumber: string
  /** Its trade, once its buyer is known. */
  readonly trade: number | null
  /** The hash of its newest order code, when it was shown as a code. */
  readonly codeHash: string | null
  /**
   * Cancelled while it had no trade: it never gets one. Without this a payment that was under way while its merchant gave up
   * would arrive after the cancellation and be taken.
   */
  readonly revoked: boolean
}

/** The key of an order in the working set. Order numbers have no control characters, so the parts cannot run together. */
export function orderKey(merchant: number, orderNumber: string): string {
  return `${merchant}\u0000${orderNumber}`
}
