import type { RouteAccess } from '@huitong/contract'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { TSchema, TUnknown } from 'typebox'
import type { AnswerSigner } from './answer-signer.ts'
import type { Authenticator } from './authenticator.ts'
import type { ApprovalDesk, PerformApproved } from './four-eyes.ts'
import type { RawRoute, ResponseSchemas, RouteDefinition } from './route.ts'
import type { VisitRecorder } from './visit.ts'
import type { WebhookDefinition } from './webhook.ts'

export interface HttpOptions {
  readonly log: Logger
  /** Tried in this order; more can be added while the program is put together. */
  readonly authenticate?: readonly Authenticator[]
  /** Largest body in bytes; 1 MiB unless told. */
  readonly bodyLimit?: number
  /** Whose `X-Forwarded-*` headers are believed: addresses or networks. Nobody's unless told. */
  readonly trustProxy?: readonly string[]
  /** Whether the program can serve now; shown by /readyz. */
  readonly ready?: () => boolean
  /** Where routes that take four eyes send their requests. `unwatched` runs them at once, which only tests of a single module may. */
  readonly approvals?: ApprovalDesk | 'unwatched'
  /** Is told of every admitted request before its handler runs. */
  readonly record?: VisitRecorder
  /** Shown in the reference. */
  readonly version?: string
}

export interface RegisteredRoute {
  readonly method: string
  readonly url: string
  readonly access: RouteAccess
}

export interface HttpApp {
  addAuthenticator(authenticator: Authenticator): void
  /** For answers whose receivers must know whose they are without believing the line they came over. */
  addAnswerSigner(signer: AnswerSigner): void
  route<
    P extends TSchema = TUnknown,
    Q extends TSchema = TUnknown,
    B extends TSchema = TUnknown,
    R extends ResponseSchemas = ResponseSchemas,
  >(definition: RouteDefinition<P, Q, B, R>): void
  rawRoute(definition: RawRoute): void
  /** Lists what the program posts to others in the reference. */
  webhook(definition: WebhookDefinition): void
  /** Runs an approved request of a route that takes four eyes. */
  readonly performApproved: PerformApproved
  /** Every route with its access, in the order of registration. */
  readonly routes: readonly RegisteredRoute[]
  /** Makes a request without a network, for tests. */
  readonly inject: FastifyInstance['inject']
  /** Listens; port 0 takes any free one. Rejects with the system's error (`EADDRINUSE`). */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly port: number }>
  /** Takes no new requests, waits for those under way at most this long (10 s unless told), then closes. */
  drain(timeoutMs?: number): Promise<void>
}
