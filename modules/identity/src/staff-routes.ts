import {
  type Caller,
  decodeCursor,
  encodeCursor,
  LineText,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, type HttpProblem, noContent, notFound, problem, reply } from '@huitong/http'
import { type Clock, microsToIso, parsePublicId, publicId, type Result } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { Identity } from './identity.ts'
import { ROLES } from './roles.ts'
import { linkUrl } from './route-parts.ts'
import { SessionBody, sessionBody } from './session-routes.ts'
import { STAFF_REFUSAL_MEANINGS, STAFF_STATUSES, type StaffMember, type StaffRefusal } from './staff.ts'
import { NAME_LENGTH_MAX } from './staff-register.ts'

const READ = { callers: ['staff'], scope: 'staff:read' } as const
const WRITE = { callers: ['staff'], scope: 'staff:write' } as const
const WRITE_FOUR_EYES = { ...WRITE, fourEyes: true } as const
const ById = Type.Object({ id: PublicId('staf') })
const tags = ['Staff']

const MemberBody = Type.Object(
  {
    id: PublicId('staf'),
    caller: Type.String({ description: 'As approvals and the record of actions name them', examples: ['staff:1'] }),
    name: Type.String(),
    status: Type.Enum([...STAFF_STATUSES]),
    roles: Type.Array(Type.Enum(ROLES)),
    founder: Type.Boolean({ description: "Whether this is the operator of the program's own machine" }),
    createdAt: Timestamp,
  },
  { $id: 'StaffMember' },
)
const Link = Type.Object(
  { url: Type.String(), expiresAt: Timestamp },
  { $id: 'StaffSignInLink', description: 'Good once, for a quarter of an hour' },
)
const Invited = Type.Object({ member: MemberBody, link: Link }, { $id: 'InvitedStaff' })
const NewMemberBody = Type.Object({
  name: LineText(NAME_LENGTH_MAX),
  roles: Type.Array(Type.Enum(ROLES), { minItems: 1, maxItems: ROLES.length, uniqueItems: true }),
})

/** Who works here and what they may do. What gives rights to somebody takes two people; what takes them away takes one, at once. */
export function addStaffRoutes(http: HttpApp, identity: Identity, clock: Clock): void {
  async function invited(member: StaffMember): Promise<Static<typeof Invited>> {
    const { token, expiresAt } = await identity.issueSignInLink({ kind: 'staff', id: member.id })
    return {
      member: memberBody(member),
      link: { url: linkUrl(identity, token), expiresAt: microsToIso(expiresAt) },
    }
  }

  http.route({
    method: 'GET',
    url: '/v1/staff',
    access: READ,
    summary: 'Everybody who works or worked here, in the order in which they came',
    tags,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(MemberBody) } },
    handler: async ({ query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const after = query.cursor === undefined ? 0 : readCursor(query.cursor)
      const found = await identity.listStaff(limit + 1, after)
      return reply(pageOf(found, limit, memberBody, ({ id }) => encodeCursor('staff', [id])))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/staff',
    access: WRITE_FOUR_EYES,
    summary: 'Hire somebody, with roles and a link to come in by',
    description: 'The link comes with the approval. It is drawn anew when the approval is repeated.',
    tags,
    idempotent: true,
    schema: { body: NewMemberBody, response: { 201: Invited } },
    handler: async ({ caller, body, idempotencyKey }) =>
      reply(await invited(await identity.addStaff(body, requestOf(caller, idempotencyKey))), { status: 201 }),
  })

  http.route({
    method: 'POST',
    url: '/v1/staff/bootstrap',
    access: WRITE,
    summary: 'Hire the first ones who manage staff, as long as nobody else could approve it',
    tags,
    idempotent: true,
    schema: { body: NewMemberBody, response: { 201: Invited } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const added = await identity.bootstrapStaff(body, requestOf(caller, idempotencyKey))
      return added.ok ? reply(await invited(added.value), { status: 201 }) : staffProblem(added.error)
    },
  })

  http.route({
    method: 'PUT',
    url: '/v1/staff/:id/roles',
    access: WRITE_FOUR_EYES,
    summary: "Set somebody's roles",
    tags,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ roles: Type.Array(Type.Enum(ROLES), { maxItems: ROLES.length, uniqueItems: true }) }),
      response: { 200: MemberBody },
    },
    handler: async ({ params, body }) => answered(await identity.setRoles(idOf(params), body.roles)),
  })

  http.route({
    method: 'POST',
    url: '/v1/staff/:id/sign-in-links',
    access: WRITE_FOUR_EYES,
    summary: 'A new link for somebody to come in by',
    description: 'Whoever has a passkey or codes must prove them after it.',
    tags,
    idempotent: true,
    schema: { params: ById, response: { 201: Invited } },
    handler: async ({ params }) => {
      const member = await identity.findStaff(idOf(params))
      if (member === undefined) return staffProblem('staff_unknown')
      return member.status === 'left' ? staffProblem('staff_left') : reply(await invited(member), { status: 201 })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/staff/:id/proofs/reset',
    access: WRITE_FOUR_EYES,
    summary: 'For somebody who lost every passkey and code: they are gone, sessions end, and a link brings them in',
    tags,
    idempotent: true,
    schema: { params: ById, response: { 201: Invited } },
    handler: async ({ params }) => {
      const reset = await identity.resetStaffProofs(idOf(params))
      return reset.ok ? reply(await invited(reset.value), { status: 201 }) : staffProblem(reset.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/staff/:id/reinstate',
    access: WRITE_FOUR_EYES,
    summary: 'Let somebody who was suspended come in again',
    tags,
    idempotent: true,
    schema: { params: ById, response: { 200: MemberBody } },
    handler: async ({ params }) => answered(await identity.changeStaff(idOf(params), 'reinstate')),
  })

  for (const [action, summary] of [
    ['suspend', 'Keep somebody out until reinstated: sessions end at once'],
    ['leave', 'Let somebody go, for good: sessions end at once'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/staff/:id/${action}`,
      access: WRITE,
      summary,
      tags,
      schema: { params: ById, response: { 200: MemberBody } },
      handler: async ({ params }) => answered(await identity.changeStaff(idOf(params), action)),
    })
  }

  http.route({
    method: 'GET',
    url: '/v1/staff/:id/sessions',
    access: READ,
    summary: "Somebody's live sessions, newest first",
    tags,
    schema: { params: ById, response: { 200: Type.Object({ items: Type.Array(SessionBody) }) } },
    handler: async ({ params }) => {
      const sessions = await identity.listSessions({ kind: 'staff', id: idOf(params) })
      return reply({ items: sessions.map((session) => sessionBody(session, null, clock.now())) })
    },
  })

  http.route({
    method: 'DELETE',
    url: '/v1/staff/:id/sessions/:session',
    access: WRITE,
    summary: "End one of somebody's sessions",
    tags,
    schema: {
      params: Type.Object({ id: PublicId('staf'), session: PublicId('sess') }),
      response: { 204: Type.Undefined() },
    },
    handler: async ({ params, ip }) => {
      const session = parsePublicId('sess', params.session)
      if (!session.ok) return notFound('session')
      const ended = await identity.endSessions({ kind: 'staff', id: idOf(params) }, session.value, ip)
      return ended === 0 ? notFound('session') : noContent()
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/staff/:id/sessions/end',
    access: WRITE,
    summary: "End all of somebody's sessions",
    tags,
    schema: { params: ById, response: { 200: Type.Object({ ended: Type.Integer() }) } },
    handler: async ({ params, ip }) =>
      reply({ ended: await identity.endSessions({ kind: 'staff', id: idOf(params) }, undefined, ip) }),
  })
}

/** A proposal is done once under its own key, whoever finishes it. */
function requestOf(caller: Caller, key: string): string {
  return `${caller.id} ${key}`
}

function answered(done: Result<StaffMember, StaffRefusal>) {
  return done.ok ? reply(memberBody(done.value)) : staffProblem(done.error)
}

function staffProblem(refusal: StaffRefusal): HttpProblem {
  const { status, text } = STAFF_REFUSAL_MEANINGS[refusal]
  return problem(status, refusal, text)
}

function idOf(params: { readonly id: string }): number {
  const id = parsePublicId('staf', params.id)
  if (!id.ok) throw staffProblem('staff_unknown')
  return id.value
}

function memberBody({ id, name, status, roles, founder, createdAt }: StaffMember): Static<typeof MemberBody> {
  const ids = { id: publicId('staf', id), caller: `staff:${id}` }
  return { ...ids, name, status, roles: [...roles], founder, createdAt: microsToIso(createdAt) }
}

function readCursor(text: string): number {
  const values = decodeCursor('staff', ['number'], text)
  const [id] = values.ok ? values.value : []
  if (typeof id !== 'number') throw badField('cursor', 'malformed_cursor', 'is not a cursor of this list')
  return id
}
