import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok, slotOf } from '@huitong/kernel'
import { answerCodec, PAYMENT_MINOR_MAX } from '@huitong/payments'
import Type, { type Static } from 'typebox'

import { assertCampaign, budgetLeftMinor, type Campaign, type NewCampaign } from './campaign.ts'
import { decideTerms } from './campaign-decide.ts'
import type { MarketingContext } from './context.ts'
import { campaignEvent } from './marketing-events.ts'
import { refuse } from './marketing-refusals.ts'
import { CampaignView, campaignView } from './marketing-views.ts'

export const CampaignAnswer = Type.Object({ campaign: CampaignView })
export type CampaignAnswer = Static<typeof CampaignAnswer>

/** `marketing.open-campaign`: sets money aside for coupons and lets customers take them. */
export function openCampaignKind(context: MarketingContext): CommandKind<NewCampaign, CampaignAnswer> {
  const { set, party, purses, tables } = context
  return {
    name: 'marketing.open-campaign',
    need: ({ merchant, merchants }) => {
      context.needFunder(merchant)
      for (const id of merchants) party.needMerchant(id)
      if (merchant !== null) party.needMerchant(merchant)
    },
    decide: (input) => {
      const { merchant, budgetMinor, ...terms } = input
      for (const id of input.merchants) if (party.merchant(id) === undefined) return refuse('merchant_not_found')
      if (merchant !== null && party.merchant(merchant) === undefined) return refuse('merchant_not_found')
      if (budgetMinor <= 0n || budgetMinor > PAYMENT_MINOR_MAX) return refuse('amount_out_of_range')
      if (!decideTerms(input, set.batch.at)) return refuse('campaign_terms_invalid')
      if (merchant !== null && party.merchant(merchant)?.status !== 'active') return refuse('merchant_blocked')
      const from = context.funder(merchant)
      if (from === undefined) return refuse('merchant_blocked')
      const id = set.newId(merchant === null ? 0 : slotOf(merchant))
      const to = context.openBudget(id, merchant)
      const moved = purses.move({ from, to, amountMinor: budgetMinor, code: 'budget_grant', reference: id })
      if (!moved.ok) return moved
      const campaign = assertCampaign({
        ...{ ...terms, id, merchant, budgetMinor, spentMinor: 0n, withdrawnMinor: 0n, claimed: 0 },
        ...{ account: to.account, createdAt: set.batch.at, closedAt: null },
      })
      tables.campaigns.add(id, campaign)
      set.emit(campaignEvent('campaign.opened', campaign, set.batch.at))
      return ok({ campaign: campaignView(campaign) })
    },
    form: ({ budgetMinor, minimumMinor, offMinor, capMinor, ...rest }) =>
      canonicalJson({
        ...{ ...rest, budget: budgetMinor.toString(), minimum: minimumMinor.toString() },
        ...{ off: offMinor?.toString() ?? null, cap: capMinor?.toString() ?? null },
      }),
    ...answerCodec(CampaignAnswer),
  }
}

export interface CloseCampaignInput {
  readonly campaign: number
  /** Whose campaign it must be; null for staff, who may close any. */
  readonly merchant: number | null
}

/** `marketing.close-campaign`: no coupon of it can be used any more, and the rest of the money goes back. Closed again, it stays so. */
export function closeCampaignKind(context: MarketingContext): CommandKind<CloseCampaignInput, CampaignAnswer> {
  const { tables } = context
  return {
    name: 'marketing.close-campaign',
    need: ({ campaign }) => tables.campaigns.need(campaign),
    decide: ({ campaign: id, merchant }) => {
      const campaign = tables.campaigns.get(id)
      if (campaign === undefined || (merchant !== null && campaign.merchant !== merchant)) {
        return refuse('campaign_not_found')
      }
      if (campaign.closedAt !== null) return ok({ campaign: campaignView(campaign) })
      const closed = closeCampaign(context, campaign)
      return closed === undefined ? refuse('funder_blocked') : ok({ campaign: campaignView(closed) })
    },
    form: ({ campaign, merchant }) => canonicalJson({ campaign, merchant }),
    ...answerCodec(CampaignAnswer),
  }
}

export const EndedAnswer = Type.Object({ ended: Type.Integer() })
export type EndedAnswer = Static<typeof EndedAnswer>

/** `marketing.end-campaigns`: closes those whose time is over. One whose funder cannot take its money back waits. */
export function endCampaignsKind(
  context: MarketingContext,
): CommandKind<{ readonly campaigns: readonly number[] }, EndedAnswer> {
  const { set, tables } = context
  return {
    name: 'marketing.end-campaigns',
    need: ({ campaigns }) => {
      for (const id of campaigns) tables.campaigns.need(id)
    },
    decide: ({ campaigns }) => {
      let ended = 0
      for (const id of campaigns) {
        const campaign = tables.campaigns.get(id)
        if (campaign === undefined || campaign.closedAt !== null || campaign.validUntil > set.batch.at) continue
        if (closeCampaign(context, campaign) !== undefined) ended += 1
      }
      return ok({ ended })
    },
    form: ({ campaigns }) => canonicalJson({ campaigns }),
    ...answerCodec(EndedAnswer),
  }
}

/** Gives the rest of the money back; undefined, with nothing changed, when it cannot go there now. */
function closeCampaign(context: MarketingContext, campaign: Campaign): Campaign | undefined {
  const { set, purses, tables } = context
  context.needFunder(campaign.merchant)
  const to = context.funder(campaign.merchant)
  const from = context.budget(campaign)
  const restMinor = budgetLeftMinor(campaign)
  if (to === undefined || !context.takesMoney(to)) return undefined
  if (restMinor > 0n && purses.spendableMinor(from) < restMinor) return undefined
  if (restMinor > 0n) {
    const code = 'budget_return'
    const moved = purses.move({ from, to, amountMinor: restMinor, code, reference: campaign.id })
    invariant(moved.ok, 'a budget that can be spent goes back to an account that takes money')
  }
  const withdrawnMinor = campaign.withdrawnMinor + restMinor
  const closed = assertCampaign({ ...campaign, withdrawnMinor, closedAt: set.batch.at })
  tables.campaigns.put(campaign.id, closed)
  set.emit(campaignEvent('campaign.closed', closed, set.batch.at))
  return closed
}
