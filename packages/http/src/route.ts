import type { IncomingHttpHeaders } from 'node:http'
import type { Caller, RouteAccess } from '@huitong/contract'
import type { Static, TSchema, TUnknown } from 'typebox'
import type { CredentialRequest } from './authenticator.ts'
import type { HttpLog } from './http-log.ts'
import type { RawReply, RouteReply } from './http-reply.ts'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Schemas of answers by status; the ones for errors are added for every route. */
export type ResponseSchemas = Readonly<Record<number, TSchema>>

export type ResponseBody<R extends ResponseSchemas> = {
  [Status in keyof R]: R[Status] extends TSchema ? Static<R[Status]> : never
}[keyof R]

/**
 * Objects in `params`, `querystring` and `body` are closed: a field that they do not name is refused. A part without a
 * schema must be absent or empty.
 */
export interface RouteSchema<P extends TSchema, Q extends TSchema, B extends TSchema, R extends ResponseSchemas> {
  readonly params?: P
  readonly querystring?: Q
  readonly body?: B
  readonly response: R
}

/** What a handler gets: checked against the schemas, and by a caller who may call this route. */
export interface RouteRequest<P, Q, B> {
  readonly caller: Caller
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly requestId: string
  readonly headers: IncomingHttpHeaders
  readonly ip: string
  readonly log: HttpLog
}

export interface IdempotentRouteRequest<P, Q, B> extends RouteRequest<P, Q, B> {
  /** The caller's own key for this request: 1–255 printable ASCII characters. */
  readonly idempotencyKey: string
}

interface RouteCommon<P extends TSchema, Q extends TSchema, B extends TSchema, R extends ResponseSchemas> {
  readonly method: HttpMethod
  /** With parameters as `:name`. */
  readonly url: string
  readonly access: RouteAccess
  /** One line for the reference. */
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly schema: RouteSchema<P, Q, B, R>
  readonly headers?: HeaderNotes
}

/** Headers beside those that all routes have, by name, with what they say. For the reference: the handler reads, judges and sets them. */
export interface HeaderNotes {
  readonly request?: Readonly<Record<string, string>>
  readonly answer?: Readonly<Record<string, string>>
}

export interface PlainRoute<P extends TSchema, Q extends TSchema, B extends TSchema, R extends ResponseSchemas>
  extends RouteCommon<P, Q, B, R> {
  readonly idempotent?: false
  readonly handler: (
    request: RouteRequest<Static<P>, Static<Q>, Static<B>>,
  ) => RouteReply<ResponseBody<R>> | Promise<RouteReply<ResponseBody<R>>>
}

/** A route where value moves or something is made: a request without `Idempotency-Key` is refused. */
export interface IdempotentRoute<P extends TSchema, Q extends TSchema, B extends TSchema, R extends ResponseSchemas>
  extends RouteCommon<P, Q, B, R> {
  readonly idempotent: true
  readonly handler: (
    request: IdempotentRouteRequest<Static<P>, Static<Q>, Static<B>>,
  ) => RouteReply<ResponseBody<R>> | Promise<RouteReply<ResponseBody<R>>>
}

export type RouteDefinition<
  P extends TSchema = TUnknown,
  Q extends TSchema = TUnknown,
  B extends TSchema = TUnknown,
  R extends ResponseSchemas = ResponseSchemas,
> = PlainRoute<P, Q, B, R> | IdempotentRoute<P, Q, B, R>

/** A request with its bytes untouched, for pages and for gateways that sign over them and have error answers of their own. */
export interface RawRequest extends CredentialRequest {
  readonly caller: Caller
  readonly params: Readonly<Record<string, string>>
  readonly requestId: string
  readonly log: HttpLog
  readonly host: string
}

export interface RawRoute {
  readonly method: HttpMethod | readonly HttpMethod[]
  readonly url: string
  readonly access: RouteAccess
  readonly summary: string
  readonly handler: (request: RawRequest) => Promise<RawReply> | RawReply
}
