import { LineText, Timestamp } from '@huitong/contract'
import { type HttpApp, PROVE_PATH, problem, reply, seeOther, setCookie } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import Type from 'typebox'
import type { Identity } from './identity.ts'
import { deviceCookie, deviceSeen, formOf } from './route-parts.ts'
import { SESSION_LIMITS } from './session.ts'
import { confirmPage, refusedPage } from './sign-in-page.ts'
import { SIGN_IN_REFUSAL_MEANINGS } from './sign-in-refusals.ts'

const ANYBODY = { callers: ['anonymous'] } as const

export function addSignInRoutes(http: HttpApp, identity: Identity): void {
  http.rawRoute({
    method: 'GET',
    url: '/signin/:token',
    access: ANYBODY,
    summary: 'The page that a sign-in link opens',
    handler: ({ params }) => confirmPage(params.token ?? ''),
  })

  http.rawRoute({
    method: 'POST',
    url: '/signin',
    access: ANYBODY,
    summary: 'Sign in with the token of a link',
    handler: async ({ headers, rawBody, ip, protocol }) => {
      // A form on another site could sign a person in as somebody else, who then reads what the person enters.
      if (headers.origin !== undefined && !identity.isOwnOrigin({ headers, protocol }))
        return refusedPage(403, 'Open the link again.')
      const result = await identity.signIn(
        formOf({ headers, rawBody }).get('token') ?? '',
        ip,
        deviceSeen(identity, headers),
      )
      if (!result.ok) {
        const { status, text } = SIGN_IN_REFUSAL_MEANINGS[result.error]
        return refusedPage(status, text)
      }
      const { name, secure } = identity.cookie
      const maxAgeSeconds = SESSION_LIMITS[result.value.subject.kind].lifeSeconds
      const session = setCookie(name, result.value.token, { maxAgeSeconds, secure })
      const cookies = [session, ...deviceCookie(identity, result.value.deviceToken)]
      return seeOther(result.value.awaitsProof ? PROVE_PATH : '/', { 'set-cookie': cookies })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/sessions',
    access: ANYBODY,
    summary: 'Sign in with the token of a one-time link, for programs',
    tags: ['Identity'],
    schema: {
      body: Type.Object({
        token: LineText(64),
        deviceToken: Type.Optional(
          Type.String({
            maxLength: 64,
            description: 'From an earlier sign-in on this device, so that it is known again',
          }),
        ),
      }),
      response: {
        201: Type.Object({
          ...{ sessionToken: Type.String(), expiresAt: Timestamp },
          awaitsProof: Type.Boolean({ description: 'Whether it takes a second proof: POST /v1/me/step-up/…' }),
          deviceToken: Type.Union([Type.String(), Type.Null()], { description: 'To be shown at the next sign-in' }),
        }),
      },
    },
    handler: async ({ body, headers, ip }) => {
      const seen = { token: body.deviceToken, userAgent: headers['user-agent'] }
      const result = await identity.signIn(body.token, ip, seen)
      if (!result.ok) {
        const { status, text } = SIGN_IN_REFUSAL_MEANINGS[result.error]
        return problem(status, result.error, text)
      }
      const { token, expiresAt, awaitsProof, deviceToken } = result.value
      const session = { sessionToken: token, expiresAt: microsToIso(expiresAt), awaitsProof, deviceToken }
      return reply(session, { status: 201 })
    },
  })
}
