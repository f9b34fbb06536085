import { LineText, Timestamp } from '@huitong/contract'
import { type HttpApp, type HttpProblem, noContent, problem, reply } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import Type from 'typebox'
import { CODE_REFUSAL_MEANINGS, type CodeRefusal } from './code-refusals.ts'
import type { Identity } from './identity.ts'
import { ownSession } from './route-parts.ts'

const SIGNED_IN = { callers: ['staff', 'customer'] } as const
const tags = ['Identity']

const CodeGiven = Type.Object({ code: LineText(40) })
const RecoveryCodes = Type.Object(
  { recoveryCodes: Type.Array(Type.String({ examples: ['7k2mq-x4r0c'] })) },
  { $id: 'RecoveryCodes', description: 'Shown this once; each is good once, where a code of the app is asked for' },
)

function codeProblem(refusal: CodeRefusal): HttpProblem {
  const { status, text } = CODE_REFUSAL_MEANINGS[refusal]
  return problem(status, refusal, text)
}

/** One-time codes: setting them up, recovery codes, and proving more in the middle of a session. */
export function addCodeRoutes(http: HttpApp, identity: Identity): void {
  http.route({
    method: 'GET',
    url: '/v1/me/one-time-codes',
    access: SIGNED_IN,
    summary: 'Whether you have one-time codes',
    tags,
    schema: {
      response: {
        200: Type.Object(
          {
            confirmedAt: Type.Union([Timestamp, Type.Null()], { description: 'Null when they are not set up' }),
            pending: Type.Boolean({ description: 'Whether a secret was drawn and waits for its first code' }),
            recoveryCodesLeft: Type.Integer(),
          },
          { $id: 'OneTimeCodes' },
        ),
      },
    },
    handler: async ({ caller }) => {
      const { confirmedAt, ...rest } = await identity.codesOf(ownSession(identity, caller).subject)
      return reply({ ...rest, confirmedAt: confirmedAt === null ? null : microsToIso(confirmedAt) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/one-time-codes',
    access: SIGNED_IN,
    summary: 'Begin to set one-time codes up, or to move them to another app',
    description: 'The secret counts once a code of it was given; until then an earlier one does.',
    tags,
    schema: { response: { 201: Type.Object({ secret: Type.String(), uri: Type.String() }, { $id: 'CodeEnrolment' }) } },
    handler: async ({ caller }) => {
      const begun = await identity.beginCodes(ownSession(identity, caller))
      return begun.ok ? reply(begun.value, { status: 201 }) : codeProblem(begun.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/one-time-codes/confirm',
    access: SIGNED_IN,
    summary: 'Give the first code of an app that is being set up',
    tags,
    schema: { body: CodeGiven, response: { 200: RecoveryCodes } },
    handler: async ({ caller, body, ip }) => {
      const codes = await identity.confirmCodes(ownSession(identity, caller), body.code, ip)
      return codes.ok ? reply({ recoveryCodes: [...codes.value] }) : codeProblem(codes.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/one-time-codes/recovery-codes',
    access: SIGNED_IN,
    summary: 'Draw new recovery codes; the old ones are good no more',
    tags,
    schema: { response: { 200: RecoveryCodes } },
    handler: async ({ caller, ip }) => {
      const codes = await identity.renewRecoveryCodes(ownSession(identity, caller), ip)
      return codes.ok ? reply({ recoveryCodes: [...codes.value] }) : codeProblem(codes.error)
    },
  })

  http.route({
    method: 'DELETE',
    url: '/v1/me/one-time-codes',
    access: SIGNED_IN,
    summary: 'Give up one-time codes',
    tags,
    schema: { response: { 204: Type.Undefined() } },
    handler: async ({ caller, ip }) => {
      const removed = await identity.removeCodes(ownSession(identity, caller), ip)
      return removed.ok ? noContent() : codeProblem(removed.error)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/step-up/code',
    access: { ...SIGNED_IN, beforeProof: true },
    summary: 'Prove more in this session, with a one-time code or a recovery code',
    description:
      'For a quarter of an hour the session counts as proved by two factors; one that awaited this, for good.',
    tags,
    schema: { body: CodeGiven, response: { 204: Type.Undefined() } },
    handler: async ({ caller, body, ip }) => {
      const raised = await identity.stepUpWithCode(ownSession(identity, caller), body.code, ip)
      return raised.ok ? noContent() : codeProblem(raised.error)
    },
  })
}
