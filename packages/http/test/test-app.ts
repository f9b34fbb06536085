import { type Caller, LineText, PAGE_QUERY, type Scope } from '@huitong/contract'
import Type from 'typebox'
import {
  type Authenticator,
  createHttp,
  createLog,
  type HttpApp,
  type HttpOptions,
  noContent,
  reply,
} from '../src/index.ts'

/** `Bearer staff scope scope` is a member of the staff with these scopes, and so on; `Bearer false` does not hold. */
const bearer: Authenticator = async ({ headers }) => {
  const [scheme, kind, ...scopes] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer') return undefined
  const known = KINDS.find((one) => one === kind)
  if (known === undefined) return 'invalid'
  const caller: Caller = {
    kind: known,
    id: `${known}:1`,
    scopes: new Set(SCOPES.filter((one) => scopes.includes(one))),
  }
  return caller
}
const KINDS = ['staff', 'customer', 'merchant', 'partner'] as const
const SCOPES: readonly Scope[] = ['ledger:read', 'ledger:post']

export const STAFF = { authorization: 'Bearer staff ledger:read ledger:post' }

export async function testApp(options: Partial<HttpOptions> = {}): Promise<HttpApp> {
  const http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [bearer], ...options })
  const Thing = Type.Object(
    {
      name: LineText(20),
      colour: Type.Optional(Type.Union([Type.Literal('red'), Type.Literal('blue')])),
      size: Type.Optional(Type.Integer({ minimum: 1 })),
      parts: Type.Optional(Type.Array(Type.Object({ code: Type.String() }))),
    },
    { $id: 'Thing' },
  )
  http.route({
    method: 'POST',
    url: '/v1/things/:id',
    access: { callers: ['staff'], scope: 'ledger:post' },
    summary: 'Make a thing',
    tags: ['Things'],
    idempotent: true,
    schema: {
      params: Type.Object({ id: Type.String() }),
      querystring: Type.Object(PAGE_QUERY),
      body: Thing,
      response: { 200: Type.Object({ id: Type.String(), limit: Type.Integer(), key: Type.String(), thing: Thing }) },
    },
    handler: ({ params, query, body, idempotencyKey }) =>
      reply({ id: params.id, limit: query.limit ?? 0, key: idempotencyKey, thing: body }),
  })
  http.route({
    method: 'GET',
    url: '/v1/open',
    access: { callers: ['anonymous', 'staff'] },
    summary: 'Who asks',
    tags: ['Things'],
    schema: { response: { 200: Type.Object({ kind: Type.String() }) } },
    handler: ({ caller }) => reply({ kind: caller.kind }),
  })
  http.route({
    method: 'DELETE',
    url: '/v1/things/:id',
    access: { callers: ['customer', 'merchant'] },
    summary: 'Remove a thing',
    tags: ['Things'],
    schema: { params: Type.Object({ id: Type.String() }), response: { 204: Type.Undefined() } },
    handler: () => noContent(),
  })
  http.route({
    method: 'GET',
    url: '/v1/broken',
    access: { callers: ['anonymous'] },
    summary: 'Always fails',
    tags: ['Things'],
    schema: { response: { 200: Type.Object({}) } },
    handler: () => {
      throw new Error('the password is hunter2')
    },
  })
  return http
}
