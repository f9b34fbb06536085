import type { ReadTx } from '@huitong/pg'
import { refuseArchivedId } from './archive-store.ts'
import { accountsOf, findTransfer } from './ledger-read-store.ts'
import { type Metadata, NO_METADATA } from './metadata.ts'
import { METADATA_OBJECTS, type MetadataObject, metadataTable } from './metadata-store.ts'

/** What hangs on an account or a transfer; undefined when there is none of this id. */
export async function findMetadata(tx: ReadTx, object: MetadataObject, id: number): Promise<Metadata | undefined> {
  const [found] = await metadataTable.load(tx.sql, [id])
  // A transfer that is in the archive still has its metadata here.
  if (found?.[1].object === object) return found[1].metadata
  return (await isThere(tx, object, id)) ? NO_METADATA : undefined
}

async function isThere(tx: ReadTx, object: MetadataObject, id: number): Promise<boolean> {
  if (object === 'account') return (await accountsOf(tx, [id])).length > 0
  if ((await findTransfer(tx, id)) !== undefined) return true
  await refuseArchivedId(tx, id)
  return false
}

export interface MetadataChange {
  readonly batch: number
  readonly position: number
  /** µs. */
  readonly at: number
  /** Canonical JSON of what was set, or taken away (null), by key. */
  readonly data: string
}

/** What was set on an object over time, newest first, before a place of the journal; up to limit + 1. */
export async function metadataHistory(
  { sql }: ReadTx,
  id: number,
  before: { readonly batch: number; readonly position: number } | undefined,
  limit: number,
): Promise<readonly MetadataChange[]> {
  const from = before ?? { batch: Number.MAX_SAFE_INTEGER, position: 0 }
  const rows = await sql<{ batch: bigint; position: number; at: number; data: string }[]>`
    select e.batch, e.position, b.at, e.data
    from (
      select batch, position, data from ledger_events
      where account_id = ${id} and batch <= ${from.batch}::int8 and (batch, position) < (${from.batch}::int8, ${from.position}::int4)
        and kind in ('account_metadata_set', 'transfer_metadata_added')
      order by batch desc, position desc limit ${limit + 1}) e
    join ledger_batches b on b.number = e.batch
    order by e.batch desc, e.position desc`
  return rows.map((row) => ({ batch: Number(row.batch), position: row.position, at: row.at, data: row.data }))
}

export interface MetadataSearch {
  readonly object: MetadataObject
  readonly key: string
  /** Values from `prefix` on that begin with it, or exactly `value`; every value without either. */
  readonly value?: string
  readonly prefix?: string
  readonly after?: { readonly value: string; readonly id: number }
  readonly limit: number
}

export interface MetadataHit {
  readonly id: number
  readonly value: string
}

/** Objects by value and id; up to limit + 1 of them. Each form of the question is a range of one index, read in its order. */
export async function searchMetadata({ sql }: ReadTx, search: MetadataSearch): Promise<readonly MetadataHit[]> {
  const { object, key, value, prefix, after, limit } = search
  const inRange =
    value !== undefined
      ? sql`and value = ${value}`
      : prefix === undefined
        ? sql``
        : sql`and value >= ${prefix} and starts_with(value, ${prefix})`
  // Beside an equal value, a comparison of rows would be a filter over all before it instead of the place to start at.
  const onward =
    after === undefined
      ? sql``
      : value === undefined
        ? sql`and (value, object_id) > (${after.value}, ${after.id})`
        : sql`and object_id > ${after.id}`
  const below = prefix === undefined ? sql`` : belowSuccessor(sql, prefix)
  const rows = await sql<{ object_id: bigint; value: string }[]>`
    select object_id, value from ledger_metadata
    where object = ${METADATA_OBJECTS[object]} and key = ${key} ${inRange} ${below} ${onward}
    order by value, object_id limit ${limit + 1}`
  return rows.map((row) => ({ id: Number(row.object_id), value: row.value }))
}

/** Ends the range where the first text stands that cannot begin with the prefix. UTF-8 sorts as code points do. */
function belowSuccessor(sql: ReadTx['sql'], prefix: string) {
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0)
  while (points.at(-1) === 0x10ffff) points.pop()
  const last = points.pop()
  if (last === undefined) return sql``
  // The code points of surrogates are none that text can have.
  return sql`and value < ${String.fromCodePoint(...points, last + 1 === 0xd800 ? 0xe000 : last + 1)}`
}
