import { PROOF_STRENGTHS, type ProofStrength } from '@huitong/contract'
import type { Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { SESSION_METHODS, type Session, type SessionMethod } from './session.ts'
import { storedOneOf } from './stored-text.ts'
import { SUBJECT_KINDS, type Subject } from './subject.ts'

interface SessionRow {
  readonly id: bigint
  readonly subject_kind: string
  readonly subject_id: bigint
  readonly method: string
  readonly strength: string
  readonly raised_strength: string | null
  readonly raised_until: Micros | null
  readonly awaits_proof: boolean
  readonly device_id: bigint | null
  readonly started_at: Micros
  readonly last_seen_at: Micros
  readonly idle_seconds: number
  readonly expires_at: Micros
  readonly ended_at: Micros | null
}

function sessionOf(row: SessionRow): Session {
  return {
    id: Number(row.id),
    subject: { kind: storedOneOf(SUBJECT_KINDS, row.subject_kind), id: Number(row.subject_id) },
    method: storedOneOf(SESSION_METHODS, row.method),
    strength: storedOneOf(PROOF_STRENGTHS, row.strength),
    raised:
      row.raised_strength === null || row.raised_until === null
        ? null
        : { strength: storedOneOf(PROOF_STRENGTHS, row.raised_strength), until: row.raised_until },
    awaitsProof: row.awaits_proof,
    deviceId: row.device_id === null ? null : Number(row.device_id),
    startedAt: row.started_at,
    lastSeenAt: row.last_seen_at,
    idleSeconds: row.idle_seconds,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  }
}

export interface NewSession {
  readonly hash: Uint8Array
  readonly subject: Subject
  readonly method: SessionMethod
  readonly strength: ProofStrength
  readonly awaitsProof: boolean
  readonly deviceId: number | null
  readonly startedAt: Micros
  readonly idleSeconds: number
  readonly expiresAt: Micros
}

/** Returns the session's id. */
export async function insertSession(tx: Tx, session: NewSession): Promise<number> {
  const [row] = await tx.sql<{ id: bigint }[]>`
    insert into identity_sessions
      (token_hash, subject_kind, subject_id, method, strength, awaits_proof, device_id, started_at, last_seen_at,
        idle_seconds, expires_at)
    values (${session.hash}, ${session.subject.kind}, ${session.subject.id}, ${session.method}, ${session.strength},
      ${session.awaitsProof}, ${session.deviceId}, ${session.startedAt}, ${session.startedAt}, ${session.idleSeconds}, ${session.expiresAt})
    returning id`
  return Number(row?.id)
}

export async function selectSession(tx: ReadTx, hash: Uint8Array): Promise<Session | undefined> {
  const [row] = await tx.sql<SessionRow[]>`
    select id, subject_kind, subject_id, method, strength, raised_strength, raised_until, awaits_proof, device_id,
      started_at, last_seen_at, idle_seconds, expires_at, ended_at
    from identity_sessions
    where token_hash = ${hash}`
  return row === undefined ? undefined : sessionOf(row)
}

/** Sessions of a subject that were not ended, newest first. Some may have run out. */
export async function selectSessions(tx: ReadTx, subject: Subject, limit: number): Promise<readonly Session[]> {
  const rows = await tx.sql<SessionRow[]>`
    select id, subject_kind, subject_id, method, strength, raised_strength, raised_until, awaits_proof, device_id,
      started_at, last_seen_at, idle_seconds, expires_at, ended_at
    from identity_sessions
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and ended_at is null
    order by id desc
    limit ${limit}`
  return rows.map(sessionOf)
}

/** Never brings an ended session back, and never moves time backwards. */
export async function touchSession(tx: Tx, id: number, at: Micros): Promise<void> {
  await tx.sql`
    update identity_sessions
    set last_seen_at = ${at}
    where id = ${id} and ended_at is null and last_seen_at < ${at}`
}

/**
 * Lets a live session count as proved better until then; a better proof that still counts stays. One that waited for a proof has it now, and
 * keeps its strength.
 */
export async function raiseSession(
  tx: Tx,
  id: number,
  strength: ProofStrength,
  at: Micros,
  until: Micros,
): Promise<void> {
  await tx.sql`
    update identity_sessions
    set raised_strength = ${strength}, raised_until = ${until}
    where id = ${id} and ended_at is null
      and (raised_until is null or raised_until <= ${at} or raised_strength <> 'contract' or ${strength} = 'contract')`
  await tx.sql`
    update identity_sessions
    set strength = ${strength}, awaits_proof = false
    where id = ${id} and ended_at is null and awaits_proof`
}

/** Sessions of the subject that began with a link and were not proved further are good for nothing until they are; this one stays. */
export async function awaitProof(tx: Tx, subject: Subject, except: number): Promise<void> {
  await tx.sql`
    update identity_sessions
    set awaits_proof = true
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and ended_at is null
      and method = 'link' and strength = 'one_factor' and id <> ${except}`
}

/** The ids of the sessions that it ended; all of the subject when `id` is missing. */
export async function endSessions(tx: Tx, subject: Subject, at: Micros, id?: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    update identity_sessions
    set ended_at = ${at}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and ended_at is null
      and (${id ?? null}::int8 is null or id = ${id ?? null}::int8)
    returning id`
  return rows.map((row) => Number(row.id))
}

export async function endSessionsOfDevice(tx: Tx, subject: Subject, deviceId: number, at: Micros): Promise<void> {
  await tx.sql`
    update identity_sessions set ended_at = ${at}
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and device_id = ${deviceId}
      and ended_at is null`
}
