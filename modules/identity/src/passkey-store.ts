import { invariant, type Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { PASSKEY_STATES, type Passkey } from './passkey.ts'
import { storedOneOf } from './stored-text.ts'
import { SUBJECT_KINDS, type Subject } from './subject.ts'

interface PasskeyRow {
  readonly id: bigint
  readonly subject_kind: string
  readonly subject_id: bigint
  readonly credential_id: Uint8Array
  readonly public_key: Uint8Array
  readonly counter: bigint
  readonly name: string
  readonly synced: boolean
  readonly transports: string
  readonly device_id: bigint | null
  readonly state: string
  readonly created_at: Micros
  readonly last_used_at: Micros | null
}

function passkeyOf(row: PasskeyRow): Passkey {
  return {
    id: Number(row.id),
    subject: { kind: storedOneOf(SUBJECT_KINDS, row.subject_kind), id: Number(row.subject_id) },
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: Number(row.counter),
    name: row.name,
    synced: row.synced,
    transports: row.transports === '' ? [] : row.transports.split(','),
    deviceId: row.device_id === null ? null : Number(row.device_id),
    state: storedOneOf(PASSKEY_STATES, row.state),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}

/** Those that were not removed, newest first. */
export async function selectPasskeys(tx: ReadTx, subject: Subject): Promise<readonly Passkey[]> {
  const rows = await tx.sql<PasskeyRow[]>`
    select * from identity_passkeys
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state <> 'removed'
    order by id desc`
  return rows.map(passkeyOf)
}

export async function selectPasskey(tx: ReadTx, credentialId: Uint8Array): Promise<Passkey | undefined> {
  const [row] = await tx.sql<PasskeyRow[]>`
    select * from identity_passkeys where credential_id = ${credentialId} and state <> 'removed'`
  return row === undefined ? undefined : passkeyOf(row)
}

/** Reads it and keeps other uses of it waiting, so that two with the same counter cannot both pass. */
export async function lockPasskey(tx: Tx, id: number): Promise<Passkey | undefined> {
  const [row] = await tx.sql<PasskeyRow[]>`
    select * from identity_passkeys where id = ${id} and state <> 'removed' for update`
  return row === undefined ? undefined : passkeyOf(row)
}

export type NewPasskey = Omit<Passkey, 'id' | 'state' | 'lastUsedAt'>

/** Undefined when the credential is registered already, by whomever. */
export async function insertPasskey(tx: Tx, passkey: NewPasskey): Promise<Passkey | undefined> {
  const [row] = await tx.sql<PasskeyRow[]>`
    insert into identity_passkeys
      (subject_kind, subject_id, credential_id, public_key, counter, name, synced, transports, device_id, state,
        created_at)
    values (${passkey.subject.kind}, ${passkey.subject.id}, ${passkey.credentialId}, ${passkey.publicKey},
      ${passkey.counter}, ${passkey.name}, ${passkey.synced}, ${passkey.transports.join(',')}, ${passkey.deviceId},
      'active', ${passkey.createdAt})
    on conflict (credential_id) do nothing
    returning *`
  return row === undefined ? undefined : passkeyOf(row)
}

export async function markPasskeyUsed(tx: Tx, id: number, counter: number, at: Micros): Promise<void> {
  await tx.sql`update identity_passkeys set counter = ${counter}, last_used_at = ${at} where id = ${id}`
}

export async function suspendPasskey(tx: Tx, id: number, at: Micros): Promise<void> {
  await tx.sql`
    update identity_passkeys set state = 'suspended', ended_at = ${at} where id = ${id} and state = 'active'`
}

/** Those that were registered on a device which is lost now. */
export async function suspendPasskeysOf(tx: Tx, subject: Subject, deviceId: number, at: Micros): Promise<void> {
  await tx.sql`
    update identity_passkeys set state = 'suspended', ended_at = ${at}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and device_id = ${deviceId}
      and state = 'active'`
}

/** Whether there was such a one of this subject. */
export async function removePasskey(tx: Tx, subject: Subject, id: number, at: Micros): Promise<boolean> {
  const changed = await tx.sql`
    update identity_passkeys set state = 'removed', ended_at = ${at}
    where id = ${id} and subject_kind = ${subject.kind} and subject_id = ${subject.id} and state <> 'removed'`
  return changed.count === 1
}

/** The subject's handle; `drawn` becomes it when there is none. */
export async function ensureUserHandle(tx: Tx, subject: Subject, drawn: Uint8Array): Promise<Uint8Array> {
  await tx.sql`
    insert into identity_user_handles (subject_kind, subject_id, handle)
    values (${subject.kind}, ${subject.id}, ${drawn})
    on conflict (subject_kind, subject_id) do nothing`
  const handle = await selectUserHandle(tx, subject)
  invariant(handle !== undefined, 'a handle that was just made sure of can be read')
  return handle
}

export async function selectUserHandle(tx: ReadTx, subject: Subject): Promise<Uint8Array | undefined> {
  const [row] = await tx.sql<{ handle: Uint8Array }[]>`
    select handle from identity_user_handles where subject_kind = ${subject.kind} and subject_id = ${subject.id}`
  return row?.handle
}

/** Makes changes of one subject's passkeys wait for each other, so that their number can be counted. */
export async function lockUserHandle(tx: Tx, subject: Subject): Promise<void> {
  await tx.sql`
    select 1 from identity_user_handles
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} for update`
}

export async function removeAllPasskeys(tx: Tx, subject: Subject, at: Micros): Promise<void> {
  await tx.sql`
    update identity_passkeys set state = 'removed', ended_at = ${at}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state <> 'removed'`
}
