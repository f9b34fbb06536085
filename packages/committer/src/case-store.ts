import { microsToIso } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'

/** Keeps an input that could not be written, for staff. Outside any batch: the batch it was in is gone. */
export async function insertCase(sql: Sql, kind: string, form: string, reason: string, foundAt: number): Promise<void> {
  // U+0000 is one of the things that PostgreSQL cannot store, so it is shown, not stored.
  const visible = form.replaceAll('\u0000', '\\u0000').toWellFormed()
  await sql`
    insert into committer_cases (kind, input_form, reason, found_at)
    values (${kind}, ${visible}, ${reason}, ${microsToIso(foundAt)}::text::timestamptz)`
}

/** An input that could not be written, without the input itself. */
export interface PoisonInput {
  readonly id: number
  readonly kind: string
  readonly reason: string
  readonly foundAt: number
}

/** Those after an id, in order. */
export async function selectPoisonInputs(sql: Sql, after: number, limit: number): Promise<readonly PoisonInput[]> {
  const rows = await sql<{ id: bigint; kind: string; reason: string; found_at: number }[]>`
    select id, kind, reason, found_at from committer_cases where id > ${after} order by id limit ${limit}`
  return rows.map((row) => ({ id: Number(row.id), kind: row.kind, reason: row.reason, foundAt: row.found_at }))
}
