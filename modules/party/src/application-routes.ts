import {
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
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { Application } from './application.ts'
import { drawApiKey, publicKeyFault, readApplicationRegistration, readPublicKey } from './application-door.ts'
import { applicationByAppId, listApplications } from './application-queries.ts'
import { NAME_LENGTH_MAX } from './customer-door.ts'
import { findMerchant } from './merchant-queries.ts'
import { partyRefusalAnswer } from './refusal-answer.ts'
import type { PartyRouteParts } from './route-parts.ts'

const AppId = Type.String({ pattern: '^2021[0-9]{12}$', description: 'Public number of an application' })
// Bounds what is parsed; whether it is a key is judged at the door.
const PublicKeyText = Type.String({
  minLength: 1,
  maxLength: 8192,
  description: 'RSA public key: PEM, or base64 of its DER',
})

const ApplicationBody = Type.Object(
  {
    appId: AppId,
    merchant: PublicId('mrch'),
    name: Type.String(),
    status: Type.String(),
    signType: Type.String(),
    notifyUrl: Type.Union([Type.String(), Type.Null()]),
    keyVersion: Type.Integer({ minimum: 1 }),
    publicKey: Type.String({ description: 'Base64 of its DER' }),
    hasApiKey: Type.Boolean(),
    registeredAt: Timestamp,
  },
  { $id: 'Application' },
)

const KeysBody = Type.Object(
  {
    appId: AppId,
    keyVersion: Type.Integer({ minimum: 1 }),
    apiKey: Type.Union([Type.String(), Type.Null()], {
      description: 'Shown in this answer only; null when none was asked for and when the request is repeated',
    }),
  },
  { $id: 'ApplicationKeys' },
)

const WithApiKey = Type.Optional(Type.Boolean({ description: 'Whether to make a key for the native API' }))

const LIST = 'applications'

export function addApplicationRoutes(http: HttpApp, parts: PartyRouteParts): void {
  const { db, committer, party, directory, chance } = parts

  http.route({
    method: 'POST',
    url: '/v1/merchants/:id/applications',
    access: { callers: ['staff'], scope: 'applications:write' },
    summary: 'Register an application of a merchant',
    tags: ['Applications'],
    idempotent: true,
    schema: {
      params: Type.Object({ id: PublicId('mrch') }),
      body: Type.Object({
        name: LineText(NAME_LENGTH_MAX),
        publicKey: PublicKeyText,
        notifyUrl: Type.Optional(Type.String({ maxLength: 256 })),
        withApiKey: WithApiKey,
      }),
      response: { 201: KeysBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const merchantId = parsePublicId('mrch', params.id)
      if (!merchantId.ok) return notFound('merchant')
      const { withApiKey, ...request } = body
      const drawn = withApiKey === true ? drawApiKey(chance) : undefined
      const withHash = drawn === undefined ? request : { ...request, apiKeyHash: drawn.apiKeyHash }
      const input = readApplicationRegistration({ ...withHash, merchantId: merchantId.value })
      if (!input.ok) return badField(input.error.field, input.error.rule, input.error.message)
      const kind = party.commands.registerApplication
      const outcome = await committer.submit({
        kind,
        input: input.value,
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      const apiKey = outcome.status === 'done' && !outcome.repeated ? (drawn?.apiKey ?? null) : null
      if (outcome.status === 'done') directory.forget(outcome.answer.appId)
      return outcomeToReply(outcome, {
        done: (answer) => ({ ...answer, apiKey }),
        status: 201,
        refused: partyRefusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/merchants/:id/applications',
    access: { callers: ['staff', 'merchant'], scope: 'applications:read' },
    summary: 'Applications of a merchant, in order of registration',
    tags: ['Applications'],
    schema: {
      params: Type.Object({ id: PublicId('mrch') }),
      querystring: Type.Object(PAGE_QUERY),
      response: { 200: Page(ApplicationBody) },
    },
    handler: async ({ caller, params, query }) => {
      const id = parsePublicId('mrch', params.id)
      if (!id.ok || (caller.kind === 'merchant' && caller.merchantId !== id.value)) return notFound('merchant')
      const after = query.cursor === undefined ? undefined : decodeCursor(LIST, ['number'], query.cursor)
      if (after?.ok === false) return badField('cursor', after.error, 'is not a cursor of this list')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const found = await db.read(async (tx) => ({
        merchant: await findMerchant(tx, id.value),
        rows: await listApplications(tx, id.value, Number(after?.value[0] ?? 0), limit + 1),
      }))
      if (found.merchant === undefined) return notFound('merchant')
      return reply(pageOf(found.rows, limit, applicationBody, (last) => encodeCursor(LIST, [last.id])))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/applications/:appId',
    access: { callers: ['staff', 'merchant'], scope: 'applications:read' },
    summary: 'One application: any for staff, those of its own merchant for an application',
    tags: ['Applications'],
    schema: { params: Type.Object({ appId: AppId }), response: { 200: ApplicationBody } },
    handler: async ({ caller, params }) => {
      const application = await db.read((tx) => applicationByAppId(tx, params.appId))
      const visible = caller.kind === 'staff' || caller.merchantId === application?.merchantId
      return application === undefined || !visible ? notFound('application') : reply(applicationBody(application))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/applications/:appId/keys',
    access: { callers: ['staff'], scope: 'applications:write' },
    summary: 'Replace the keys of an application',
    description:
      'Both keys at once: without withApiKey the application has no API key afterwards. Old keys stop at once.',
    tags: ['Applications'],
    idempotent: true,
    schema: {
      params: Type.Object({ appId: AppId }),
      body: Type.Object({ publicKey: PublicKeyText, withApiKey: WithApiKey }),
      response: { 200: KeysBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const publicKey = readPublicKey(body.publicKey)
      if (!publicKey.ok) {
        const { field, rule, message } = publicKeyFault(publicKey.error)
        return badField(field, rule, message)
      }
      const drawn = body.withApiKey === true ? drawApiKey(chance) : undefined
      const input = { appId: params.appId, publicKey: publicKey.value, apiKeyHash: drawn?.apiKeyHash ?? null }
      const kind = party.commands.rotateKeys
      const outcome = await committer.submit({ kind, input, idempotency: { caller: caller.id, key: idempotencyKey } })
      // Also when nobody knows whether it happened.
      directory.forget(params.appId)
      const apiKey = outcome.status === 'done' && !outcome.repeated ? (drawn?.apiKey ?? null) : null
      return outcomeToReply(outcome, { done: (answer) => ({ ...answer, apiKey }), refused: partyRefusalAnswer })
    },
  })
}

function applicationBody(application: Application): Static<typeof ApplicationBody> {
  return {
    appId: application.appId,
    merchant: publicId('mrch', application.merchantId),
    name: application.name,
    status: application.status,
    signType: application.signType,
    notifyUrl: application.notifyUrl,
    keyVersion: application.keyVersion,
    publicKey: Buffer.from(application.publicKey).toString('base64'),
    hasApiKey: application.apiKeyHash !== null,
    registeredAt: microsToIso(application.registeredAt),
  }
}
