import { err, ok, type Result } from '@huitong/kernel'
import type { TenderAsk, TenderOffer } from '@huitong/payments'
import { budgetLeftMinor, type Campaign } from './campaign.ts'

/** Why a coupon gives nothing to a payment, in order of precedence. Payments tells these words on to the buyer. */
export const COUPON_FAULTS = [
  'coupon_none',
  'coupon_not_held',
  'coupon_not_yet_valid',
  'coupon_over',
  'coupon_for_other_merchants',
  'coupon_for_other_goods',
  'coupon_below_minimum',
  'coupon_budget_spent',
] as const
export type CouponFault = (typeof COUPON_FAULTS)[number]

/** What a coupon of a campaign takes off an order of these amounts, before anybody asks whether there is money for it. */
function discountOf(campaign: Campaign, ask: TenderAsk): Result<bigint, CouponFault> {
  if (ask.now < campaign.validFrom) return err('coupon_not_yet_valid')
  if (ask.now >= campaign.validUntil || campaign.closedAt !== null) return err('coupon_over')
  if (campaign.merchants.length > 0 && !campaign.merchants.includes(ask.merchant)) {
    return err('coupon_for_other_merchants')
  }
  const baseMinor = least(eligibleMinor(campaign, ask), ask.discountableMinor ?? ask.totalMinor, ask.totalMinor)
  if (campaign.goods.length > 0 && baseMinor === 0n) return err('coupon_for_other_goods')
  if (baseMinor < campaign.minimumMinor) return err('coupon_below_minimum')
  const offMinor = campaign.offMinor ?? percentOf(baseMinor, campaign)
  return offMinor === 0n ? err('coupon_below_minimum') : ok(least(offMinor, baseMinor))
}

/** The offer of one coupon; at most what nobody paid yet. A budget that cannot pay it whole pays nothing of it. */
function offerOfCoupon(
  coupon: number,
  campaign: Campaign,
  ask: TenderAsk,
  restMinor: bigint,
): Result<TenderOffer, CouponFault> {
  const discount = discountOf(campaign, ask)
  if (!discount.ok) return discount
  const amountMinor = least(discount.value, restMinor)
  if (budgetLeftMinor(campaign) < amountMinor) return err('coupon_budget_spent')
  const { form, name: label, merchant } = campaign
  const funder = merchant === null ? 'platform' : 'merchant'
  return ok({ tender: 'coupon', instrument: coupon, funder, form, label, amountMinor })
}

interface HeldCoupon {
  readonly coupon: number
  readonly campaign: Campaign
}

/** The usable ones of what a customer holds, the largest discount first; of equal ones that which ends first, then the older. */
function rankCoupons(held: readonly HeldCoupon[], ask: TenderAsk): readonly HeldCoupon[] {
  return held
    .flatMap((one) => {
      const offered = offerOfCoupon(one.coupon, one.campaign, ask, ask.totalMinor)
      return offered.ok ? [{ one, amountMinor: offered.value.amountMinor }] : []
    })
    .sort((a, b) => {
      if (a.amountMinor !== b.amountMinor) return a.amountMinor > b.amountMinor ? -1 : 1
      return a.one.campaign.validUntil - b.one.campaign.validUntil || a.one.coupon - b.one.coupon
    })
    .map(({ one }) => one)
}

/** Judges what a customer holds, for the working set and for what is committed alike. */
export function judgeCoupons(held: readonly HeldCoupon[], ask: TenderAsk) {
  const ranked = rankCoupons(held, ask)
  return {
    instruments: ranked.map(({ coupon }) => coupon),
    offerOf: (instrument: number | null, restMinor: bigint): Result<TenderOffer, CouponFault> => {
      if (instrument !== null) {
        const named = held.find(({ coupon }) => coupon === instrument)
        return named === undefined ? err('coupon_not_held') : offerOfCoupon(instrument, named.campaign, ask, restMinor)
      }
      const [best] = ranked
      if (best !== undefined) return offerOfCoupon(best.coupon, best.campaign, ask, restMinor)
      const [any] = held
      return any === undefined ? err('coupon_none') : offerOfCoupon(any.coupon, any.campaign, ask, restMinor)
    },
  }
}

/** All of the order, or the lines of it that the coupon is for. */
function eligibleMinor({ goods }: Campaign, ask: TenderAsk): bigint {
  if (goods.length === 0) return ask.totalMinor
  return ask.goods.reduce((sum, line) => sum + (goods.includes(line.id) ? line.amountMinor : 0n), 0n)
}

/** Cut to the fen, and at most the cap. */
function percentOf(baseMinor: bigint, { offBps, capMinor }: Campaign): bigint {
  const offMinor = (baseMinor * BigInt(offBps ?? 0)) / 10_000n
  return capMinor === null ? offMinor : least(offMinor, capMinor)
}

function least(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((least, one) => (one < least ? one : least), first)
}
