import { LineText, PublicId, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import {
  findCustomer,
  findIdentityFactors,
  findPersonKey,
  IDENTITY_FACTORS,
  readIdentityConfirmation,
} from '@huitong/party'
import Type from 'typebox'
import { limitRefusalAnswer, type PricingRouteParts, shownCustomer } from './route-parts.ts'

const ByCustomer = Type.Object({ id: PublicId('cust') })

/** How a customer's identity was confirmed. It stands here since the class of the account, and so its limits, hang on it. */
export function addIdentityFactorRoutes(http: HttpApp, { db, committer, pricing, vault }: PricingRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/customers/:id/identity-factors',
    access: { callers: ['staff', 'customer'], scope: 'party:read' },
    summary: "How a customer's identity was confirmed: any for staff, themselves for customers",
    tags: ['Customers'],
    schema: {
      params: ByCustomer,
      response: {
        200: Type.Object({
          tier: Type.Integer(),
          factors: Type.Array(Type.Object({ factor: Type.String(), reference: Type.String(), confirmedAt: Timestamp })),
        }),
      },
    },
    handler: async ({ caller, params }) => {
      const id = shownCustomer(caller, params.id)
      const found = await db.read(async (tx) => {
        const customer = await findCustomer(tx, id)
        return customer === undefined ? undefined : { tier: customer.tier, factors: await findIdentityFactors(tx, id) }
      })
      if (found === undefined) return notFound('customer')
      const factors = found.factors.map(({ factor, reference, confirmedAt }) => ({
        factor,
        reference,
        confirmedAt: microsToIso(confirmedAt),
      }))
      return reply({ tier: found.tier, factors })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/customers/:id/identity-factors',
    access: { callers: ['staff'], scope: 'party:write' },
    summary: "Confirm a customer's identity one way more; the class of the account follows",
    description:
      'Three ways make class II and five class III, or face to face, with the identity document among them. All accounts of one document count together.',
    tags: ['Customers'],
    idempotent: true,
    schema: {
      params: ByCustomer,
      body: Type.Object({
        factor: Type.Enum([...IDENTITY_FACTORS]),
        reference: LineText(64),
        legalName: Type.Optional(Type.String({ maxLength: 128 })),
        documentNumber: Type.Optional(Type.String({ maxLength: 32 })),
      }),
      response: { 201: Type.Object({ tier: Type.Integer() }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const customer = shownCustomer(caller, params.id)
      const key = await db.read((tx) => findPersonKey(tx, customer))
      if (key === undefined) return notFound('customer')
      const request = readIdentityConfirmation({ customer, ...body }, key, vault)
      if (!request.ok) return badField(request.error.field, request.error.rule, request.error.message)
      const outcome = await committer.submit({
        kind: pricing.commands.confirmIdentity,
        input: request.value,
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: (answer) => answer, refused: limitRefusalAnswer })
    },
  })
}
