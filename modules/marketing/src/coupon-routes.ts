import { encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { invariant } from '@huitong/kernel'
import { CUSTOMER_ID, customerOf, readId } from '@huitong/payments'
import Type from 'typebox'
import { CAMPAIGN_ID } from './campaign.ts'
import { CouponBody, couponBody } from './marketing-bodies.ts'
import { campaignView, couponView } from './marketing-views.ts'
import { type MarketingRouteParts, marketingRefusalAnswer, readCursor } from './route-parts.ts'

const TAGS = ['Coupons'] as const

/** Coupons of customers. */
export function addCouponRoutes(http: HttpApp, parts: MarketingRouteParts): void {
  const { committer, marketing, queries, clock } = parts

  http.route({
    method: 'POST',
    url: '/v1/coupon-campaigns/:id/coupons',
    access: { callers: ['customer'], scope: 'payments:write' },
    summary: 'Take a coupon',
    description:
      'From now on one’s payments use it where it fits, unless one’s order of tenders says otherwise. It promises nothing: the campaign’s money goes to those who use theirs first.',
    tags: TAGS,
    idempotent: true,
    schema: { params: Type.Object({ id: Type.String({ maxLength: 40 }) }), response: { 201: CouponBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const id = readId(CAMPAIGN_ID, params.id, 'campaign')
      const outcome = await committer.submit({
        kind: marketing.claimCoupon,
        input: { campaign: id, customer: customerOf(caller) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      const campaign = outcome.status === 'done' ? await queries.campaign(id) : undefined
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ coupon }) => {
          invariant(campaign !== undefined, 'a coupon that was taken has a campaign')
          return couponBody(coupon, campaignView(campaign), clock.now())
        },
        refused: marketingRefusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/customers/:customer/coupons',
    access: { callers: ['customer', 'staff'], scope: 'payments:read' },
    summary: 'A customer’s coupons, newest first: one’s own, or any for staff',
    tags: TAGS,
    schema: {
      params: Type.Object({ customer: Type.String({ maxLength: 40 }) }),
      querystring: Type.Object(PAGE_QUERY),
      response: { 200: Page(CouponBody) },
    },
    handler: async ({ caller, params, query }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'customer')
      if (caller.kind === 'customer' && caller.customerId !== customer) return notFound('customer')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const coupons = await queries.coupons(customer, { limit, ...readCursor(LIST, query.cursor) })
      return reply(
        pageOf(
          coupons,
          limit,
          ({ coupon, campaign }) => couponBody(couponView(coupon), campaignView(campaign), clock.now()),
          ({ coupon }) => encodeCursor(LIST, [coupon.claimedAt, coupon.id]),
        ),
      )
    },
  })
}

const LIST = 'coupons'
