import { err, ok, type Result } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { insertAudit } from './audit-store.ts'
import { askOthersForProof, mayChangeProofs } from './further-proof.ts'
import { PASSKEYS_MAX, type Passkey } from './passkey.ts'
import type { PasskeyParts } from './passkey-parts.ts'
import type { PasskeyRefusal } from './passkey-refusals.ts'
import { ensureUserHandle, insertPasskey, lockUserHandle, removePasskey, selectPasskeys } from './passkey-store.ts'
import type { Session } from './session.ts'
import type { Subject } from './subject.ts'
import { registrationOptions, verifyRegistration } from './webauthn.ts'

export interface PasskeyRegister {
  /** What the browser is to be asked for a new passkey of the session's owner. */
  passkeyOptions(session: Session): Promise<Result<PublicKeyCredentialCreationOptionsJSON, PasskeyRefusal>>
  addPasskey(
    session: Session,
    name: string,
    response: RegistrationResponseJSON,
    address: string,
  ): Promise<Result<Passkey, PasskeyRefusal>>
  removePasskey(session: Session, id: number, address: string): Promise<Result<null, PasskeyRefusal>>
  /** Those that were not removed, newest first. */
  listPasskeys(subject: Subject): Promise<readonly Passkey[]>
}

export function createPasskeyRegister(parts: PasskeyParts): PasskeyRegister {
  const { db, clock, chance, challenges, site } = parts

  async function mayChange(tx: ReadTx, session: Session): Promise<Result<readonly Passkey[], PasskeyRefusal>> {
    const present = await selectPasskeys(tx, session.subject)
    return (await mayChangeProofs(tx, session, clock.now())) ? ok(present) : err('stronger_sign_in_required')
  }

  return {
    passkeyOptions: async (session) => {
      const { subject } = session
      const prepared = await db.transact(async (tx) => {
        const allowed = await mayChange(tx, session)
        if (!allowed.ok) return allowed
        if (allowed.value.length >= PASSKEYS_MAX) return err('passkeys_too_many')
        return ok({ handle: await ensureUserHandle(tx, subject, chance.bytes(32)), present: allowed.value })
      })
      if (!prepared.ok) return prepared
      const challenge = await challenges.issue({ purpose: 'register', sessionId: session.id })
      const userName = await parts.nameOf(subject)
      return ok(await registrationOptions(site(), { challenge, userName, ...prepared.value }))
    },

    addPasskey: async (session, name, response, address) => {
      const { subject } = session
      const use = challenges.use({ purpose: 'register', sessionId: session.id })
      const key = await verifyRegistration(site(), response, use.holds)
      if (key === undefined) return err(use.denied() ? 'challenge_invalid' : 'passkey_invalid')
      return db.transact(async (tx) => {
        await lockUserHandle(tx, subject)
        const allowed = await mayChange(tx, session)
        if (!allowed.ok) return allowed
        if (allowed.value.length >= PASSKEYS_MAX) return err('passkeys_too_many')
        const transports = (response.response.transports ?? []).filter((one) => TRANSPORT.test(one))
        const at = clock.now()
        const added = await insertPasskey(tx, {
          ...key,
          subject,
          name,
          transports,
          deviceId: session.deviceId,
          createdAt: at,
        })
        if (added === undefined) return err('passkey_registered_before')
        await askOthersForProof(tx, session)
        await insertAudit(tx, { at, event: 'passkey_added', subject, sessionId: session.id, address })
        return ok(added)
      })
    },

    removePasskey: (session, id, address) =>
      db.transact(async (tx) => {
        const { subject } = session
        const allowed = await mayChange(tx, session)
        if (!allowed.ok) return allowed
        const at = clock.now()
        if (!(await removePasskey(tx, subject, id, at))) return err('passkey_unknown')
        await insertAudit(tx, { at, event: 'passkey_removed', subject, sessionId: session.id, address })
        return ok(null)
      }),

    listPasskeys: (subject) => db.read((tx) => selectPasskeys(tx, subject)),
  }
}

/** Browsers invent new ones; we only give them back to browsers. */
const TRANSPORT = /^[a-z-]{1,20}$/
