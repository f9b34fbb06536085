import { timingSafeEqual } from 'node:crypto'
import type { Authenticator } from '@huitong/http'
import type { Identity } from '@huitong/identity'
import { type Clock, MICROS_PER_SECOND, type Micros } from '@huitong/kernel'

export interface OperatorTokenOptions {
  /** Starts with `OPERATOR_TOKEN_PREFIX`. */
  readonly token: string
  readonly staffId: number
  readonly identity: Pick<Identity, 'authenticator' | 'issueOperatorToken'>
  readonly clock: Clock
}

/** Operator tokens start so; other bearer tokens are other authenticators' business. */
export const OPERATOR_TOKEN_PREFIX = 'huitong_operator_'

/**
 * Lets whoever can read `server.json`, that is the user whose program this is, act as the founding operator. The token is drawn
 * at every start and is good while the program runs. It stands for short sessions of that operator, so that what is done with it is
 * seen and ended like anything else that the operator does.
 */
export function operatorAuthenticator({ token, staffId, identity, clock }: OperatorTokenOptions): Authenticator {
  const expected = Buffer.from(`Bearer ${token}`)
  const bySession = identity.authenticator()
  let session: { readonly token: string; readonly expiresAt: Micros } | undefined

  async function liveSession(): Promise<string | undefined> {
    if (session !== undefined && clock.now() < session.expiresAt - MARGIN) return session.token
    const issued = await identity.issueOperatorToken(staffId)
    session = issued.ok ? issued.value : undefined
    return session?.token
  }

  return async (request) => {
    const given = Buffer.from(request.headers.authorization ?? '')
    if (!given.subarray(0, PREFIX.length).equals(PREFIX)) return undefined
    // The length is told by timing; it is no secret.
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'invalid'
    const live = await liveSession()
    if (live === undefined) return 'invalid'
    const found = await bySession({ ...request, headers: { ...request.headers, authorization: `Bearer ${live}` } })
    // Somebody ended the session meanwhile; the next request gets another.
    if (found === 'invalid') session = undefined
    return found
  }
}

const PREFIX = Buffer.from(`Bearer ${OPERATOR_TOKEN_PREFIX}`)
const MARGIN: Micros = 60 * MICROS_PER_SECOND
