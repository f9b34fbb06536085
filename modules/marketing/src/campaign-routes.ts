import {
  type Caller,
  encodeCursor,
  LineText,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { AmountBody, MERCHANT_ID, merchantOf, readAmount, readId, readTime } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { CAMPAIGN_ID, type Campaign, type NewCampaign } from './campaign.ts'
import { CAMPAIGN_SCOPE_MAX, COUPONS_PER_PERSON_MAX } from './campaign-decide.ts'
import { CampaignBody, campaignBody } from './marketing-bodies.ts'
import { campaignView } from './marketing-views.ts'
import { type MarketingRouteParts, marketingRefusalAnswer, READ, readCursor } from './route-parts.ts'

const TAGS = ['Coupons'] as const
const ByCampaign = Type.Object({ id: Type.String({ maxLength: 40 }) })

const TERMS = {
  name: LineText(64),
  budget: AmountBody,
  minimum: AmountBody,
  off: Type.Optional(AmountBody),
  offBps: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Hundredths of a percent' })),
  cap: Type.Optional(AmountBody),
  validFrom: Type.Optional(Timestamp),
  validUntil: Timestamp,
  goods: Type.Optional(Type.Array(LineText(64), { maxItems: CAMPAIGN_SCOPE_MAX, uniqueItems: true })),
  perPerson: Type.Optional(Type.Integer({ minimum: 1, maximum: COUPONS_PER_PERSON_MAX })),
  couponsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000 })),
}

const MerchantCampaignRequest = Type.Object(TERMS, { $id: 'MerchantCouponCampaignRequest' })
const CampaignRequest = Type.Object(
  {
    ...TERMS,
    merchants: Type.Optional(
      Type.Array(Type.String({ maxLength: 40 }), { maxItems: CAMPAIGN_SCOPE_MAX, uniqueItems: true }),
    ),
  },
  { $id: 'CouponCampaignRequest' },
)

const DESCRIPTION =
  'Either `off`, an amount, or `offBps` with `cap`, a share of what is bought and at most so much. The budget is set aside at once; what coupons do not use of it goes back when the campaign is over.'

/** Kinds of coupons and the money for them. */
export function addCampaignRoutes(http: HttpApp, parts: MarketingRouteParts): void {
  const { committer, marketing, queries, clock } = parts

  async function open(caller: Caller, key: string, input: NewCampaign) {
    const idempotency = { caller: caller.id, key }
    const outcome = await committer.submit({ kind: marketing.openCampaign, input, idempotency })
    return outcomeToReply(outcome, {
      status: 201,
      done: ({ campaign }) => campaignBody(campaign, true),
      refused: marketingRefusalAnswer,
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/coupon-campaigns',
    access: { callers: ['staff'], scope: 'marketing:write', fourEyes: true },
    summary: 'Set money of the institution aside for coupons',
    description: DESCRIPTION,
    tags: TAGS,
    idempotent: true,
    schema: { body: CampaignRequest, response: { 201: CampaignBody } },
    handler: ({ caller, body, idempotencyKey }) => {
      const merchants = (body.merchants ?? []).map((id) => readId(MERCHANT_ID, id, 'merchant'))
      return open(caller, idempotencyKey, { ...readTerms(body, clock.now()), merchant: null, merchants })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/merchant-coupon-campaigns',
    access: { callers: ['merchant'], scope: 'payments:write' },
    summary: 'Set money of one’s own aside for coupons that are used at oneself',
    description: DESCRIPTION,
    tags: TAGS,
    idempotent: true,
    schema: { body: MerchantCampaignRequest, response: { 201: CampaignBody } },
    handler: ({ caller, body, idempotencyKey }) => {
      const merchant = merchantOf(caller)
      return open(caller, idempotencyKey, { ...readTerms(body, clock.now()), merchant, merchants: [merchant] })
    },
  })

  const closings = [
    ['/v1/coupon-campaigns/:id/close', { callers: ['staff'], scope: 'marketing:write' }],
    ['/v1/merchant-coupon-campaigns/:id/close', { callers: ['merchant'], scope: 'payments:write' }],
  ] as const
  for (const [url, access] of closings) {
    http.route({
      method: 'POST',
      url,
      access,
      summary: 'End a campaign: its coupons are over, and the rest of its money goes back',
      tags: TAGS,
      idempotent: true,
      schema: { params: ByCampaign, response: { 200: CampaignBody } },
      handler: async ({ caller, params, idempotencyKey }) => {
        const campaign = readId(CAMPAIGN_ID, params.id, 'campaign')
        const merchant = caller.kind === 'merchant' ? merchantOf(caller) : null
        const outcome = await committer.submit({
          kind: marketing.closeCampaign,
          input: { campaign, merchant },
          idempotency: { caller: caller.id, key: idempotencyKey },
        })
        return outcomeToReply(outcome, {
          done: (answer) => campaignBody(answer.campaign, true),
          refused: marketingRefusalAnswer,
        })
      },
    })
  }

  http.route({
    method: 'GET',
    url: '/v1/coupon-campaigns',
    access: READ,
    summary: 'Campaigns, newest first: all for staff, a merchant’s own, and for customers those with coupons to take',
    tags: TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(CampaignBody) } },
    handler: async ({ caller, query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const campaigns = await queries.campaigns({
        limit,
        ...(caller.kind === 'merchant' ? { merchant: merchantOf(caller) } : {}),
        ...(caller.kind === 'customer' ? { usableAt: clock.now() } : {}),
        ...readCursor(LIST, query.cursor),
      })
      return reply(
        pageOf(
          campaigns,
          limit,
          (campaign) => campaignBody(campaignView(campaign), seesMoney(caller, campaign)),
          (last) => encodeCursor(LIST, [last.createdAt, last.id]),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/coupon-campaigns/:id',
    access: READ,
    summary: 'One campaign',
    tags: TAGS,
    schema: { params: ByCampaign, response: { 200: CampaignBody } },
    handler: async ({ caller, params }) => {
      const campaign = await queries.campaign(readId(CAMPAIGN_ID, params.id, 'campaign'))
      if (campaign === undefined) return notFound('campaign')
      if (caller.kind === 'merchant' && campaign.merchant !== caller.merchantId) return notFound('campaign')
      return reply(campaignBody(campaignView(campaign), seesMoney(caller, campaign)))
    },
  })
}

const LIST = 'coupon-campaigns'

/** How much there is left is the affair of whoever pays. */
function seesMoney(caller: Caller, campaign: Campaign): boolean {
  return caller.kind === 'staff' || (caller.kind === 'merchant' && caller.merchantId === campaign.merchant)
}

function readTerms(body: Static<typeof MerchantCampaignRequest>, now: number) {
  const { off, offBps, cap } = body
  if ((off === undefined) === (offBps === undefined)) throw badField('off', 'one_of', 'send either off or offBps')
  if ((offBps === undefined) !== (cap === undefined)) throw badField('cap', 'with_offBps', 'goes with offBps')
  const validUntil = readTime(body.validUntil, 'validUntil')
  if (validUntil === null) throw badField('validUntil', 'required', 'is missing')
  return {
    name: body.name,
    form: off === undefined ? ('percent_off' as const) : ('cash_off' as const),
    minimumMinor: readAmount(body.minimum, 'minimum'),
    offMinor: off === undefined ? null : readAmount(off, 'off'),
    offBps: offBps ?? null,
    capMinor: cap === undefined ? null : readAmount(cap, 'cap'),
    budgetMinor: readAmount(body.budget, 'budget'),
    validFrom: readTime(body.validFrom, 'validFrom') ?? now,
    validUntil,
    goods: body.goods ?? [],
    perPerson: body.perPerson ?? 1,
    couponsMax: body.couponsMax ?? null,
  }
}
