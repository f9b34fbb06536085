import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '@huitong/contract'

/** The parts of a request that can carry credentials, as they came. */
export interface CredentialRequest {
  readonly method: string
  /** Path and query exactly as received, for signatures over it. */
  readonly rawTarget: string
  readonly headers: IncomingHttpHeaders
  readonly cookies: Readonly<Record<string, string | undefined>>
  /** Empty when there was no body. */
  readonly rawBody: Buffer
  /** The peer's address, for limits and audit. */
  readonly ip: string
  /** `https` over TLS, or behind a trusted proxy that says so. */
  readonly protocol: string
}

/**
 * Looks for one kind of credentials: `undefined` when the request carries none of that kind, `invalid` when it carries
 * some that do not hold. The first authenticator that finds any decides.
 */
export type Authenticator = (request: CredentialRequest) => Promise<Caller | 'invalid' | undefined>
