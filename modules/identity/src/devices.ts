import { type Chance, type Clock, err, type Micros, ok, publicId, type Result } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import { insertAudit } from './audit-store.ts'
import { deleteCodes, selectCodeSecrets } from './code-store.ts'
import { type Device, type DeviceSeen, deviceName, NEW_FOR, placeOf } from './device.ts'
import type { DeviceRefusal } from './device-refusals.ts'
import {
  endDevice,
  hasEarlierDevice,
  insertDevice,
  isDeviceToken,
  lastLoss,
  lockDeviceByToken,
  renameDevice,
  selectDevice,
  selectDevices,
  touchDevice,
} from './device-store.ts'
import { selectPasskeys, suspendPasskeysOf } from './passkey-store.ts'
import { type Session, strongUntil } from './session.ts'
import { endSessionsOfDevice } from './session-store.ts'
import type { Subject } from './subject.ts'
import { drawToken, isToken, tokenHash } from './token.ts'

/** Port: stops and allows again what customers pay. Value is another module's, so the program wires it. */
export interface PayingGuard {
  /** Uses up the customer's payment codes and stops all that goes out of the wallet, once under a reference. */
  stop(customerId: number, reference: string): Promise<void>
  allow(customerId: number): Promise<void>
  isStopped(customerId: number): Promise<boolean>
}

/** The device of a sign-in. */
export interface EnteredDevice {
  readonly id: number
  /** For the device to keep; the one that it showed, or a new one. */
  readonly token: string
}

interface LossReport {
  /** Whether the app of one-time codes was on it as well: then they are given up. */
  readonly codesToo: boolean
}

export interface Devices {
  /** Known and lost ones, newest first, at most 100. */
  listDevices(subject: Subject): Promise<readonly Device[]>
  /** Whether a device counts as new to those who judge payments. */
  isNewDevice(subject: Subject, id: number): Promise<boolean>
  renameDevice(session: Session, id: number, name: string): Promise<Result<null, DeviceRefusal>>
  /** Ends the device's sessions and forgets it; one that was lost and found may come in again, as a new one. */
  removeDevice(session: Session, id: number, address: string): Promise<Result<null, DeviceRefusal>>
  /**
   * At once: nobody comes in from it, its sessions end, passkeys made on it are suspended, and of customers nothing can be paid until a proof
   * that is older than the loss. Say it again when the answer was lost.
   */
  reportLost(session: Session, id: number, loss: LossReport, address: string): Promise<Result<null, DeviceRefusal>>
  /** Lets a customer pay again, after a proof made just now by something that they had before the loss. */
  allowPaying(session: Session, address: string): Promise<Result<null, DeviceRefusal>>
  payingStopped(subject: Subject): Promise<boolean>
}

export interface DeviceParts {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  readonly guard: PayingGuard
}

const DEVICES_SHOWN = 100

/** In the transaction of a sign-in: which device it comes from. Refuses one that was lost. */
export async function enterDevice(
  tx: Tx,
  { clock, chance }: { readonly clock: Clock; readonly chance: Chance },
  subject: Subject,
  seen: DeviceSeen,
  address: string,
): Promise<Result<EnteredDevice, 'device_lost'>> {
  const at = clock.now()
  const shown = seen.token !== undefined && isToken('device', seen.token) ? seen.token : undefined
  const known = shown === undefined ? undefined : await lockDeviceByToken(tx, subject, tokenHash(shown))
  if (shown !== undefined && known?.state === 'known') {
    await touchDevice(tx, known.id, placeOf(address), at)
    return ok({ id: known.id, token: shown })
  }
  if (known?.state === 'lost') return err('device_lost')
  // Somebody else's device keeps its token; a token that we never gave out, or whose device was removed, is replaced.
  const ours = shown !== undefined && known === undefined && (await isDeviceToken(tx, tokenHash(shown)))
  const token = ours ? shown : drawToken('device', chance)
  const about = { name: deviceName(seen.userAgent), place: placeOf(address), firstSeenAt: at }
  const { id } = await insertDevice(tx, subject, tokenHash(token), about)
  await insertAudit(tx, { at, event: 'device_added', subject, address })
  return ok({ id, token })
}

export function createDevices({ db, clock, guard }: DeviceParts): Devices {
  /** Something that proves its owner and was theirs before the loss. Whoever has the lost device can set up anything after it. */
  async function provedByOlder(tx: Tx, session: Session, lostAt: Micros): Promise<boolean> {
    const { subject } = session
    const passkeys = await selectPasskeys(tx, subject)
    const usedSince = passkeys.some(
      ({ state, createdAt, lastUsedAt }) => state === 'active' && createdAt < lostAt && (lastUsedAt ?? 0) >= lostAt,
    )
    const codes = (await selectCodeSecrets(tx, subject)).find(({ state }) => state === 'active')
    return usedSince || (codes?.confirmedAt ?? lostAt) < lostAt
  }

  return {
    listDevices: (subject) => db.read((tx) => selectDevices(tx, subject, DEVICES_SHOWN)),

    isNewDevice: (subject, id) =>
      db.read(async (tx) => {
        const found = await selectDevice(tx, subject, id)
        const young = found === undefined || clock.now() - found.firstSeenAt < NEW_FOR
        return young && (await hasEarlierDevice(tx, subject, id))
      }),

    renameDevice: (session, id, name) =>
      db.transact(async (tx) =>
        (await renameDevice(tx, session.subject, id, name)) ? ok(null) : err('device_unknown'),
      ),

    removeDevice: (session, id, address) =>
      db.transact(async (tx) => {
        const { subject } = session
        const found = await selectDevice(tx, subject, id)
        if (found === undefined || found.state === 'removed') return err('device_unknown')
        const at = clock.now()
        await endDevice(tx, id, 'removed', at)
        await endSessionsOfDevice(tx, subject, id, at)
        await insertAudit(tx, { at, event: 'device_removed', subject, sessionId: session.id, address })
        return ok(null)
      }),

    reportLost: async (session, id, { codesToo }, address) => {
      const { subject } = session
      const ended = await db.transact(async (tx) => {
        const found = await selectDevice(tx, subject, id)
        if (found === undefined || found.state === 'removed') return err('device_unknown')
        const at = clock.now()
        if (found.state === 'known') {
          await endDevice(tx, id, 'lost', at)
          await insertAudit(tx, { at, event: 'device_lost', subject, sessionId: session.id, address })
        }
        await endSessionsOfDevice(tx, subject, id, at)
        await suspendPasskeysOf(tx, subject, id, at)
        if (codesToo && (await deleteCodes(tx, subject))) {
          await insertAudit(tx, { at, event: 'codes_removed', subject, sessionId: session.id, address })
        }
        return ok(null)
      })
      if (!ended.ok) return ended
      // What it can be paid with goes second: the sessions that could make more of it are over by now.
      if (subject.kind === 'customer') await guard.stop(subject.id, publicId('devi', id))
      return ok(null)
    },

    allowPaying: async (session, address) => {
      const { subject } = session
      if (subject.kind !== 'customer' || !(await guard.isStopped(subject.id))) return err('paying_not_stopped')
      const until = strongUntil(session)
      if (until === null || clock.now() >= until) return err('step_up_required')
      const allowed = await db.transact(async (tx) => {
        const lostAt = await lastLoss(tx, subject)
        return lostAt === null || (await provedByOlder(tx, session, lostAt)) ? ok(null) : err('older_proof_required')
      })
      if (!allowed.ok) return allowed
      await guard.allow(subject.id)
      await db.transact(async (tx) => {
        await insertAudit(tx, { at: clock.now(), event: 'paying_allowed', subject, sessionId: session.id, address })
        return ok(null)
      })
      return ok(null)
    },

    payingStopped: async ({ kind, id }) => kind === 'customer' && (await guard.isStopped(id)),
  }
}
