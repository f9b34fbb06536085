import { type Chance, type Clock, err, ok, type Result } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import type { AttemptLimiter } from './attempt-limiter.ts'
import { insertAudit } from './audit-store.ts'
import type { CodeRefusal } from './code-refusals.ts'
import {
  activatePendingSecret,
  countRecoveryCodes,
  deleteCodes,
  lockCodeSecret,
  noteFalseCode,
  noteRightCode,
  putPendingSecret,
  replaceRecoveryCodes,
  selectCodeSecrets,
  takeRecoveryCode,
} from './code-store.ts'
import { askOthersForProof, mayChangeProofs } from './further-proof.ts'
import { type CodeSecret, RECOVERY_CODES, recoveryCodeOf, SECRET_BYTES, typedCode, waitAfter } from './one-time-code.ts'
import type { Secrets } from './secrets.ts'
import { RAISED_FOR, type Session } from './session.ts'
import { raiseSession } from './session-store.ts'
import type { Subject } from './subject.ts'
import { checkCode, enrolmentUri, secretText } from './totp.ts'
import type { RelyingParty } from './webauthn.ts'

export interface CodesState {
  /** When they were set up; null when they are not. */
  readonly confirmedAt: number | null
  readonly pending: boolean
  readonly recoveryCodesLeft: number
}

export interface Enrolment {
  /** In base 32, to be typed. */
  readonly secret: string
  /** The same as an address for apps. */
  readonly uri: string
}

export interface OneTimeCodes {
  codesOf(subject: Subject): Promise<CodesState>
  /** Draws a secret for an app. It counts once a code of it was given. */
  beginCodes(session: Session): Promise<Result<Enrolment, CodeRefusal>>
  /** What is being set up, to be shown again. */
  pendingEnrolment(session: Session): Promise<Enrolment | undefined>
  /** Recovery codes, which are shown this once. */
  confirmCodes(session: Session, code: string, address: string): Promise<Result<readonly string[], CodeRefusal>>
  renewRecoveryCodes(session: Session, address: string): Promise<Result<readonly string[], CodeRefusal>>
  removeCodes(session: Session, address: string): Promise<Result<null, CodeRefusal>>
  /** By a code of the app or a recovery code: the session counts as proved by two factors for a quarter of an hour. */
  stepUpWithCode(session: Session, code: string, address: string): Promise<Result<null, CodeRefusal>>
}

export interface OneTimeCodeParts {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  /** The world's, which is what apps go by, whatever a demo's clock says. */
  readonly wallClock: Clock
  readonly chance: Chance
  readonly limiter: AttemptLimiter
  readonly secrets: Secrets
  readonly site: () => RelyingParty
  readonly nameOf: (subject: Subject) => Promise<string>
}

export function createOneTimeCodes(parts: OneTimeCodeParts): OneTimeCodes {
  const { db, clock, wallClock, chance, limiter, secrets } = parts

  async function enrolment(subject: Subject, secret: Uint8Array): Promise<Enrolment> {
    const uri = enrolmentUri(parts.site().name, await parts.nameOf(subject), secret)
    return { secret: secretText(secret), uri }
  }

  async function drawRecoveryCodes(tx: Tx, subject: Subject): Promise<readonly string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCodeOf(chance.bytes(16)))
    const hashes = codes.map((code) => secrets.recoveryHash(subject, code.replace('-', '')))
    await replaceRecoveryCodes(tx, subject, hashes)
    return codes
  }

  /** Judges a code under the lock of its owner's secret; what it learns stays, whatever becomes of the rest. */
  async function useCode(tx: Tx, found: CodeSecret, text: string): Promise<CodeRefusal | 'app' | 'recovery'> {
    const { subject, failures, blockedUntil } = found
    const now = wallClock.now()
    if (blockedUntil !== null && now < blockedUntil) return 'code_attempts_blocked'
    const typed = typedCode(text)
    const verdict = typed === undefined ? 'code_invalid' : await judge(tx, found, typed, now)
    if (verdict === 'app' || verdict === 'recovery') return verdict
    const wait = waitAfter(failures + 1)
    await noteFalseCode(tx, subject, failures + 1, wait === 0 ? null : now + wait)
    return verdict
  }

  async function judge(
    tx: Tx,
    found: CodeSecret,
    { kind, code }: { readonly kind: 'app' | 'recovery'; readonly code: string },
    now: number,
  ): Promise<CodeRefusal | 'app' | 'recovery'> {
    const { subject, lastStep } = found
    if (kind === 'recovery') {
      const taken = await takeRecoveryCode(tx, subject, secrets.recoveryHash(subject, code), clock.now())
      if (taken !== 'taken') return taken === 'unknown' ? 'code_invalid' : 'code_used_before'
      await noteRightCode(tx, subject, lastStep)
      return 'recovery'
    }
    const step = checkCode(secrets.open(subject, found), code, now)
    if (step === undefined) return 'code_invalid'
    if (step <= lastStep) return 'code_used_before'
    await noteRightCode(tx, subject, step)
    return 'app'
  }

  return {
    codesOf: (subject) =>
      db.read(async (tx) => {
        const found = await selectCodeSecrets(tx, subject)
        return {
          confirmedAt: found.find(({ state }) => state === 'active')?.confirmedAt ?? null,
          pending: found.some(({ state }) => state === 'pending'),
          recoveryCodesLeft: await countRecoveryCodes(tx, subject),
        }
      }),

    beginCodes: async (session) => {
      const { subject } = session
      const secret = chance.bytes(SECRET_BYTES)
      const begun = await db.transact(async (tx) => {
        if (!(await mayChangeProofs(tx, session, clock.now()))) return err('stronger_sign_in_required')
        await putPendingSecret(tx, subject, secrets.seal(subject, secret), clock.now())
        return ok(null)
      })
      return begun.ok ? ok(await enrolment(subject, secret)) : begun
    },

    pendingEnrolment: async ({ subject }) => {
      const found = await db.read((tx) => selectCodeSecrets(tx, subject))
      const pending = found.find(({ state }) => state === 'pending')
      return pending === undefined ? undefined : enrolment(subject, secrets.open(subject, pending))
    },

    confirmCodes: async (session, code, address) => {
      const { subject } = session
      return db.transact(async (tx) => {
        const at = clock.now()
        if (!(await mayChangeProofs(tx, session, at))) return err('stronger_sign_in_required')
        const found = await lockCodeSecret(tx, subject, 'pending')
        if (found === undefined) return err('codes_not_set_up')
        const typed = typedCode(code)
        const step =
          typed?.kind === 'app' ? checkCode(secrets.open(subject, found), typed.code, wallClock.now()) : undefined
        if (step === undefined) return err('code_invalid')
        await activatePendingSecret(tx, subject, step, at)
        await raiseSession(tx, session.id, 'two_factors', at, at + RAISED_FOR)
        await askOthersForProof(tx, session)
        await insertAudit(tx, { at, event: 'codes_set_up', subject, sessionId: session.id, address })
        return ok(await drawRecoveryCodes(tx, subject))
      })
    },

    renewRecoveryCodes: (session, address) =>
      db.transact(async (tx) => {
        const { subject } = session
        const at = clock.now()
        if (!(await mayChangeProofs(tx, session, at))) return err('stronger_sign_in_required')
        if ((await lockCodeSecret(tx, subject, 'active')) === undefined) return err('codes_not_set_up')
        await insertAudit(tx, { at, event: 'recovery_codes_renewed', subject, sessionId: session.id, address })
        return ok(await drawRecoveryCodes(tx, subject))
      }),

    removeCodes: (session, address) =>
      db.transact(async (tx) => {
        const { subject } = session
        const at = clock.now()
        if (!(await mayChangeProofs(tx, session, at))) return err('stronger_sign_in_required')
        if (!(await deleteCodes(tx, subject))) return err('codes_not_set_up')
        await insertAudit(tx, { at, event: 'codes_removed', subject, sessionId: session.id, address })
        return ok(null)
      }),

    stepUpWithCode: async (session, code, address) => {
      if (limiter.isBlocked(address)) return err('too_many_attempts')
      const { subject } = session
      let refusal: CodeRefusal | undefined
      await db.transact(async (tx) => {
        const found = await lockCodeSecret(tx, subject, 'active')
        const verdict = found === undefined ? 'codes_not_set_up' : await useCode(tx, found, code)
        if (verdict !== 'app' && verdict !== 'recovery') {
          refusal = verdict
          return ok(null)
        }
        const at = clock.now()
        const about = { at, subject, sessionId: session.id, address }
        await raiseSession(tx, session.id, 'two_factors', at, at + RAISED_FOR)
        if (verdict === 'recovery') await insertAudit(tx, { ...about, event: 'recovery_code_used' })
        await insertAudit(tx, { ...about, event: 'session_raised' })
        return ok(null)
      })
      if (refusal === undefined) return ok(null)
      limiter.failed(address)
      await db.transact(async (tx) => {
        await insertAudit(tx, { at: clock.now(), event: 'code_refused', subject, sessionId: session.id, address })
        return ok(null)
      })
      return err(refusal)
    },
  }
}
