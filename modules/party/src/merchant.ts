import { invariant, type Micros } from '@huitong/kernel'

export const MERCHANT_STATUSES = ['active', 'suspended', 'closed'] as const
export type MerchantStatus = (typeof MERCHANT_STATUSES)[number]

export interface Merchant {
  readonly id: number
  /** Public seller number: `2088` and twelve digits, from the same series as user numbers. */
  readonly sellerNumber: string
  readonly name: string
  readonly status: MerchantStatus
  readonly registeredAt: Micros
}

/** What decide needs to register a merchant. */
export interface MerchantRegistration {
  /** 0–1023, drawn at the door. */
  readonly slot: number
  readonly name: string
  /** Share of a payment that the institution keeps, in millionths: 6,000 is 0.6 %. */
  readonly feeRateMillionths: number
}

/** What the request said, without what chance added. For the `form` of commands that register merchants. */
export function merchantRegistrationForm(registration: MerchantRegistration): {
  readonly name: string
  readonly feeRateMillionths: number
} {
  return { name: registration.name, feeRateMillionths: registration.feeRateMillionths }
}

export interface FeeRate {
  readonly validFrom: Micros
  /** 0–1,000,000 */
  readonly feeRateMillionths: number
}

/** The rate that holds at a time. `rates` is in order of `validFrom`; its first row is as old as the merchant. */
export function feeRateAt(rates: readonly FeeRate[], at: Micros): number {
  const rate = rates.findLast((candidate) => candidate.validFrom <= at)
  invariant(rate !== undefined, 'a merchant has a fee rate from its registration on')
  return rate.feeRateMillionths
}
