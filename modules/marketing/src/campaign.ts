import { invariant, type Micros } from '@huitong/kernel'

/*
 * A campaign is a kind of coupon and the money for it. The money stands on a ledger account of the campaign from the first day: the
 * institution's, as an expense that was promised, or the merchant's own. What coupons take is counted in the campaign's row, which every
 * payment of a batch sees as the one before left it.
 */

/** Public ids of campaigns begin with it. */
export const CAMPAIGN_ID = 'camp'

type CampaignForm = 'cash_off' | 'percent_off'

/** What a coupon gives, and where. */
interface CouponTerms {
  readonly form: CampaignForm
  /** What must be bought, of the goods that the coupon is for. */
  readonly minimumMinor: bigint
  /** Of `cash_off`. */
  readonly offMinor: bigint | null
  /** Of `percent_off`: in hundredths of a percent, and at most so much. */
  readonly offBps: number | null
  readonly capMinor: bigint | null
  /** µs; the end is not in it. */
  readonly validFrom: Micros
  readonly validUntil: Micros
  /** Empty for all. */
  readonly merchants: readonly number[]
  readonly goods: readonly string[]
}

/** What somebody asks for who opens a campaign. */
export interface NewCampaign extends CouponTerms {
  /** The merchant that pays for it; null where the institution does. */
  readonly merchant: number | null
  readonly name: string
  readonly budgetMinor: bigint
  /** Null for as many as there is money for. */
  readonly couponsMax: number | null
  readonly perPerson: number
}

export interface Campaign extends NewCampaign {
  readonly id: number
  /** Out of the budget: used and not refunded, and back with whoever pays for it. The rest is on the account. */
  readonly spentMinor: bigint
  readonly withdrawnMinor: bigint
  readonly claimed: number
  readonly account: number
  readonly createdAt: Micros
  readonly closedAt: Micros | null
}

export function budgetLeftMinor({ budgetMinor, spentMinor, withdrawnMinor }: Campaign): bigint {
  return budgetMinor - spentMinor - withdrawnMinor
}

/** Holds for every campaign at every time; the constraints of the table are its pair. */
export function assertCampaign(campaign: Campaign): Campaign {
  const name = `campaign ${campaign.id}`
  invariant(campaign.spentMinor >= 0n && campaign.withdrawnMinor >= 0n, `${name}: less than nothing went out`)
  invariant(budgetLeftMinor(campaign) >= 0n, `${name}: a budget below zero`)
  invariant(campaign.closedAt === null || budgetLeftMinor(campaign) === 0n, `${name}: closed with money left`)
  invariant(
    campaign.couponsMax === null || campaign.claimed <= campaign.couponsMax,
    `${name}: more coupons than there are`,
  )
  return campaign
}
