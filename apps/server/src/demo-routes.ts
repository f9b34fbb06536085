import { LineText, Timestamp } from '@huitong/contract'
import { type HttpApp, notFound, reply } from '@huitong/http'
import { type Identity, ROLES } from '@huitong/identity'
import { MICROS_PER_SECOND, microsToIso, parsePublicId } from '@huitong/kernel'
import { findCustomer } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import type { DemoClock } from './demo-clock.ts'

const OPERATE = { callers: ['staff'], scope: 'demo:operate' } as const
const TAGS = ['Demo'] as const
const SECONDS_MAX = 400 * 24 * 60 * 60

export interface DemoRoutesOptions {
  readonly clock: DemoClock
  readonly identity: Identity
  readonly db: InstitutionDatabase
  /** Where the outside finds us. */
  readonly baseUrl: () => string
}

const SignInLinkBody = Type.Object(
  { url: Type.String(), token: Type.String({ description: 'For `POST /v1/sessions`; good once' }) },
  { $id: 'DemoSignInLink' },
)

/** What stands in for the world around an institution: the passing of time, and who everybody is. */
export function registerDemoRoutes(http: HttpApp, { clock, identity, db, baseUrl }: DemoRoutesOptions): void {
  http.route({
    method: 'POST',
    url: '/v1/demo/clock/advance',
    access: OPERATE,
    summary: "Move the demo world's clock forward",
    tags: TAGS,
    schema: {
      body: Type.Object({ seconds: Type.Integer({ minimum: 1, maximum: SECONDS_MAX }) }),
      response: { 200: Type.Object({ now: Timestamp }) },
    },
    handler: async ({ body }) => {
      await clock.advance(body.seconds * MICROS_PER_SECOND)
      return reply({ now: microsToIso(clock.now()) })
    },
  })

  const link = ({ token }: { readonly token: string }) => ({ url: `${baseUrl()}/signin/${token}`, token })

  http.route({
    method: 'POST',
    url: '/v1/demo/customers/:customer/sign-in-links',
    access: OPERATE,
    summary: 'A sign-in link of a customer, as if it had come to the phone',
    tags: TAGS,
    schema: { params: Type.Object({ customer: Type.String({ maxLength: 40 }) }), response: { 201: SignInLinkBody } },
    handler: async ({ params }) => {
      const id = parsePublicId('cust', params.customer)
      const found = id.ok ? await db.read((tx) => findCustomer(tx, id.value)) : undefined
      if (found === undefined) return notFound('customer')
      return reply(link(await identity.issueSignInLink({ kind: 'customer', id: found.id })), { status: 201 })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/demo/staff',
    access: OPERATE,
    summary: 'Hire somebody, for customer service unless told, with a sign-in link',
    description: 'What takes four eyes takes two people; a demo world begins with one.',
    tags: TAGS,
    schema: {
      body: Type.Object({ name: LineText(64), role: Type.Optional(Type.Enum(ROLES)) }),
      response: { 201: SignInLinkBody },
    },
    handler: async ({ body }) => {
      const { id } = await identity.addStaff({ name: body.name, roles: [body.role ?? 'support'] })
      return reply(link(await identity.issueSignInLink({ kind: 'staff', id })), { status: 201 })
    },
  })
}
