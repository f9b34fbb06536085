import { LineText, PublicId, Timestamp } from '@huitong/contract'
import { type HttpApp, type HttpProblem, notFound, problem, reply } from '@huitong/http'
import { microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { Identity } from './identity.ts'
import { linkUrl, ownSession } from './route-parts.ts'
import { RESET_REFUSAL_MEANINGS, RESET_STATES, type ResetRefusal, type SignInReset } from './sign-in-reset.ts'

const RECOVER = { callers: ['staff'], scope: 'identity:recover' } as const
const RECOVER_FOUR_EYES = { ...RECOVER, fourEyes: true } as const
/** Its owner may have nothing left but a session that owes a proof. */
const OWNER = { callers: ['customer'], beforeProof: true } as const
const ById = Type.Object({ id: PublicId('cust') })
const tags = ['Identity']

const ResetBody = Type.Object(
  {
    customer: PublicId('cust'),
    reason: Type.String(),
    state: Type.Enum([...RESET_STATES]),
    requestedAt: Timestamp,
    effectiveAt: Timestamp,
    decidedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'SignInReset' },
)
const Link = Type.Object({ url: Type.String(), expiresAt: Timestamp }, { $id: 'CustomerSignInLink' })

/** Customers who lost every way in: asked for by two members of staff, done after a time in which they may object. */
export function addSignInResetRoutes(http: HttpApp, identity: Identity): void {
  async function known(params: { readonly id: string }): Promise<number> {
    const id = parsePublicId('cust', params.id)
    if (!id.ok || !(await identity.maySignIn({ kind: 'customer', id: id.value }))) throw notFound('customer')
    return id.value
  }

  async function link(customer: number): Promise<Static<typeof Link>> {
    const { token, expiresAt } = await identity.issueSignInLink({ kind: 'customer', id: customer })
    return { url: linkUrl(identity, token), expiresAt: microsToIso(expiresAt) }
  }

  http.route({
    method: 'POST',
    url: '/v1/customers/:id/sign-in-resets',
    access: RECOVER_FOUR_EYES,
    summary:
      "Begin to reset a customer's sign-in: passkeys and codes will be gone in three days, unless the customer objects",
    description: 'The customer sees it on every page of their own and in `GET /v1/me/sign-in-reset`.',
    tags,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({
        reason: LineText(200),
      }),
      response: { 201: ResetBody },
    },
    handler: async ({ params, body }) =>
      reply(resetBody(await identity.askForReset(await known(params), body.reason)), { status: 201 }),
  })

  http.route({
    method: 'GET',
    url: '/v1/customers/:id/sign-in-reset',
    access: RECOVER,
    summary: "The newest reset of a customer's sign-in",
    tags,
    schema: { params: ById, response: { 200: ResetBody } },
    handler: async ({ params }) => {
      const found = await identity.resetOf(await known(params))
      return found === undefined ? resetProblem('reset_unknown') : reply(resetBody(found))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/customers/:id/sign-in-reset/finish',
    access: RECOVER,
    summary:
      'Finish a reset after its time of waiting: a link brings the customer in, and paying that was stopped is allowed',
    tags,
    schema: { params: ById, response: { 201: Link } },
    handler: async ({ params }) => {
      const customer = await known(params)
      const done = await identity.finishReset(customer)
      return done.ok ? reply(await link(customer), { status: 201 }) : resetProblem(done.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/customers/:id/sign-in-links',
    access: RECOVER_FOUR_EYES,
    summary: 'A sign-in link for a customer who stands before you',
    description: 'Whoever has codes must prove them after it.',
    tags,
    idempotent: true,
    schema: { params: ById, response: { 201: Link } },
    handler: async ({ params }) => reply(await link(await known(params)), { status: 201 }),
  })

  http.route({
    method: 'GET',
    url: '/v1/me/sign-in-reset',
    access: OWNER,
    summary: 'Whether somebody asked to reset your sign-in',
    tags,
    schema: { response: { 200: Type.Object({ reset: Type.Union([ResetBody, Type.Null()]) }) } },
    handler: async ({ caller }) => {
      const found = await identity.resetOf(ownSession(identity, caller).subject.id)
      return reply({ reset: found === undefined ? null : resetBody(found) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/sign-in-reset/object',
    access: OWNER,
    summary: 'Object to a reset of your sign-in that you did not ask for',
    tags,
    schema: { response: { 200: ResetBody } },
    handler: async ({ caller, ip }) => {
      const done = await identity.objectToReset(ownSession(identity, caller), ip)
      return done.ok ? reply(resetBody(done.value)) : resetProblem(done.error)
    },
  })
}

function resetProblem(refusal: ResetRefusal): HttpProblem {
  const { status, text } = RESET_REFUSAL_MEANINGS[refusal]
  return problem(status, refusal, text)
}

function resetBody(reset: SignInReset): Static<typeof ResetBody> {
  const { customer, reason, state, requestedAt, effectiveAt, decidedAt } = reset
  return {
    ...{ customer: publicId('cust', customer), reason, state },
    ...{ requestedAt: microsToIso(requestedAt), effectiveAt: microsToIso(effectiveAt) },
    decidedAt: decidedAt === null ? null : microsToIso(decidedAt),
  }
}
