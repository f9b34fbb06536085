import type { Micros } from '@huitong/kernel'
import { byteaArray, type ReadTx, type Tx } from '@huitong/pg'
import { CODE_SECRET_STATES, type CodeSecret, type CodeSecretState } from './one-time-code.ts'
import { storedOneOf } from './stored-text.ts'
import type { Subject } from './subject.ts'

interface CodeSecretRow {
  readonly state: string
  readonly sealed: Uint8Array
  readonly key_version: number
  readonly created_at: Micros
  readonly confirmed_at: Micros | null
  readonly last_step: bigint
  readonly failures: number
  readonly blocked_until: Micros | null
}

function secretOf(subject: Subject, row: CodeSecretRow): CodeSecret {
  return {
    subject,
    state: storedOneOf(CODE_SECRET_STATES, row.state),
    ...{ sealed: row.sealed, keyVersion: row.key_version, createdAt: row.created_at, confirmedAt: row.confirmed_at },
    ...{ lastStep: Number(row.last_step), failures: row.failures, blockedUntil: row.blocked_until },
  }
}

export async function selectCodeSecrets(tx: ReadTx, subject: Subject): Promise<readonly CodeSecret[]> {
  const rows = await tx.sql<CodeSecretRow[]>`
    select * from identity_code_secrets
    where subject_kind = ${subject.kind} and subject_id = ${subject.id}`
  return rows.map((row) => secretOf(subject, row))
}

/** Reads it and lets other tries of this person wait, so that many at once are counted one by one. */
export async function lockCodeSecret(
  tx: Tx,
  subject: Subject,
  state: CodeSecretState,
): Promise<CodeSecret | undefined> {
  const [row] = await tx.sql<CodeSecretRow[]>`
    select * from identity_code_secrets
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state = ${state} for update`
  return row === undefined ? undefined : secretOf(subject, row)
}

/** The secret that is being set up; it takes the place of one that was not confirmed. */
export async function putPendingSecret(
  tx: Tx,
  subject: Subject,
  { sealed, keyVersion }: Pick<CodeSecret, 'sealed' | 'keyVersion'>,
  createdAt: Micros,
): Promise<void> {
  await tx.sql`
    insert into identity_code_secrets (subject_kind, subject_id, state, sealed, key_version, created_at, last_step)
    values (${subject.kind}, ${subject.id}, 'pending', ${sealed}, ${keyVersion}, ${createdAt}, 0)
    on conflict (subject_kind, subject_id, state) do update
    set sealed = excluded.sealed, key_version = excluded.key_version, created_at = excluded.created_at`
}

/** The pending secret becomes the one that counts, in place of what was there. */
export async function activatePendingSecret(tx: Tx, subject: Subject, step: number, at: Micros): Promise<void> {
  await tx.sql`
    delete from identity_code_secrets
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state = 'active'`
  await tx.sql`
    update identity_code_secrets set state = 'active', confirmed_at = ${at}, last_step = ${step}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state = 'pending'`
}

export async function noteRightCode(tx: Tx, subject: Subject, step: number): Promise<void> {
  await tx.sql`
    update identity_code_secrets set last_step = greatest(last_step, ${step}), failures = 0, blocked_until = null
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state = 'active'`
}

export async function noteFalseCode(
  tx: Tx,
  subject: Subject,
  failures: number,
  blockedUntil: Micros | null,
): Promise<void> {
  await tx.sql`
    update identity_code_secrets set failures = ${failures}, blocked_until = ${blockedUntil}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and state = 'active'`
}

/** Forgets secrets and recovery codes. Whether there was a working one. */
export async function deleteCodes(tx: Tx, subject: Subject): Promise<boolean> {
  const deleted = await tx.sql<{ state: string }[]>`
    delete from identity_code_secrets where subject_kind = ${subject.kind} and subject_id = ${subject.id}
    returning state`
  await replaceRecoveryCodes(tx, subject, [])
  return deleted.some(({ state }) => state === 'active')
}

export async function replaceRecoveryCodes(tx: Tx, subject: Subject, hashes: readonly Uint8Array[]): Promise<void> {
  await tx.sql`
    delete from identity_recovery_codes where subject_kind = ${subject.kind} and subject_id = ${subject.id}`
  await tx.sql`
    insert into identity_recovery_codes (subject_kind, subject_id, code_hash)
    select ${subject.kind}, ${subject.id}, code_hash
    from unnest(${byteaArray(hashes)}::text::bytea[]) as drawn (code_hash)`
}

/** How many are left. */
export async function countRecoveryCodes(tx: ReadTx, subject: Subject): Promise<number> {
  const [row] = await tx.sql<{ left_over: number }[]>`
    select count(*)::int4 as left_over from identity_recovery_codes
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and used_at is null`
  return row?.left_over ?? 0
}

/** Uses one up; whether it was there and is used for the first time. */
export async function takeRecoveryCode(
  tx: Tx,
  subject: Subject,
  hash: Uint8Array,
  at: Micros,
): Promise<'taken' | 'used_before' | 'unknown'> {
  const taken = await tx.sql`
    update identity_recovery_codes set used_at = ${at}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and code_hash = ${hash} and used_at is null`
  if (taken.count === 1) return 'taken'
  const known = await tx.sql`
    select 1 from identity_recovery_codes
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and code_hash = ${hash}`
  return known.length === 1 ? 'used_before' : 'unknown'
}
