import {
  type Caller,
  decodeCursor,
  encodeCursor,
  hasFreshProof,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply, stepUpRequired } from '@huitong/http'
import {
  AmountBody,
  CUSTOMER_ID,
  customerOf,
  FAMILY_LINK_ID,
  findPayee,
  Payee,
  readAmount,
  readId,
} from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { FamilyLinkBody, FamilyUseBody, familyLinkBody, familyUseBody } from './family-bodies.ts'
import type { FamilyAnswer } from './family-commands.ts'
import { type FamilyStep, isWider } from './family-decide.ts'
import { type FamilyBounds, type FamilyLink, RELATIONS } from './family-link.ts'
import type { NamedLink } from './family-queries.ts'
import { familyLinkView } from './family-views.ts'
import { type FamilyRouteParts, familyRefusalAnswer } from './route-parts.ts'

const TAGS = ['Family'] as const
const AS_CUSTOMER = { callers: ['customer'], scope: 'payments:write' } as const
const AS_READER = { callers: ['customer'], scope: 'payments:read' } as const
const ByLink = Type.Object({ link: Type.String({ maxLength: 40 }) })
const USES = 'family-uses'

const Bounds = Type.Object(
  {
    single: Type.Optional(AmountBody),
    day: Type.Optional(AmountBody),
    month: AmountBody,
  },
  { $id: 'FamilyBounds', description: 'What the member may spend: in one payment, on a day, in a month of Beijing' },
)

function readBounds({ single, day, month }: Static<typeof Bounds>): FamilyBounds {
  return {
    singleMinor: single === undefined ? null : readAmount(single, 'bounds.single'),
    dayMinor: day === undefined ? null : readAmount(day, 'bounds.day'),
    monthMinor: readAmount(month, 'bounds.month'),
  }
}

/** Whether the link is one that the customer may see. */
function isSideOf({ kind, customerId }: Caller, { owner, member }: FamilyLink): boolean {
  return kind === 'customer' && (customerId === owner || customerId === member)
}

/** Links by which a customer pays with a relative's wallet. */
export function addFamilyRoutes(http: HttpApp, parts: FamilyRouteParts): void {
  const { committer, family, queries, clock } = parts
  const shown = ({ link, ownerName, memberName }: NamedLink) =>
    familyLinkBody(familyLinkView(link), { ownerName, memberName })
  const done = ({ link }: FamilyAnswer) => familyLinkBody(link)

  http.route({
    method: 'GET',
    url: '/v1/me/family',
    access: AS_READER,
    summary: 'One’s own family links, on either side',
    tags: TAGS,
    schema: {
      querystring: Type.Object({ ended: Type.Optional(Type.Boolean({ description: 'Those that ended, too' })) }),
      response: { 200: Type.Object({ links: Type.Array(FamilyLinkBody) }, { $id: 'FamilyLinks' }) },
    },
    handler: async ({ caller, query }) =>
      reply({ links: (await queries.links(customerOf(caller), query.ended !== true)).map(shown) }),
  })

  http.route({
    method: 'POST',
    url: '/v1/me/family/invitations',
    access: AS_CUSTOMER,
    summary: 'Offer a relative to pay with your wallet, within bounds',
    description: 'It takes a proof made just now, and so does accepting it. An invitation is over after 24 hours.',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object(
        { relative: Payee, relation: Type.Enum([...RELATIONS]), bounds: Bounds },
        { $id: 'FamilyInvitation' },
      ),
      response: { 201: FamilyLinkBody },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      if (!hasFreshProof(caller, clock.now())) return stepUpRequired()
      const bounds = readBounds(body.bounds)
      const member = await findPayee(parts, body.relative, 'relative')
      if (member === undefined) return notFound('relative')
      const outcome = await committer.submit({
        kind: family.invite,
        input: { owner: customerOf(caller), member, relation: body.relation, bounds },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done, refused: familyRefusalAnswer })
    },
  })

  async function step(caller: Caller, id: string, key: string, steps: FamilyStep, customer: number | null) {
    const link = readId(FAMILY_LINK_ID, id, 'family link')
    const outcome = await committer.submit({
      kind: family.step,
      input: { link, customer, step: steps },
      idempotency: { caller: caller.id, key },
    })
    return outcomeToReply(outcome, { done, refused: familyRefusalAnswer })
  }

  for (const [action, fresh, summary] of [
    ['accept', true, 'Accept an invitation, by the relative'],
    ['pause', false, 'Stop payments of a link for the time being, by the owner'],
    ['resume', true, 'Let them go on, by the owner'],
    ['end', false, 'End a link, or an invitation, by either side'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/me/family/:link/${action}`,
      access: AS_CUSTOMER,
      summary,
      description: fresh ? 'It takes a proof made just now.' : 'It counts for the next payment.',
      tags: TAGS,
      idempotent: true,
      schema: { params: ByLink, response: { 200: FamilyLinkBody } },
      handler: async ({ caller, params, idempotencyKey }) => {
        if (fresh && !hasFreshProof(caller, clock.now())) return stepUpRequired()
        return step(caller, params.link, idempotencyKey, { action }, customerOf(caller))
      },
    })
  }

  http.route({
    method: 'PUT',
    url: '/v1/me/family/:link/bounds',
    access: AS_CUSTOMER,
    summary: 'Change what a link may pay, by the owner',
    description: 'Wider bounds take a proof made just now. What was spent goes on counting.',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByLink, body: Type.Object({ bounds: Bounds }), response: { 200: FamilyLinkBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const bounds = readBounds(body.bounds)
      const found = await queries.link(readId(FAMILY_LINK_ID, params.link, 'family link'))
      if (found === undefined || !isSideOf(caller, found.link)) return notFound('family link')
      if (isWider(found.link.bounds, bounds) && !hasFreshProof(caller, clock.now())) return stepUpRequired()
      return step(caller, params.link, idempotencyKey, { action: 'bound', bounds }, customerOf(caller))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/family/:link/payments',
    access: AS_READER,
    summary: 'What a link paid, for both of its sides, newest first',
    tags: TAGS,
    schema: { params: ByLink, querystring: Type.Object(PAGE_QUERY), response: { 200: Page(FamilyUseBody) } },
    handler: async ({ caller, params, query }) => {
      const found = await queries.link(readId(FAMILY_LINK_ID, params.link, 'family link'))
      if (found === undefined || !isSideOf(caller, found.link)) return notFound('family link')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const uses = await queries.uses(found.link.id, { limit, after: readCursor(query.cursor) })
      return reply(pageOf(uses, limit, familyUseBody, (last) => encodeCursor(USES, [last.id])))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/customers/:customer/family',
    access: { callers: ['staff'], scope: 'party:read' },
    summary: 'All family links that a customer ever had',
    tags: TAGS,
    schema: {
      params: Type.Object({ customer: Type.String({ maxLength: 40 }) }),
      response: { 200: Type.Object({ links: Type.Array(FamilyLinkBody) }, { $id: 'CustomerFamilyLinks' }) },
    },
    handler: async ({ params }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'customer')
      return reply({ links: (await queries.links(customer, false)).map(shown) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/family-links/:link/end',
    access: { callers: ['staff'], scope: 'party:write' },
    summary: 'End a link, by staff',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByLink, response: { 200: FamilyLinkBody } },
    handler: async ({ caller, params, idempotencyKey }) =>
      step(caller, params.link, idempotencyKey, { action: 'end' }, null),
  })
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  const decoded = decodeCursor(USES, ['number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return Number(decoded.value[0])
}
