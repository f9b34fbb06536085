import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok, slotOf } from '@huitong/kernel'
import { answerCodec } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { budgetLeftMinor } from './campaign.ts'
import type { MarketingContext } from './context.ts'
import type { Coupon } from './coupon.ts'
import { claimKey } from './coupon-store.ts'
import { couponEvent } from './marketing-events.ts'
import { refuse } from './marketing-refusals.ts'
import { CouponView, couponView } from './marketing-views.ts'
import type { Pocket } from './pocket.ts'

/** So many coupons a customer can hold that are not used. Every payment looks at all of them. */
const POCKET_COUPONS_MAX = 30

export interface ClaimCouponInput {
  readonly campaign: number
  readonly customer: number
}

export const CouponAnswer = Type.Object({ coupon: CouponView })
export type CouponAnswer = Static<typeof CouponAnswer>

/** `marketing.claim-coupon`: a customer takes a coupon. It promises nothing: the campaign's money goes to those who use theirs first. */
export function claimCouponKind(context: MarketingContext): CommandKind<ClaimCouponInput, CouponAnswer> {
  const { set, party, purses, tables, tendering } = context
  return {
    name: 'marketing.claim-coupon',
    need: ({ campaign, customer }) => {
      tables.campaigns.need(campaign)
      party.needCustomer(customer)
      purses.needWallet(customer)
      context.needPocket(customer)
    },
    decide: ({ campaign: id, customer }) => {
      const now = set.batch.at
      if (party.customer(customer) === undefined) return refuse('customer_not_found')
      const campaign = tables.campaigns.get(id)
      if (campaign === undefined) return refuse('campaign_not_found')
      if (campaign.closedAt !== null || campaign.validUntil <= now) return refuse('campaign_over')
      if (campaign.claimed === campaign.couponsMax || budgetLeftMinor(campaign) === 0n) return refuse('coupons_gone')
      const key = claimKey(id, context.personOf(customer))
      const had = tables.claims.get(key) ?? 0
      if (had >= campaign.perPerson) return refuse('coupons_per_person')
      const pocket = withoutOver(context.pocket(customer))
      if (pocket.coupons.length >= POCKET_COUPONS_MAX) return refuse('pocket_full')
      if (party.customer(customer)?.status !== 'active' || purses.wallet(customer, 'payee') === undefined) {
        return refuse('payee_blocked')
      }
      const coupon: Coupon = {
        ...{ id: set.newId(slotOf(customer)), campaign: id, customer, claimedAt: now, usedFor: null, usedAt: null },
      }
      tables.coupons.add(coupon.id, coupon)
      tables.claims.put(key, had + 1)
      tables.campaigns.put(id, { ...campaign, claimed: campaign.claimed + 1 })
      tables.pockets.put(customer, {
        ...pocket,
        coupons: [...pocket.coupons, { coupon: coupon.id, campaign: id }],
      })
      tendering.join(customer)
      set.emit(couponEvent('coupon.claimed', coupon, now))
      return ok({ coupon: couponView(coupon) })
    },
    form: ({ campaign, customer }) => canonicalJson({ campaign, customer }),
    ...answerCodec(CouponAnswer),
  }

  /** Coupons of campaigns that are over make room. */
  function withoutOver(pocket: Pocket): Pocket {
    for (const { campaign } of pocket.coupons) tables.campaigns.need(campaign)
    const coupons = pocket.coupons.filter(({ campaign: id }) => {
      const campaign = tables.campaigns.get(id)
      return campaign !== undefined && campaign.closedAt === null && campaign.validUntil > set.batch.at
    })
    return { ...pocket, coupons }
  }
}
