import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { counterOf } from '@huitong/kernel'
import { int2Array, int8Array, type Sql, textArray } from '@huitong/pg'
import type { Metadata } from './metadata.ts'

export const METADATA_OBJECTS = { account: 1, transfer: 2 } as const

export type MetadataObject = keyof typeof METADATA_OBJECTS

export interface AnnotatedObject {
  readonly object: MetadataObject
  readonly metadata: Metadata
}

/** By the object's id; accounts and transfers have ids of one counter. Only objects that have metadata have a row. */
export const metadataTable: TableDefinition<number, AnnotatedObject> = {
  name: 'ledger_metadata',
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await sql<{ object_id: bigint; object: number; key: string; value: string }[]>`
      select object_id, object, key, value from ledger_metadata
      where object_id = any (${int8Array(keys)}::text::int8[]) order by object_id, key`
    const found = new Map<number, { readonly object: MetadataObject; readonly metadata: Map<string, string> }>()
    for (const { object_id, object, key, value } of rows) {
      const id = Number(object_id)
      const entry = found.get(id) ?? { object: object === 1 ? 'account' : 'transfer', metadata: new Map() }
      entry.metadata.set(key, value)
      found.set(id, entry)
    }
    return [...found]
  },
  write: (sql, changes) => {
    const statements: UnsentStatement[] = []
    const rewritten = changes.filter((change) => !change.isNew)
    if (rewritten.length > 0) {
      statements.push(sql`
        delete from ledger_metadata
        where object_id = any (${int8Array(rewritten.map((change) => change.key))}::text::int8[])`)
    }
    const rows = changes.flatMap(({ key: id, row }) =>
      [...row.metadata].map(([key, value]) => ({ id, key, value, object: METADATA_OBJECTS[row.object] })),
    )
    if (rows.length > 0) {
      statements.push(sql`
        insert into ledger_metadata (object_id, key, value, object)
        select * from unnest(
          ${int8Array(rows.map((row) => row.id))}::text::int8[],
          ${textArray(rows.map((row) => row.key))}::text::text[],
          ${textArray(rows.map((row) => row.value))}::text::text[],
          ${int2Array(rows.map((row) => row.object))}::text::int2[])`)
    }
    return statements
  },
}

/** Whether transfers that commands name are in the journal. They never leave it, and nothing of them is kept in memory. */
export const journaledTransfers: TableDefinition<number, true> = {
  name: 'ledger_journaled_transfers',
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await findTransferIds(sql, keys)
    return rows.map((id) => [id, true] as const)
  },
  write: () => [],
}

/** Ids grow with batches, so the batch that gave an id out is found without an index on transfers. */
async function findTransferIds(sql: Sql, ids: readonly number[]): Promise<readonly number[]> {
  const rows = await sql<{ id: bigint }[]>`
    select t.id
    from unnest(
      ${int8Array(ids)}::text::int8[], ${int8Array(ids.map(counterOf))}::text::int8[]) as wanted (id, counter)
    cross join lateral (
      select number from ledger_batches where last_counter >= wanted.counter order by last_counter, number limit 1) b
    join ledger_transfers t on t.batch = b.number and t.id = wanted.id`
  return rows.map((row) => Number(row.id))
}
