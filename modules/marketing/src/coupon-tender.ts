import { invariant } from '@huitong/kernel'
import type { Tender, TenderPart, TenderReader } from '@huitong/payments'
import { assertCampaign, type Campaign } from './campaign.ts'
import { selectCampaigns } from './campaign-store.ts'
import type { MarketingContext } from './context.ts'
import type { Coupon } from './coupon.ts'
import { judgeCoupons } from './coupon-decide.ts'
import { couponEvent } from './marketing-events.ts'
import type { PocketCoupon } from './pocket.ts'
import { selectPockets } from './pocket-store.ts'

/** A coupon pays a part of a purchase out of its campaign's money: the named one, else the best that fits. */
export function couponTender(context: MarketingContext): Tender {
  const { set, purses, tables } = context

  function campaignOf(id: number): Campaign {
    const campaign = tables.campaigns.get(id)
    invariant(campaign !== undefined, 'a coupon has a campaign')
    return campaign
  }

  function couponOf(instrument: number | null): Coupon {
    const coupon = instrument === null ? undefined : tables.coupons.get(instrument)
    invariant(coupon !== undefined, 'a coupon that paid is there')
    return coupon
  }

  return {
    name: 'coupon',
    need: (payer, instrument) => {
      context.needPocket(payer)
      if (instrument !== null) tables.coupons.need(instrument)
    },

    open: (ask) => {
      const { coupons } = context.pocket(ask.payer)
      for (const { campaign } of coupons) tables.campaigns.need(campaign)
      // A budget that staff stopped is one that has nothing.
      const held = coupons.map(({ coupon, campaign: id }) => {
        const campaign = campaignOf(id)
        const stopped = campaign.closedAt === null && purses.spendableMinor(context.budget(campaign)) === 0n
        return { coupon, campaign: stopped ? { ...campaign, spentMinor: campaign.budgetMinor } : campaign }
      })
      return judgeCoupons(held, ask).offerOf
    },

    take: ({ payer }, { instrument, amountMinor }, reference) => {
      const coupon = couponOf(instrument)
      invariant(coupon.usedFor === null && coupon.customer === payer, "a coupon that is offered is the payer's, unused")
      const used = { ...coupon, usedFor: reference, usedAt: set.batch.at }
      tables.coupons.put(coupon.id, used)
      const pocket = context.pocket(payer)
      tables.pockets.put(payer, { ...pocket, coupons: pocket.coupons.filter((one) => one.coupon !== coupon.id) })
      const campaign = campaignOf(coupon.campaign)
      tables.campaigns.put(campaign.id, assertCampaign({ ...campaign, spentMinor: campaign.spentMinor + amountMinor }))
      set.emit(couponEvent('coupon.used', used, set.batch.at))
      return { purse: context.budget(campaign), code: 'coupon_use' }
    },

    giveBack: (_, { instrument, amountMinor }) => {
      const campaign = campaignOf(couponOf(instrument).campaign)
      const spentMinor = campaign.spentMinor - amountMinor
      if (campaign.closedAt === null) {
        tables.campaigns.put(campaign.id, assertCampaign({ ...campaign, spentMinor }))
        return { purse: context.budget(campaign), code: 'coupon_return' }
      }
      // The campaign is over: the money goes on to whoever paid for it.
      context.needFunder(campaign.merchant)
      const purse = context.funder(campaign.merchant)
      if (purse === undefined) return undefined
      const withdrawnMinor = campaign.withdrawnMinor + amountMinor
      tables.campaigns.put(campaign.id, assertCampaign({ ...campaign, spentMinor, withdrawnMinor }))
      return { purse, code: 'coupon_return' }
    },

    undone: (payer, { instrument }: TenderPart, reference) => {
      const coupon = couponOf(instrument)
      const campaign = campaignOf(coupon.campaign)
      if (coupon.usedFor !== reference) return
      if (campaign.closedAt !== null || campaign.validUntil <= set.batch.at) return
      const open = { ...coupon, usedFor: null, usedAt: null }
      tables.coupons.put(coupon.id, open)
      const pocket = context.pocket(payer)
      const coupons = [...pocket.coupons, { coupon: coupon.id, campaign: campaign.id }]
      tables.pockets.put(payer, { ...pocket, coupons })
      set.emit(couponEvent('coupon.returned', open, set.batch.at))
    },
  }
}

export const couponReader: TenderReader = {
  name: 'coupon',
  open: async (tx, ask) => {
    const [found] = await selectPockets(tx.sql, [ask.payer])
    const coupons: readonly PocketCoupon[] = found?.[1].coupons ?? []
    const campaigns = await selectCampaigns(tx.sql, [...new Set(coupons.map(({ campaign }) => campaign))])
    const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]))
    const held = coupons.flatMap(({ coupon, campaign: id }) => {
      const campaign = byId.get(id)
      return campaign === undefined ? [] : [{ coupon, campaign }]
    })
    return judgeCoupons(held, ask)
  },
}
