import { AmountText, PublicId } from '@huitong/contract'
import { type HttpApp, notFound, reply } from '@huitong/http'
import { CNY, formatAmount } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { findLimits, type LimitState } from './limit-queries.ts'
import { type PricingRouteParts, shownCustomer } from './route-parts.ts'

const LimitBody = Type.Object(
  {
    window: Type.String({ examples: ['payment', 'day', 'year', 'lifetime'] }),
    strength: Type.Union([Type.String(), Type.Null()], {
      description: 'Of a day: how well the payer proved who he is, contract, two_factors, one_factor or static_code',
    }),
    parameter: Type.String({ examples: ['payment.two-factors.day'] }),
    version: Type.Integer(),
    limit: Type.Union([AmountText, Type.Null()]),
    used: AmountText,
    left: Type.Union([AmountText, Type.Null()]),
  },
  { $id: 'Limit' },
)

export function addLimitRoutes(http: HttpApp, { db, clock }: PricingRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/customers/:id/limits',
    access: { callers: ['staff', 'customer'], scope: 'party:read' },
    summary: 'What a customer may spend, and how much of it is used: any for staff, their own for customers',
    description: 'Counted over all accounts of the person, by calendar day and year in Beijing.',
    tags: ['Limits'],
    schema: {
      params: Type.Object({ id: PublicId('cust') }),
      response: { 200: Type.Object({ tier: Type.Integer(), currency: Type.String(), limits: Type.Array(LimitBody) }) },
    },
    handler: async ({ caller, params }) => {
      const customer = shownCustomer(caller, params.id)
      const found = await db.read((tx) => findLimits(tx, customer, clock.now()))
      if (found === undefined) return notFound('customer')
      return reply({ tier: found.tier, currency: CNY, limits: found.limits.map(limitBody) })
    },
  })
}

function limitBody({
  window,
  strength,
  parameter,
  version,
  limitMinor,
  usedMinor,
}: LimitState): Static<typeof LimitBody> {
  // A limit that was lowered may have less left than nothing.
  const leftMinor = limitMinor === null ? null : limitMinor > usedMinor ? limitMinor - usedMinor : 0n
  const text = (minor: bigint | null) => (minor === null ? null : formatAmount(minor, CNY))
  return {
    window,
    strength,
    parameter,
    version,
    limit: text(limitMinor),
    used: formatAmount(usedMinor, CNY),
    left: text(leftMinor),
  }
}
