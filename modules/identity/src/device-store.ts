import { invariant, type Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { DEVICE_STATES, type Device, type DeviceState } from './device.ts'
import { storedOneOf } from './stored-text.ts'
import type { Subject } from './subject.ts'

interface DeviceRow {
  readonly id: bigint
  readonly name: string
  readonly place: string
  readonly state: string
  readonly first_seen_at: Micros
  readonly last_seen_at: Micros
  readonly ended_at: Micros | null
}

function deviceOf(subject: Subject, row: DeviceRow): Device {
  return {
    ...{ id: Number(row.id), subject, name: row.name, place: row.place },
    state: storedOneOf(DEVICE_STATES, row.state),
    ...{ firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at, endedAt: row.ended_at },
  }
}

/** Known and lost ones, newest first. */
export async function selectDevices(tx: ReadTx, subject: Subject, limit: number): Promise<readonly Device[]> {
  const rows = await tx.sql<DeviceRow[]>`
    select * from identity_devices
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state <> 'removed'
    order by id desc
    limit ${limit}`
  return rows.map((row) => deviceOf(subject, row))
}

export async function selectDevice(tx: ReadTx, subject: Subject, id: number): Promise<Device | undefined> {
  const [row] = await tx.sql<DeviceRow[]>`
    select * from identity_devices
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and id = ${id}`
  return row === undefined ? undefined : deviceOf(subject, row)
}

/** Reads it and lets other sign-ins from it wait. */
export async function lockDeviceByToken(tx: Tx, subject: Subject, hash: Uint8Array): Promise<Device | undefined> {
  const [row] = await tx.sql<DeviceRow[]>`
    select * from identity_devices
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and token_hash = ${hash} for update`
  return row === undefined ? undefined : deviceOf(subject, row)
}

/** Whether a token was ever given out, to whomever. */
export async function isDeviceToken(tx: ReadTx, hash: Uint8Array): Promise<boolean> {
  const rows = await tx.sql`select 1 from identity_devices where token_hash = ${hash} limit 1`
  return rows.length === 1
}

/** Whether the subject had a device before this one. */
export async function hasEarlierDevice(tx: ReadTx, subject: Subject, id: number): Promise<boolean> {
  const rows = await tx.sql`
    select 1 from identity_devices
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and id < ${id} limit 1`
  return rows.length === 1
}

export async function insertDevice(
  tx: Tx,
  subject: Subject,
  hash: Uint8Array,
  { name, place, firstSeenAt }: Pick<Device, 'name' | 'place' | 'firstSeenAt'>,
): Promise<Device> {
  const [row] = await tx.sql<DeviceRow[]>`
    insert into identity_devices
      (subject_kind, subject_id, token_hash, name, place, state, first_seen_at, last_seen_at)
    values (${subject.kind}, ${subject.id}, ${hash}, ${name}, ${place}, 'known', ${firstSeenAt}, ${firstSeenAt})
    on conflict (subject_kind, subject_id, token_hash) do update set last_seen_at = excluded.last_seen_at
    returning *`
  invariant(row !== undefined, 'a device that was just made sure of can be read')
  return deviceOf(subject, row)
}

export async function touchDevice(tx: Tx, id: number, place: string, at: Micros): Promise<void> {
  await tx.sql`
    update identity_devices set place = ${place}, last_seen_at = greatest(last_seen_at, ${at}) where id = ${id}`
}

export async function renameDevice(tx: Tx, subject: Subject, id: number, name: string): Promise<boolean> {
  const changed = await tx.sql`
    update identity_devices set name = ${name}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and id = ${id} and state <> 'removed'`
  return changed.count === 1
}

export async function endDevice(tx: Tx, id: number, state: Exclude<DeviceState, 'known'>, at: Micros): Promise<void> {
  await tx.sql`
    update identity_devices set state = ${state}, ended_at = ${at} where id = ${id} and state <> ${state}`
}

/** When the subject last lost a device; null when there is none that is still counted as lost. */
export async function lastLoss(tx: ReadTx, subject: Subject): Promise<Micros | null> {
  const [row] = await tx.sql<{ at: Micros | null }[]>`
    select max(ended_at) as at from identity_devices
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state = 'lost'`
  return row?.at ?? null
}
