import type { Caller } from '@huitong/contract'
import { type Authenticator, type CredentialRequest, type HttpProblem, problem } from '@huitong/http'
import { type Clock, MICROS_PER_SECOND, type Micros, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { AttemptLimiter } from './attempt-limiter.ts'
import { fewAtOnce } from './few-at-once.ts'
import { isSafeMethod, type OriginRequest } from './own-origin.ts'
import { isLive, type Session, TOUCH_AFTER } from './session.ts'
import { selectSession, touchSession } from './session-store.ts'
import { isToken, tokenHash } from './token.ts'

/** A live session and the rights that its subject has now. */
interface Known {
  readonly session: Session
  readonly caller: Caller
}

interface Entry {
  readonly readAt: Micros
  readonly found: Promise<Known | undefined>
}

/** How long a session is believed without another look: what a sign-out in another process may take to be seen here. */
const AGE_MAX: Micros = 1_000_000
const ENTRIES_MAX = 20_000
/** From addresses that sent many false tokens, only so many are looked up at once: they get no more of the database. */
const SUSPECT_LOOKUPS_MAX = 4

export interface AuthenticationParts {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  readonly limiter: AttemptLimiter
  readonly cookieName: string
  readonly isOwnOrigin: (request: OriginRequest) => boolean
  /** The caller that a subject is now; undefined when it may not come in any more. */
  readonly callerOf: (session: Session) => Promise<Caller | undefined>
}

export interface Authentication {
  readonly authenticate: Authenticator
  sessionOf(caller: Caller): Session | undefined
  /** Forgets what is remembered, so that an ended session ends here at once. */
  forget(): void
}

/**
 * Finds callers by their session's token, in a cookie or as bearer. A token that is known is never refused for what others sent
 * from the same address, which may be a whole company's: 256 bits are not guessed, so false ones only cost us work. An address that sends
 * many waits for its look-ups in a short queue, and is told 429 for each further false one.
 */
export function createAuthentication(parts: AuthenticationParts): Authentication {
  const { db, clock, limiter } = parts
  const entries = new Map<string, Entry>()
  const sessions = new WeakMap<Caller, Session>()
  const fewSuspects = fewAtOnce(SUSPECT_LOOKUPS_MAX)

  async function read(hash: Buffer): Promise<Known | undefined> {
    const session = await db.read((tx) => selectSession(tx, hash))
    const now = clock.now()
    if (session === undefined || !isLive(session, now)) return undefined
    const caller = await parts.callerOf(session)
    if (caller === undefined) return undefined
    if (now - session.lastSeenAt < TOUCH_AFTER) return { session, caller }
    await db.transact(async (tx) => ok(await touchSession(tx, session.id, now)))
    return { session: { ...session, lastSeenAt: now }, caller }
  }

  /** Looks the token up, at most once a second. Only a look-up counts as a failure, not each use of what it found. */
  function remembered(token: string, address: string): Entry & { readonly isNew: boolean } {
    const hash = tokenHash(token)
    const key = hash.toString('base64')
    const now = clock.now()
    const entry = entries.get(key)
    if (entry !== undefined && now >= entry.readAt && now - entry.readAt <= AGE_MAX) return { ...entry, isNew: false }
    const found = limiter.isBlocked(address) ? fewSuspects(() => read(hash)) : read(hash)
    const added = { readAt: now, found }
    entries.delete(key)
    entries.set(key, added)
    for (const oldest of entries.keys()) {
      if (entries.size <= ENTRIES_MAX) break
      entries.delete(oldest)
    }
    found.catch(() => {
      if (entries.get(key) === added) entries.delete(key)
    })
    return { ...added, isNew: true }
  }

  async function callerBy(token: string, address: string): Promise<Caller | undefined> {
    const { found, isNew } = remembered(token, address)
    const known = await found
    if (known === undefined) {
      const wait = limiter.blockedFor(address)
      if (isNew) limiter.failed(address)
      if (wait > 0) throw tooManyAttempts(wait)
      return undefined
    }
    if (!isLive(known.session, clock.now())) return undefined
    sessions.set(known.caller, known.session)
    return known.caller
  }

  return {
    authenticate: async (request) => {
      const bearer = bearerToken(request)
      // A header is sent on purpose, so a false one is an error; a cookie may only be stale.
      if (bearer !== undefined) return (await callerBy(bearer, request.ip)) ?? 'invalid'
      const cookie = request.cookies[parts.cookieName]
      if (cookie === undefined || !isToken('session', cookie)) return undefined
      const caller = await callerBy(cookie, request.ip)
      if (caller === undefined) return undefined
      if (!isSafeMethod(request.method) && !parts.isOwnOrigin(request)) {
        throw problem(403, 'cross_site_request', 'A page of another site may not do this with your session.')
      }
      return caller
    },
    sessionOf: (caller) => sessions.get(caller),
    forget: () => entries.clear(),
  }
}

function tooManyAttempts(wait: Micros): HttpProblem {
  const seconds = String(Math.ceil(wait / MICROS_PER_SECOND))
  const detail = 'Too many false tokens came from this address.'
  return problem(429, 'too_many_attempts', detail, [], { 'retry-after': seconds })
}

function bearerToken(request: CredentialRequest): string | undefined {
  const match = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(request.headers.authorization ?? '')
  return match?.[1] !== undefined && isToken('session', match[1]) ? match[1] : undefined
}
