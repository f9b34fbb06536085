import type { TenderName } from './tender.ts'

/** Where a customer's money is. */
export interface Wallet {
  readonly customer: number
  readonly account: number
  readonly openedAt: number
  /** In which order the customer's tenders are used; null while there is nothing but the balance. */
  readonly tenderOrder: readonly TenderName[] | null
}

/** Where a merchant's money is until it is paid out. */
export interface MerchantAccount {
  readonly merchant: number
  readonly account: number
  /** Of payments that are not settled yet; null before the first of them. */
  readonly unsettledAccount: number | null
  readonly openedAt: number
}

/** The institution's own accounts that payments move money through. */
export const HOUSE_ROLES = ['reserve', 'fee_income', 'tender_transit'] as const
export type HouseRole = (typeof HOUSE_ROLES)[number]

export interface HouseAccount {
  readonly role: HouseRole
  readonly account: number
}
