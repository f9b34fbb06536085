import type { TableDefinition } from '@huitong/committer'
import { counterOf } from '@huitong/kernel'
import { int8Array, type ReadTx, type Sql } from '@huitong/pg'
import type { OriginalGroup, Reversal } from './reversal.ts'
import { type TransferRow, transferOf } from './transfer-store.ts'

/**
 * Transfers that commands want to take back, by their own id or that of their entry. They stand in the journal, never change and are
 * seldom asked for twice, so nothing of them stays in memory. An entry is one command's and so lies in one batch, the one that gave out
 * its id.
 */
export const originalTable: TableDefinition<number, OriginalGroup> = {
  name: 'ledger_originals',
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await sql<(TransferRow & { readonly wanted: bigint })[]>`
      select t.*, wanted.id as wanted
      from unnest(
        ${int8Array(keys)}::text::int8[], ${int8Array(keys.map(counterOf))}::text::int8[]
      ) as wanted (id, counter)
      cross join lateral (
        select number from ledger_batches where last_counter >= wanted.counter order by last_counter, number limit 1) b
      join ledger_transfers t on t.batch = b.number and (t.id = wanted.id or t.entry = wanted.id)
      order by wanted.id, t.position`
    const groups = new Map<number, OriginalGroup>()
    for (const row of rows) {
      const key = Number(row.wanted)
      groups.set(key, { originals: [...(groups.get(key)?.originals ?? []), transferOf(row)] })
    }
    return [...groups]
  },
  write: () => [],
}

interface ReversalRow {
  readonly transfer_id: bigint
  readonly amount_minor: bigint
  readonly reversed_minor: bigint
}

async function loadReversals(sql: Sql, keys: readonly number[]): Promise<readonly (readonly [number, Reversal])[]> {
  const rows = await sql<ReversalRow[]>`
    select transfer_id, amount_minor, reversed_minor from ledger_reversals
    where transfer_id = any (${int8Array(keys)}::text::int8[])`
  return rows.map((row) => [
    Number(row.transfer_id),
    { amountMinor: row.amount_minor, reversedMinor: row.reversed_minor },
  ])
}

export const reversalTable: TableDefinition<number, Reversal> = {
  name: 'ledger_reversals',
  residentRows: 1000,
  load: loadReversals,
  write: (sql, changes) => [
    sql`
    insert into ledger_reversals (transfer_id, amount_minor, reversed_minor)
    select * from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.amountMinor))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.reversedMinor))}::text::int8[])
    on conflict (transfer_id) do update set reversed_minor = excluded.reversed_minor`,
  ],
}

/** How much of a transfer was taken back; zero of one that nobody touched. */
export async function reversedMinor(tx: ReadTx, transfer: number): Promise<bigint> {
  const [found] = await loadReversals(tx.sql, [transfer])
  return found?.[1].reversedMinor ?? 0n
}
