import { type Chance, type Clock, MICROS_PER_SECOND, type Micros } from '@huitong/kernel'
import type { Tx } from '@huitong/pg'
import type { EnteredDevice } from './devices.ts'
import { furtherProofs, owesProof } from './further-proof.ts'
import { METHOD_STRENGTHS, SESSION_LIMITS, type SessionLimits, type SessionMethod } from './session.ts'
import { insertSession } from './session-store.ts'
import type { Subject } from './subject.ts'
import { drawToken, tokenHash } from './token.ts'

export interface StartedSession {
  /** For the cookie, or `Authorization: Bearer`. Shown once. */
  readonly token: string
  readonly sessionId: number
  readonly subject: Subject
  readonly expiresAt: Micros
  /** Whether it is good for nothing before its owner proves more. */
  readonly awaitsProof: boolean
  /** For the device to keep and to show at its next sign-in; null of the operator's own machine. */
  readonly deviceToken: string | null
}

export async function startSession(
  tx: Tx,
  { clock, chance }: { readonly clock: Clock; readonly chance: Chance },
  subject: Subject,
  method: SessionMethod,
  device: EnteredDevice | null,
  limits: SessionLimits = SESSION_LIMITS[subject.kind],
): Promise<StartedSession> {
  const token = drawToken('session', chance)
  const startedAt = clock.now()
  const expiresAt = startedAt + limits.lifeSeconds * MICROS_PER_SECOND
  const { idleSeconds } = limits
  const strength = METHOD_STRENGTHS[method]
  const awaitsProof = method === 'link' && owesProof(subject, await furtherProofs(tx, subject))
  const deviceId = device?.id ?? null
  const proof = { method, strength, awaitsProof }
  const session = { hash: tokenHash(token), subject, ...proof, deviceId, startedAt, idleSeconds, expiresAt }
  const sessionId = await insertSession(tx, session)
  return { token, sessionId, subject, expiresAt, awaitsProof, deviceToken: device?.token ?? null }
}
