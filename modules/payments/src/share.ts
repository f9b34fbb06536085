/** A part of a payment that its merchant passed on to somebody. Parts of one request stand or fall together. */
export interface Share {
  readonly trade: number
  /** From 1, within its trade. */
  readonly number: number
  /** The merchant's own number of the request (`out_request_no`). */
  readonly requestNumber: string
  /** Whose wallet it went to. */
  readonly customer: number
  readonly amountMinor: bigint
  /** What came back of it with refunds. */
  readonly returnedMinor: bigint
  readonly description: string | null
  /** Nothing more of the payment is passed on after it. */
  readonly endsSharing: boolean
  /** µs. */
  readonly createdAt: number
}

/** Whether a merchant may pass parts of its payments on to a customer. */
export interface ShareReceiver {
  readonly merchant: number
  readonly customer: number
  readonly memo: string | null
  readonly bound: boolean
  readonly changedAt: number
}

export function receiverKey(merchant: number, customer: number): string {
  return `${merchant}:${customer}`
}

/** Shares of one payment, over all of its requests. */
export const SHARES_MAX = 50
/** Receivers of one request. */
export const SHARES_PER_REQUEST = 20
