import type { Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { storedOneOf } from './stored-text.ts'
import { SUBJECT_KINDS, type Subject } from './subject.ts'

export interface SignInLink {
  readonly subject: Subject
  readonly expiresAt: Micros
  readonly usedAt: Micros | null
}

export async function insertLink(
  tx: Tx,
  hash: Uint8Array,
  subject: Subject,
  issuedAt: Micros,
  expiresAt: Micros,
): Promise<void> {
  await tx.sql`
    insert into identity_sign_in_links (token_hash, subject_kind, subject_id, issued_at, expires_at)
    values (${hash}, ${subject.kind}, ${subject.id}, ${issuedAt}, ${expiresAt})`
}

/** Whose link it is, which never changes; whether it still works is told by `lockLink` alone. */
export async function readLinkSubject(tx: ReadTx, hash: Uint8Array): Promise<Subject | undefined> {
  const [row] = await tx.sql<{ subject_kind: string; subject_id: bigint }[]>`
    select subject_kind, subject_id from identity_sign_in_links where token_hash = ${hash}`
  if (row === undefined) return undefined
  return { kind: storedOneOf(SUBJECT_KINDS, row.subject_kind), id: Number(row.subject_id) }
}

/** Reads a link and keeps others from using it until this transaction ends: of two uses at once, the second sees the first. */
export async function lockLink(tx: Tx, hash: Uint8Array): Promise<SignInLink | undefined> {
  const [row] = await tx.sql<
    { subject_kind: string; subject_id: bigint; expires_at: Micros; used_at: Micros | null }[]
  >`
    select subject_kind, subject_id, expires_at, used_at
    from identity_sign_in_links
    where token_hash = ${hash}
    for update`
  if (row === undefined) return undefined
  return {
    subject: { kind: storedOneOf(SUBJECT_KINDS, row.subject_kind), id: Number(row.subject_id) },
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  }
}

export async function markLinkUsed(tx: Tx, hash: Uint8Array, at: Micros): Promise<void> {
  await tx.sql`update identity_sign_in_links set used_at = ${at} where token_hash = ${hash}`
}
