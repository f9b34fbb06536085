/** One part of a trade that the merchant sent, worth a part of its money. */
export interface Shipment {
  /** From 1, in the order of dispatch. */
  readonly number: number
  readonly carrier: string
  readonly trackingNumber: string
  /** Always the sum of the four below. */
  readonly amountMinor: bigint
  readonly openMinor: bigint
  readonly disputedMinor: bigint
  readonly releasedMinor: bigint
  readonly returnedMinor: bigint
  /** µs. */
  readonly shippedAt: number
  /** When silence confirms what is open. */
  readonly confirmBy: number
  /** How often the buyer put that off. */
  readonly extensions: number
}
