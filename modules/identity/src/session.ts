import { isAtLeast, type ProofStrength } from '@huitong/contract'
import { MICROS_PER_SECOND, type Micros } from '@huitong/kernel'
import type { Subject, SubjectKind } from './subject.ts'

/** How a session began: by a one-time link, by the program for the operator at its own machine, or by a passkey. */
export const SESSION_METHODS = ['link', 'operator', 'passkey'] as const
export type SessionMethod = (typeof SESSION_METHODS)[number]

/** A link is one thing that somebody has. A passkey is two, and signs. */
export const METHOD_STRENGTHS: Readonly<Record<SessionMethod, ProofStrength>> = {
  link: 'one_factor',
  operator: 'one_factor',
  passkey: 'contract',
}

export interface Session {
  readonly id: number
  readonly subject: Subject
  readonly method: SessionMethod
  /** What it began with, for all its life. */
  readonly strength: ProofStrength
  /** What its owner proved since, good for a while. */
  readonly raised: { readonly strength: ProofStrength; readonly until: Micros } | null
  /** Began with a link of somebody who has to prove more before it is good for anything. */
  readonly awaitsProof: boolean
  /** Null of programs that show none, and of the operator's own machine. */
  readonly deviceId: number | null
  readonly startedAt: Micros
  readonly lastSeenAt: Micros
  readonly idleSeconds: number
  /** Ends then, however busy it is. */
  readonly expiresAt: Micros
  readonly endedAt: Micros | null
}

export interface SessionLimits {
  readonly idleSeconds: number
  readonly lifeSeconds: number
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Staff see other people's money, so their sessions are short; a customer's ends after a month or a week unused. */
export const SESSION_LIMITS: Readonly<Record<SubjectKind, SessionLimits>> = {
  staff: { idleSeconds: 30 * MINUTE, lifeSeconds: 12 * HOUR },
  customer: { idleSeconds: 7 * DAY, lifeSeconds: 30 * DAY },
}

/** For the command line on the server's own machine, which asks anew each time. */
export const OPERATOR_TOKEN_LIFE_SECONDS = 10 * MINUTE

/** Last use is written down at most once a minute, or every request would be a write. */
export const TOUCH_AFTER: Micros = MINUTE * MICROS_PER_SECOND

/** How long a further proof in the middle of a session counts. */
export const RAISED_FOR: Micros = 15 * MINUTE * MICROS_PER_SECOND

export function strengthAt({ strength, raised }: Session, at: Micros): ProofStrength {
  if (raised === null || at >= raised.until) return strength
  return isAtLeast(strength, raised.strength) ? strength : raised.strength
}

/** Until when a proof of two factors or better, made in this session, counts as made just now; null when there is none. */
export function strongUntil({ strength, raised, startedAt }: Session): Micros | null {
  const proofs = raised === null ? [] : [raised.until]
  // A passkey at the beginning is as good as one in the middle, and for as long.
  if (strength === 'contract') proofs.push(startedAt + RAISED_FOR)
  return proofs.length === 0 ? null : Math.max(...proofs)
}

export function isLive(session: Session, at: Micros): boolean {
  if (session.endedAt !== null || at >= session.expiresAt) return false
  return at < session.lastSeenAt + session.idleSeconds * MICROS_PER_SECOND
}
