import type { IncomingHttpHeaders } from 'node:http'
import type { RouteAccess } from '@huitong/contract'
import {
  badField,
  type HttpApp,
  HttpProblem,
  HttpReply,
  problem,
  type RawReply,
  type RawRequest,
  type RawRoute,
  type ResponseBody,
  type ResponseSchemas,
  type RouteReply,
  type RouteRequest,
  type RouteSchema,
  reply,
  withHeaders,
} from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import type { Static, TSchema, TUnknown } from 'typebox'
import type { AtLeast, PrimaryReason, ReadDesk, ReadStatement } from './read-desk.ts'
import type { ReadSource } from './read-source.ts'

/** A route that only reads. Its handler may run twice: on the replica, and again on the primary when that failed. */
interface ReadRoute<P extends TSchema, Q extends TSchema, R extends ResponseSchemas> {
  readonly method: 'GET'
  readonly url: string
  readonly access: RouteAccess
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly schema: Omit<RouteSchema<P, Q, TUnknown, R>, 'body'>
  readonly handler: (
    request: RouteRequest<Static<P>, Static<Q>, unknown>,
    source: ReadSource,
  ) => Promise<RouteReply<ResponseBody<R>>>
}

interface RawReadRoute extends Omit<RawRoute, 'method' | 'handler'> {
  readonly method: 'GET'
  /** Reads, and gives back what makes the answer of it, when the source is not needed any more: a PDF takes its time. */
  readonly handler: (request: RawRequest, source: ReadSource) => Promise<() => Promise<RawReply> | RawReply>
}

/** Where routes are registered that a replica may answer. Their answers say where they came from and what they have seen. */
export interface ReadRoutes {
  route<P extends TSchema = TUnknown, Q extends TSchema = TUnknown, R extends ResponseSchemas = ResponseSchemas>(
    definition: ReadRoute<P, Q, R>,
  ): void
  rawRoute(definition: RawReadRoute): void
}

const AT_LEAST = 'huitong-at-least-batch'

const HEADERS = {
  request: {
    'Huitong-At-Least-Batch':
      'The number of a batch that the answer must have seen, such as `Huitong-Batch` of an earlier answer, or `newest` for all that is ' +
      'committed by now. Without it the answer may be as old as `Huitong-Read-Behind` says.',
  },
  answer: {
    'Huitong-Read-From': '`replica` or `primary`',
    'Huitong-Read-Batch': 'Every batch up to this one is in the answer; from the replica, none after it.',
    'Huitong-Read-At': 'The time of that batch',
    'Huitong-Read-Behind': 'For how many seconds, at most, the source has lacked a batch; 0 when it lacks none',
    'Huitong-Read-Reason':
      'Why the primary answered although there is a replica: `unreachable`, `diverged`, `lagging`, `awaiting_batch`, `slow`, ' +
      '`cancelled` or `failed`',
  },
} as const

export function readRoutes(http: HttpApp, desk: ReadDesk): ReadRoutes {
  async function answer<Body>(
    headers: IncomingHttpHeaders,
    handler: (source: ReadSource) => Promise<RouteReply<Body>>,
  ): Promise<RouteReply<Body>> {
    const read = await desk.answer(atLeastOf(headers), (source) => handler(source).catch(problemAsAnswer))
    switch (read.status) {
      case 'answered':
        return withHeaders(read.value, statementHeaders(read.statement))
      case 'batch_unknown':
        return badField('Huitong-At-Least-Batch', 'known_batch', `is not a batch yet; the newest is ${read.newest}`)
      case 'refused':
        return refusal(read.reason)
    }
  }

  return {
    route: ({ handler, ...definition }) =>
      http.route({
        ...definition,
        headers: HEADERS,
        handler: (request) => answer(request.headers, (source) => handler(request, source)),
      }),
    rawRoute: ({ handler, ...definition }) =>
      http.rawRoute({
        ...definition,
        handler: async (request) => {
          const made = await answer(request.headers, async (source) => reply(await handler(request, source)))
          if (made instanceof HttpProblem) throw made
          const replied = await made.body()
          return new HttpReply(replied.body, {
            status: replied.status,
            headers: { ...made.headers, ...replied.headers },
          })
        },
      }),
  }
}

/** What a handler throws for its caller, such as "not found", is an answer like any other, as of the batch that it looked at. */
function problemAsAnswer(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  throw error
}

function atLeastOf(headers: IncomingHttpHeaders): AtLeast {
  const given = headers[AT_LEAST]
  if (given === undefined) return 0
  if (given === 'newest') return given
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given)
  throw badField('Huitong-At-Least-Batch', 'batch', 'must be the number of a batch, or newest')
}

function statementHeaders({ from, batch, at, behindMs, reason }: ReadStatement): Readonly<Record<string, string>> {
  return {
    'huitong-read-from': from,
    'huitong-read-batch': String(batch),
    ...(batch === 0 ? {} : { 'huitong-read-at': microsToIso(at) }),
    'huitong-read-behind': secondsText(behindMs),
    ...(reason === undefined ? {} : { 'huitong-read-reason': reason }),
  }
}

/** Milliseconds as seconds, rounded up: `0.1`. */
export function secondsText(millis: number): string {
  return millis === 0 ? '0' : (Math.ceil(millis / 100) / 10).toFixed(1)
}

function refusal(reason: PrimaryReason): HttpProblem {
  const detail = `The read replica cannot answer this now (${reason.replaceAll('_', ' ')}), and the primary is not to be asked instead.`
  return problem(503, 'replica_unavailable', detail, [], {
    'retry-after': '1',
    'huitong-read-reason': reason,
  })
}
