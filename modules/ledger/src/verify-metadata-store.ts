import { int8Array, type Sql, textArray } from '@huitong/pg'
import type { EventSeen } from './verify-event-seen.ts'

export interface MetadataRowSeen {
  readonly id: number
  readonly key: string
  readonly value: string
}

const PAGE_ROWS = 20_000

/** Values of these objects and keys, in their order; undefined where there is none. */
export async function readMetadataValues(
  sql: Sql,
  wanted: readonly Pick<MetadataRowSeen, 'id' | 'key'>[],
): Promise<readonly (string | undefined)[]> {
  const rows = await sql<{ value: string | null }[]>`
    select m.value
    from unnest(
      ${int8Array(wanted.map((one) => one.id))}::text::int8[],
      ${textArray(wanted.map((one) => one.key))}::text::text[]) with ordinality as w (object_id, key, place)
    left join ledger_metadata m on m.object_id = w.object_id and m.key = w.key and m.object = 2
    order by w.place`
  return rows.map((row) => row.value ?? undefined)
}

/** What accounts have, by key, value and account, after this row. */
export async function eachAccountMetadataPage(
  sql: Sql,
  after: MetadataRowSeen | undefined,
): Promise<readonly MetadataRowSeen[]> {
  const onward =
    after === undefined ? sql`` : sql`and (key, value, object_id) > (${after.key}, ${after.value}, ${after.id})`
  const rows = await sql<{ object_id: bigint; key: string; value: string }[]>`
    select object_id, key, value from ledger_metadata where object = 1 ${onward}
    order by key, value, object_id limit ${PAGE_ROWS}`
  return rows.map((row) => ({ id: Number(row.object_id), key: row.key, value: row.value }))
}

export async function laterMetadataEvents(
  sql: Sql,
  end: number,
): Promise<readonly Pick<EventSeen, 'account' | 'kind' | 'data'>[]> {
  const rows = await sql<{ account_id: bigint; kind: string; data: string }[]>`
    select account_id, kind, data from ledger_events
    where batch > ${end} and kind in ('account_metadata_set', 'transfer_metadata_added')`
  return rows.map((row) => ({ account: Number(row.account_id), kind: row.kind, data: row.data }))
}

export async function countTransferMetadata(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: bigint }[]>`select count(*) from ledger_metadata where object = 2`
  return Number(row?.count ?? 0n)
}
