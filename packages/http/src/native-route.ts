import type { Caller, FieldError } from '@huitong/contract'
import { invariant, isStorable } from '@huitong/kernel'
import type { FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { bodyChecker, textsChecker } from './checkers.ts'
import type { ApprovalDesk, PerformApproved } from './four-eyes.ts'
import { badField, HttpProblem } from './http-problem.ts'
import type { RouteReply } from './http-reply.ts'
import { bodyBytes, pathParameters, rawQuery } from './incoming.ts'
import { parseJsonBody, unstorable } from './json-body.ts'
import { parseQuery } from './query-text.ts'
import type { ResponseSchemas, RouteDefinition, RouteRequest } from './route.ts'

/** Runs a route for an admitted caller: reads and judges the request part by part, then hands it to the handler. */
type RunRoute = (request: FastifyRequest, caller: Caller) => Promise<RouteReply<unknown>>

export interface CompiledRoute {
  readonly run: RunRoute
  /** For a request that was proposed before and is approved now. */
  readonly perform: PerformApproved
}

export function compileRoute<P extends TSchema, Q extends TSchema, B extends TSchema, R extends ResponseSchemas>(
  definition: RouteDefinition<P, Q, B, R>,
  desk: ApprovalDesk | 'unwatched' | undefined,
): CompiledRoute {
  const { schema } = definition
  const checkParams = textsChecker(schema.params)
  const checkQuery = textsChecker(schema.querystring)
  const checkBody = bodyChecker(schema.body)
  // A body of which every field may be left out may be left out itself, as it was before such a field came.
  const needsBody = schema.body !== undefined && !checkBody({}).ok
  const { method, url: route, access } = definition
  const watched = access.fourEyes === true && desk !== 'unwatched'
  invariant(!watched || desk !== undefined, `${method} ${route} takes four eyes, and there is no desk for approvals`)
  invariant(!watched || access.scope !== undefined, `${method} ${route} takes four eyes, so it must name a scope`)
  invariant(!watched || definition.idempotent === true, `${method} ${route} takes four eyes, so it must be idempotent`)

  const perform: PerformApproved = async (request, caller, idempotencyKey, circumstances) => {
    const params = accepted(checkParams(request.params), 'The address is not valid.')
    const query = accepted(checkQuery({}), 'The query is not valid.')
    const body = accepted(checkBody(request.body), 'The body is not valid.')
    return await definition.handler({ ...circumstances, caller, params, query, body, idempotencyKey })
  }

  const run: RunRoute = async (request, caller) => {
    const key = definition.idempotent === true ? idempotencyKey(request) : ''
    const params = accepted(checkParams(storableParameters(pathParameters(request))), 'The address is not valid.')
    const parsed = accepted(parseQuery(rawQuery(request)), 'The query is not valid.')
    const query = accepted(checkQuery(parsed), 'The query is not valid.')
    const body = accepted(checkBody(jsonBody(request, needsBody)), 'The body is not valid.')
    if (watched && desk !== undefined && access.scope !== undefined) {
      return desk.propose({ method, route, scope: access.scope, params, body }, caller, key)
    }
    const common: RouteRequest<typeof params, typeof query, typeof body> = {
      caller,
      params,
      query,
      body,
      requestId: request.id,
      headers: request.headers,
      ip: request.ip,
      log: request.log,
    }
    if (definition.idempotent === true) return await definition.handler({ ...common, idempotencyKey: key })
    return await definition.handler(common)
  }
  return { run, perform }
}

function accepted<T>(
  checked: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: readonly FieldError[] },
  detail: string,
): T {
  if (checked.ok) return checked.value
  throw new HttpProblem(400, 'invalid_request', detail, { errors: checked.error })
}

function storableParameters(params: Record<string, string>): Record<string, string> {
  const bad = Object.entries(params).find(([, value]) => !isStorable(value))
  if (bad === undefined) return params
  throw new HttpProblem(400, 'invalid_request', 'The address is not valid.', { errors: [unstorable(bad[0])] })
}

const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i

function jsonBody(request: FastifyRequest, expected: boolean): unknown {
  if (announcesUnreadBody(request)) {
    throw new HttpProblem(400, 'body_not_allowed', `A ${request.method} request may not have a body.`)
  }
  const bytes = bodyBytes(request)
  if (bytes.length === 0) {
    if (!expected) return {}
    throw new HttpProblem(400, 'body_missing', 'This request needs a JSON body.')
  }
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new HttpProblem(415, 'unsupported_media_type', 'Send the body as application/json in UTF-8.', {
      headers: { accept: 'application/json' },
    })
  }
  const parsed = parseJsonBody(bytes)
  if (parsed.ok) return parsed.value
  throw new HttpProblem(400, parsed.error.code, parsed.error.detail, { errors: parsed.error.errors })
}

/** The body of a GET is never read, so it would pass unseen; its headers tell of it. */
function announcesUnreadBody({ method, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

const PRINTABLE = /^[\x20-\x7e]{1,255}$/

function idempotencyKey(request: FastifyRequest): string {
  const given = request.headers['idempotency-key']
  if (given === undefined) {
    throw new HttpProblem(400, 'idempotency_key_required', 'Send an Idempotency-Key header with a key of your own.', {
      errors: [{ field: 'Idempotency-Key', rule: 'required', message: 'is missing' }],
    })
  }
  if (typeof given === 'string' && PRINTABLE.test(given)) return given
  throw badField('Idempotency-Key', 'printable_ascii', 'must be 1 to 255 printable ASCII characters')
}
