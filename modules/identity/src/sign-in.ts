import { type Chance, type Clock, err, MICROS_PER_SECOND, type Micros, ok, type Result } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import type { AttemptLimiter } from './attempt-limiter.ts'
import { insertAudit } from './audit-store.ts'
import type { DeviceSeen } from './device.ts'
import { enterDevice } from './devices.ts'
import { insertLink, lockLink, markLinkUsed, readLinkSubject } from './link-store.ts'
import { OPERATOR_TOKEN_LIFE_SECONDS } from './session.ts'
import { type StartedSession, startSession } from './session-start.ts'
import type { SignInRefusal } from './sign-in-refusals.ts'
import type { Subject } from './subject.ts'
import { drawToken, isToken, tokenHash } from './token.ts'

export const LINK_LIFE_SECONDS = 15 * 60

export interface IssuedLink {
  /** Shown once; the address is `/signin/<token>`. */
  readonly token: string
  readonly expiresAt: Micros
}

export interface SignIn {
  issueSignInLink(subject: Subject, lifeSeconds?: number): Promise<IssuedLink>
  signIn(linkToken: string, address: string, device?: DeviceSeen): Promise<Result<StartedSession, SignInRefusal>>
  issueOperatorToken(staffId: number): Promise<Result<StartedSession, 'subject_not_active'>>
}

export interface SignInParts {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  readonly chance: Chance
  readonly limiter: AttemptLimiter
  readonly maySignIn: (subject: Subject) => Promise<boolean>
}

export function createSignIn({ db, clock, chance, limiter, maySignIn }: SignInParts): SignIn {
  /**
   * Asked before the transaction and not within it: the answer takes a connection of its own, and when as many sign-ins as there are
   * connections wait for another one each, none ever comes free.
   */
  async function subjectMaySignIn(hash: Buffer): Promise<boolean> {
    const subject = await db.read((tx) => readLinkSubject(tx, hash))
    return subject !== undefined && (await maySignIn(subject))
  }

  async function exchange(
    tx: Tx,
    hash: Buffer,
    maySubject: boolean,
    address: string,
    seen: DeviceSeen,
  ): Promise<Result<StartedSession, SignInRefusal>> {
    const link = await lockLink(tx, hash)
    if (link === undefined) return err('link_unknown')
    if (link.usedAt !== null) return err('link_used')
    const at = clock.now()
    if (at >= link.expiresAt) return err('link_expired')
    if (!maySubject) return err('subject_not_active')
    const device = await enterDevice(tx, { clock, chance }, link.subject, seen, address)
    if (!device.ok) return device
    await markLinkUsed(tx, hash, at)
    const session = await startSession(tx, { clock, chance }, link.subject, 'link', device.value)
    const { subject, sessionId } = session
    await insertAudit(tx, { at, event: 'signed_in', subject, sessionId, address })
    return ok(session)
  }

  async function exchanged(
    hash: Buffer,
    address: string,
    seen: DeviceSeen,
  ): Promise<Result<StartedSession, SignInRefusal>> {
    const maySubject = await subjectMaySignIn(hash)
    return await db.transact((tx) => exchange(tx, hash, maySubject, address, seen))
  }

  return {
    issueSignInLink: async (subject, lifeSeconds = LINK_LIFE_SECONDS) => {
      const token = drawToken('link', chance)
      const at = clock.now()
      const expiresAt = at + lifeSeconds * MICROS_PER_SECOND
      await db.transact(async (tx) => {
        await insertLink(tx, tokenHash(token), subject, at, expiresAt)
        await insertAudit(tx, { at, event: 'link_issued', subject })
        return ok(undefined)
      })
      return { token, expiresAt }
    },

    signIn: async (linkToken, address, seen = {}) => {
      if (limiter.isBlocked(address)) return err('too_many_attempts')
      const result = isToken('link', linkToken)
        ? await exchanged(tokenHash(linkToken), address, seen)
        : err('link_unknown')
      if (result.ok) return result
      limiter.failed(address)
      await db.transact(async (tx) => {
        await insertAudit(tx, { at: clock.now(), event: 'sign_in_refused', address })
        return ok(undefined)
      })
      return result
    },

    issueOperatorToken: async (staffId) => {
      const subject = { kind: 'staff', id: staffId } as const
      if (!(await maySignIn(subject))) return err('subject_not_active')
      const limits = { idleSeconds: OPERATOR_TOKEN_LIFE_SECONDS, lifeSeconds: OPERATOR_TOKEN_LIFE_SECONDS }
      return db.transact(async (tx) => {
        const session = await startSession(tx, { clock, chance }, subject, 'operator', null, limits)
        const { sessionId } = session
        await insertAudit(tx, { at: clock.now(), event: 'operator_token_issued', subject, sessionId })
        return ok(session)
      })
    },
  }
}
