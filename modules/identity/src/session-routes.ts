import { PROOF_STRENGTHS, PublicId, Timestamp } from '@huitong/contract'
import { clearCookie, type HttpApp, noContent, notFound, reply } from '@huitong/http'
import { type Clock, type Micros, microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import Type from 'typebox'
import type { Identity } from './identity.ts'
import { ownSession } from './route-parts.ts'
import { type Session, strengthAt, strongUntil } from './session.ts'

const SignedIn = { callers: ['staff', 'customer'] } as const
/** For those as well who owe a second proof. */
const OWED = { ...SignedIn, beforeProof: true } as const

export const SessionBody = Type.Object(
  {
    id: PublicId('sess'),
    method: Type.String(),
    strength: Type.Enum([...PROOF_STRENGTHS], { description: 'How well its owner proved who they are, as of now' }),
    startedAt: Timestamp,
    lastSeenAt: Timestamp,
    expiresAt: Timestamp,
    strongUntil: Type.Union([Timestamp, Type.Null()], {
      description: 'Until when a proof of two factors or better counts as made just now',
    }),
    device: Type.Union([PublicId('devi'), Type.Null()]),
    awaitsProof: Type.Boolean({ description: 'Whether it is good for nothing before a second proof' }),
    current: Type.Boolean({ description: 'Whether this request came with it' }),
  },
  { $id: 'Session' },
)

const Me = Type.Object(
  {
    kind: Type.String(),
    id: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    customer: Type.Union([PublicId('cust'), Type.Null()]),
    scopes: Type.Array(Type.String()),
    session: SessionBody,
  },
  { $id: 'Me' },
)

/** What callers may ask and do about their own sessions. Callers who came in some other way have none. */
export function addSessionRoutes(http: HttpApp, identity: Identity, clock: Clock): void {
  http.route({
    method: 'GET',
    url: '/v1/me',
    access: OWED,
    summary: 'Who is signed in',
    tags: ['Identity'],
    schema: { response: { 200: Me } },
    handler: async ({ caller }) => {
      const session = ownSession(identity, caller)
      const member = caller.kind === 'staff' ? await identity.findStaff(session.subject.id) : undefined
      return reply({
        kind: caller.kind,
        id: caller.id,
        name: member?.name ?? null,
        customer: caller.customerId === undefined ? null : publicId('cust', caller.customerId),
        scopes: [...caller.scopes].sort(),
        session: sessionBody(session, session.id, clock.now()),
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/sessions',
    access: SignedIn,
    summary: 'Your own live sessions, newest first',
    tags: ['Identity'],
    schema: { response: { 200: Type.Object({ items: Type.Array(SessionBody) }) } },
    handler: async ({ caller }) => {
      const own = ownSession(identity, caller)
      const sessions = await identity.listSessions(own.subject)
      return reply({ items: sessions.map((session) => sessionBody(session, own.id, clock.now())) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/sessions/sign-out',
    access: OWED,
    summary: 'End the session that this request came with',
    tags: ['Identity'],
    schema: { response: { 204: Type.Undefined() } },
    handler: async ({ caller, ip }) => {
      const own = ownSession(identity, caller)
      await identity.endSessions(own.subject, own.id, ip)
      return noContent({ 'set-cookie': clearCookie(identity.cookie.name, { secure: identity.cookie.secure }) })
    },
  })

  http.route({
    method: 'DELETE',
    url: '/v1/sessions/:id',
    access: SignedIn,
    summary: 'End one of your own sessions',
    tags: ['Identity'],
    schema: { params: Type.Object({ id: PublicId('sess') }), response: { 204: Type.Undefined() } },
    handler: async ({ caller, params, ip }) => {
      const id = parsePublicId('sess', params.id)
      if (!id.ok) return notFound('session')
      const ended = await identity.endSessions(ownSession(identity, caller).subject, id.value, ip)
      return ended === 0 ? notFound('session') : noContent()
    },
  })
}

export function sessionBody(session: Session, currentId: number | null, now: Micros) {
  const until = strongUntil(session)
  return {
    id: publicId('sess', session.id),
    method: session.method,
    strength: strengthAt(session, now),
    startedAt: microsToIso(session.startedAt),
    lastSeenAt: microsToIso(session.lastSeenAt),
    expiresAt: microsToIso(session.expiresAt),
    strongUntil: until === null || until <= now ? null : microsToIso(until),
    device: session.deviceId === null ? null : publicId('devi', session.deviceId),
    awaitsProof: session.awaitsProof,
    current: session.id === currentId,
  }
}
