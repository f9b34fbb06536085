import { err, ok, type Result } from '@huitong/kernel'
import type { Tx } from '@huitong/pg'
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { insertAudit } from './audit-store.ts'
import type { Challenge } from './challenge-store.ts'
import type { DeviceSeen } from './device.ts'
import { enterDevice } from './devices.ts'
import { counterFollows, type Passkey } from './passkey.ts'
import type { PasskeyParts } from './passkey-parts.ts'
import type { PasskeyRefusal } from './passkey-refusals.ts'
import {
  lockPasskey,
  markPasskeyUsed,
  selectPasskey,
  selectPasskeys,
  selectUserHandle,
  suspendPasskey,
} from './passkey-store.ts'
import { RAISED_FOR, type Session } from './session.ts'
import { type StartedSession, startSession } from './session-start.ts'
import { raiseSession } from './session-store.ts'
import { authenticationOptions, verifyAuthentication } from './webauthn.ts'

export interface PasskeySignIn {
  /** What the browser is to be asked for somebody who wants to come in. It is the same for everybody, so it tells nothing of anybody. */
  signInOptions(): Promise<PublicKeyCredentialRequestOptionsJSON>
  signInWithPasskey(
    response: AuthenticationResponseJSON,
    address: string,
    device?: DeviceSeen,
  ): Promise<Result<StartedSession, PasskeyRefusal>>
  /** For the owner of this session, who is to prove more. */
  stepUpOptions(session: Session): Promise<Result<PublicKeyCredentialRequestOptionsJSON, PasskeyRefusal>>
  /** The session counts as signed by the passkey for a quarter of an hour. */
  stepUpWithPasskey(
    session: Session,
    response: AuthenticationResponseJSON,
    address: string,
  ): Promise<Result<null, PasskeyRefusal>>
}

export function createPasskeySignIn(parts: PasskeyParts): PasskeySignIn {
  const { db, clock, challenges, limiter, site } = parts

  /** Judges an answer up to its signature. The counter is judged under a lock, by `useKey`. */
  async function prove(
    response: AuthenticationResponseJSON,
    challenge: Challenge,
  ): Promise<Result<{ readonly passkey: Passkey; readonly counter: number }, PasskeyRefusal>> {
    const credentialId = Buffer.from(response.id, 'base64url')
    const found = await db.read(async (tx) => {
      const passkey = await selectPasskey(tx, credentialId)
      return passkey === undefined ? undefined : { passkey, handle: await selectUserHandle(tx, passkey.subject) }
    })
    if (found === undefined) return err('passkey_unknown')
    const { passkey, handle } = found
    const use = challenges.use(challenge)
    const used = await verifyAuthentication(site(), response, passkey, use.holds)
    if (used === undefined) return err(use.denied() ? 'challenge_invalid' : 'passkey_invalid')
    const { userHandle } = response.response
    const sameOwner = userHandle === undefined || sameBytes(handle, userHandle)
    return sameOwner ? ok({ passkey, counter: used.counter }) : err('passkey_invalid')
  }

  /** Takes the use into account, or suspends a key that seems to exist twice: both stay, whatever becomes of the sign-in. */
  async function useKey(passkey: Passkey, counter: number, address: string): Promise<PasskeyRefusal | undefined> {
    let refusal: PasskeyRefusal | undefined
    await db.transact(async (tx) => {
      refusal = await judgeUse(tx, passkey, counter, address)
      return ok(undefined)
    })
    return refusal
  }

  async function judgeUse(
    tx: Tx,
    passkey: Passkey,
    counter: number,
    address: string,
  ): Promise<PasskeyRefusal | undefined> {
    const at = clock.now()
    const { id, subject } = passkey
    const current = await lockPasskey(tx, id)
    if (current === undefined) return 'passkey_unknown'
    if (current.state !== 'active') return 'passkey_suspended'
    if (!counterFollows(current.counter, counter)) {
      await suspendPasskey(tx, id, at)
      await insertAudit(tx, { at, event: 'passkey_suspended', subject, address })
      return 'passkey_cloned'
    }
    await markPasskeyUsed(tx, id, counter, at)
    return undefined
  }

  async function refused(address: string): Promise<void> {
    limiter.failed(address)
    await db.transact(async (tx) => {
      await insertAudit(tx, { at: clock.now(), event: 'sign_in_refused', address })
      return ok(undefined)
    })
  }

  async function enter(
    response: AuthenticationResponseJSON,
    address: string,
    seen: DeviceSeen,
  ): Promise<Result<StartedSession, PasskeyRefusal>> {
    const proved = await prove(response, { purpose: 'sign_in', sessionId: null })
    if (!proved.ok) return proved
    const { passkey, counter } = proved.value
    const refusal = await useKey(passkey, counter, address)
    if (refusal !== undefined) return err(refusal)
    const { subject } = passkey
    if (!(await parts.maySignIn(subject))) return err('subject_not_active')
    return db.transact(async (tx) => {
      const device = await enterDevice(tx, parts, subject, seen, address)
      if (!device.ok) return device
      const session = await startSession(tx, parts, subject, 'passkey', device.value)
      await insertAudit(tx, { at: clock.now(), event: 'signed_in', subject, sessionId: session.sessionId, address })
      return ok(session)
    })
  }

  return {
    signInOptions: async () =>
      authenticationOptions(site(), await challenges.issue({ purpose: 'sign_in', sessionId: null }), []),

    signInWithPasskey: async (response, address, seen = {}) => {
      if (limiter.isBlocked(address)) return err('too_many_attempts')
      const entered = await enter(response, address, seen)
      if (!entered.ok) await refused(address)
      return entered
    },

    stepUpOptions: async (session) => {
      const passkeys = await db.read((tx) => selectPasskeys(tx, session.subject))
      const usable = passkeys.filter(({ state }) => state === 'active')
      if (usable.length === 0) return err('passkey_unknown')
      const challenge = await challenges.issue({ purpose: 'step_up', sessionId: session.id })
      return ok(await authenticationOptions(site(), challenge, usable))
    },

    stepUpWithPasskey: async (session, response, address) => {
      if (limiter.isBlocked(address)) return err('too_many_attempts')
      const proved = await prove(response, { purpose: 'step_up', sessionId: session.id })
      const { subject } = session
      const own = proved.ok && proved.value.passkey.subject
      if (!proved.ok || own === false || own.kind !== subject.kind || own.id !== subject.id) {
        limiter.failed(address)
        return proved.ok ? err('passkey_unknown') : proved
      }
      const refusal = await useKey(proved.value.passkey, proved.value.counter, address)
      if (refusal !== undefined) return err(refusal)
      return db.transact(async (tx) => {
        const at = clock.now()
        await raiseSession(tx, session.id, 'contract', at, at + RAISED_FOR)
        await insertAudit(tx, { at, event: 'session_raised', subject, sessionId: session.id, address })
        return ok(null)
      })
    },
  }
}

function sameBytes(known: Uint8Array | undefined, given: string): boolean {
  return known !== undefined && Buffer.from(given, 'base64url').equals(known)
}
