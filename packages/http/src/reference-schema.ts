import { type CallerKind, Problem, type RouteAccess } from '@huitong/contract'
import type { TSchema } from 'typebox'
import { closedSchema, isObject, mapSchemas, type PlainSchema } from './closed-schema.ts'
import type { ResponseSchemas, RouteDefinition } from './route.ts'

/** Ways to show who one is, as the reference lists them. */
export const SECURITY_SCHEMES = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'huitong-session',
    description: 'A person who signed in with the browser',
  },
  bearer: { type: 'http', scheme: 'bearer', description: 'A token of a person or a program' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'authorization',
    description: 'A request signed with the key of a merchant application',
  },
  peer: {
    type: 'apiKey',
    in: 'header',
    name: 'signature',
    description: 'A request signed by another institution with the key of its messages (RFC 9421)',
  },
} as const

const WAYS: Readonly<Record<CallerKind, readonly (keyof typeof SECURITY_SCHEMES)[]>> = {
  staff: ['session', 'bearer'],
  customer: ['session', 'bearer'],
  merchant: ['signature', 'bearer'],
  partner: ['bearer'],
  peer: ['peer'],
  anonymous: [],
}

/** How a route's schemas are shown: named parts once, under their names. `define` takes each named schema once. */
export function referenceSchema<P extends TSchema, Q extends TSchema, B extends TSchema, R extends ResponseSchemas>(
  definition: RouteDefinition<P, Q, B, R>,
  define: (id: string, schema: PlainSchema) => void,
): PlainSchema {
  const { access, schema } = definition
  const named = (part: unknown): PlainSchema => {
    const copy = mapSchemas(part, named)
    const id = copy.$id
    if (typeof id !== 'string') return copy
    define(id, copy)
    return { $ref: `${id}#` }
  }
  return {
    summary: definition.summary,
    ...(definition.description === undefined ? {} : { description: definition.description }),
    tags: definition.tags,
    'x-huitong-access': {
      callers: access.callers,
      ...(access.scope === undefined ? {} : { scope: access.scope }),
      ...(access.fourEyes === true ? { fourEyes: true } : {}),
    },
    security: security(access),
    ...(schema.params === undefined ? {} : { params: closedSchema(schema.params) }),
    ...(schema.querystring === undefined ? {} : { querystring: closedSchema(schema.querystring) }),
    ...(schema.body === undefined ? {} : { body: named(closedNames(schema.body)) }),
    ...requestHeaders(definition),
    response: {
      ...responses(
        schema.response,
        named,
        headersOf({ ...(definition.idempotent === true ? BATCH_NOTE : {}), ...definition.headers?.answer }),
      ),
      default: problemResponse(named),
    },
  }
}

const IDEMPOTENCY_KEY = {
  'Idempotency-Key': {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description: 'A key of your own. The same key and body again gets the first answer and has no second effect.',
  },
}

const BATCH_NOTE = {
  'Huitong-Batch':
    'Where something was booked: the batch of the journal, for `Huitong-At-Least-Batch` of a later read.',
}

function requestHeaders({ idempotent, headers }: Pick<RouteDefinition, 'idempotent' | 'headers'>): PlainSchema {
  const key = idempotent === true ? IDEMPOTENCY_KEY : {}
  const properties = { ...key, ...headersOf(headers?.request ?? {}) }
  if (Object.keys(properties).length === 0) return {}
  return { headers: { type: 'object', required: Object.keys(key), properties } }
}

function headersOf(notes: Readonly<Record<string, string>>): PlainSchema {
  return Object.fromEntries(Object.entries(notes).map(([name, description]) => [name, { type: 'string', description }]))
}

// Shows that unknown fields are refused, and keeps the names.
function closedNames(schema: unknown): PlainSchema {
  const copy = mapSchemas(schema, closedNames)
  if (copy.type === 'object' && copy.additionalProperties === undefined) copy.additionalProperties = false
  return copy
}

function responses(all: ResponseSchemas, named: (part: unknown) => PlainSchema, headers: PlainSchema): PlainSchema {
  const noted = Object.keys(headers).length === 0 ? {} : { headers }
  return Object.fromEntries(
    Object.entries(all).map(([status, schema]) => {
      const empty = status === '204' || !isObject(schema) || Object.keys(schema).length === 0
      return [
        status,
        empty
          ? { type: 'null', description: 'Done', ...noted }
          : { description: 'Done', ...noted, ...contentOf(named(schema)) },
      ]
    }),
  )
}

function contentOf(schema: PlainSchema, type = 'application/json'): PlainSchema {
  return { content: { [type]: { schema } } }
}

function problemResponse(named: (part: unknown) => PlainSchema): PlainSchema {
  return { description: 'What went wrong', ...contentOf(named(Problem), 'application/problem+json') }
}

function security(access: RouteAccess): Record<string, readonly string[]>[] {
  const ways = new Set(access.callers.flatMap((kind) => WAYS[kind]))
  const shown: Record<string, readonly string[]>[] = [...ways].map((way) => ({ [way]: [] }))
  return access.callers.includes('anonymous') ? [...shown, {}] : shown
}
