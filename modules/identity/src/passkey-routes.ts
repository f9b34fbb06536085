import { LineText, PublicId, Timestamp } from '@huitong/contract'
import { type HttpApp, type HttpProblem, noContent, notFound, problem, reply, setCookie } from '@huitong/http'
import { microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import Type, { type Static } from 'typebox'
import type { Identity } from './identity.ts'
import type { Passkey } from './passkey.ts'
import { PASSKEY_REFUSAL_MEANINGS, type PasskeyRefusal } from './passkey-refusals.ts'
import { deviceCookie, deviceSeen, ownSession } from './route-parts.ts'
import { SESSION_LIMITS } from './session.ts'
import { AuthenticationAnswer, CreationOptions, RegistrationAnswer, RequestOptions } from './webauthn-schemas.ts'

const ANYBODY = { callers: ['anonymous'] } as const
const SIGNED_IN = { callers: ['staff', 'customer'] } as const
/** For those as well who owe a second proof. */
const OWED = { ...SIGNED_IN, beforeProof: true } as const
const tags = ['Identity']

const PasskeyBody = Type.Object(
  {
    id: PublicId('pkey'),
    name: Type.String(),
    state: Type.String(),
    synced: Type.Boolean({ description: "Whether it may be copied to its owner's other devices" }),
    createdAt: Timestamp,
    lastUsedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'Passkey' },
)

function passkeyProblem(refusal: PasskeyRefusal): HttpProblem {
  const { status, text } = PASSKEY_REFUSAL_MEANINGS[refusal]
  return problem(status, refusal, text)
}

/** Passkeys: adding and removing one's own, coming in with one, and proving more in the middle of a session. */
export function addPasskeyRoutes(http: HttpApp, identity: Identity): void {
  http.route({
    method: 'POST',
    url: '/v1/passkeys/options',
    access: ANYBODY,
    summary: 'What to ask the browser for, to sign in with a passkey',
    description: 'The challenge in it is good once, for five minutes.',
    tags,
    schema: { response: { 200: RequestOptions } },
    handler: async () => reply(await identity.signInOptions()),
  })

  http.route({
    method: 'POST',
    url: '/v1/passkeys/sign-in',
    access: ANYBODY,
    summary: 'Sign in with a passkey',
    description: 'Pages ask for the cookie and never see the token; programs use the token as bearer.',
    tags,
    schema: {
      body: Type.Object({
        answer: AuthenticationAnswer,
        cookie: Type.Optional(Type.Boolean()),
        deviceToken: Type.Optional(
          Type.String({
            maxLength: 64,
            description: 'From an earlier sign-in on this device, so that it is known again',
          }),
        ),
      }),
      response: {
        201: Type.Object({
          ...{ sessionToken: Type.Union([Type.String(), Type.Null()]), expiresAt: Timestamp },
          deviceToken: Type.Union([Type.String(), Type.Null()]),
        }),
      },
    },
    handler: async ({ body, headers: given, ip }) => {
      const byCookie = deviceSeen(identity, given)
      const seen = body.cookie === true ? byCookie : { ...byCookie, token: body.deviceToken }
      const entered = await identity.signInWithPasskey(authenticationOf(body.answer), ip, seen)
      if (!entered.ok) return passkeyProblem(entered.error)
      const { token, subject, expiresAt, deviceToken } = entered.value
      const until = microsToIso(expiresAt)
      if (body.cookie !== true) return reply({ sessionToken: token, expiresAt: until, deviceToken }, { status: 201 })
      const { name, secure } = identity.cookie
      const maxAgeSeconds = SESSION_LIMITS[subject.kind].lifeSeconds
      const cookies = [setCookie(name, token, { maxAgeSeconds, secure }), ...deviceCookie(identity, deviceToken)]
      const answer = { sessionToken: null, expiresAt: until, deviceToken: null }
      return reply(answer, { status: 201, headers: { 'set-cookie': cookies } })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/passkeys',
    access: SIGNED_IN,
    summary: 'Your own passkeys, newest first',
    tags,
    schema: { response: { 200: Type.Object({ items: Type.Array(PasskeyBody) }) } },
    handler: async ({ caller }) => {
      const passkeys = await identity.listPasskeys(ownSession(identity, caller).subject)
      return reply({ items: passkeys.map(passkeyBody) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/passkeys/options',
    access: SIGNED_IN,
    summary: 'What to ask the browser for, to add a passkey of your own',
    tags,
    schema: { response: { 200: CreationOptions } },
    handler: async ({ caller }) => {
      const options = await identity.passkeyOptions(ownSession(identity, caller))
      return options.ok ? reply(options.value) : passkeyProblem(options.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/passkeys',
    access: SIGNED_IN,
    summary: 'Add a passkey of your own',
    tags,
    schema: {
      body: Type.Object({ name: LineText(64), answer: RegistrationAnswer }),
      response: { 201: PasskeyBody },
    },
    handler: async ({ caller, body, ip }) => {
      const own = ownSession(identity, caller)
      const added = await identity.addPasskey(own, body.name, registrationOf(body.answer), ip)
      return added.ok ? reply(passkeyBody(added.value), { status: 201 }) : passkeyProblem(added.error)
    },
  })

  http.route({
    method: 'DELETE',
    url: '/v1/me/passkeys/:id',
    access: SIGNED_IN,
    summary: 'Remove one of your own passkeys',
    tags,
    schema: { params: Type.Object({ id: PublicId('pkey') }), response: { 204: Type.Undefined() } },
    handler: async ({ caller, params, ip }) => {
      const id = parsePublicId('pkey', params.id)
      if (!id.ok) return notFound('passkey')
      const removed = await identity.removePasskey(ownSession(identity, caller), id.value, ip)
      return removed.ok ? noContent() : passkeyProblem(removed.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/step-up/options',
    access: OWED,
    summary: 'What to ask the browser for, to prove more in this session',
    tags,
    schema: { response: { 200: RequestOptions } },
    handler: async ({ caller }) => {
      const options = await identity.stepUpOptions(ownSession(identity, caller))
      return options.ok ? reply(options.value) : passkeyProblem(options.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/step-up/passkey',
    access: OWED,
    summary: 'Prove more in this session, with a passkey',
    description:
      'For a quarter of an hour the session counts as signed by the passkey; one that awaited this, for good.',
    tags,
    schema: { body: Type.Object({ answer: AuthenticationAnswer }), response: { 204: Type.Undefined() } },
    handler: async ({ caller, body, ip }) => {
      const own = ownSession(identity, caller)
      const raised = await identity.stepUpWithPasskey(own, authenticationOf(body.answer), ip)
      return raised.ok ? noContent() : passkeyProblem(raised.error)
    },
  })
}

function passkeyBody({ id, name, state, synced, createdAt, lastUsedAt }: Passkey): Static<typeof PasskeyBody> {
  const used = lastUsedAt === null ? null : microsToIso(lastUsedAt)
  return { id: publicId('pkey', id), name, state, synced, createdAt: microsToIso(createdAt), lastUsedAt: used }
}

/** Extensions are left out: none was asked for, so none counts. */
function registrationOf({ id, rawId, type, response }: Static<typeof RegistrationAnswer>): RegistrationResponseJSON {
  const { clientDataJSON, attestationObject, transports } = response
  const given = transports === undefined ? {} : { transports }
  return { id, rawId, type, clientExtensionResults: {}, response: { clientDataJSON, attestationObject, ...given } }
}

function authenticationOf({
  id,
  rawId,
  type,
  response,
}: Static<typeof AuthenticationAnswer>): AuthenticationResponseJSON {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  const given = typeof userHandle === 'string' ? { userHandle } : {}
  return {
    id,
    rawId,
    type,
    clientExtensionResults: {},
    response: { clientDataJSON, authenticatorData, signature, ...given },
  }
}
