import { SLOTS } from '@huitong/kernel'
import { int8Array, type Sql } from '@huitong/pg'
import { eachSelected } from './verify-select-store.ts'

/** What verification must know of a transfer that another one takes back. */
export interface OriginalSeen {
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly moved: boolean
  readonly isReversal: boolean
}

/** Transfers by their ids, each from the batch that gave its id out. */
export async function readOriginals(sql: Sql, ids: readonly number[]): Promise<ReadonlyMap<number, OriginalSeen>> {
  const rows = await sql<
    {
      id: bigint
      debit_account: bigint
      credit_account: bigint
      amount_minor: bigint
      moved: boolean
      is_reversal: boolean
    }[]
  >`
    select t.id, t.debit_account, t.credit_account, t.amount_minor, t.kind in (1, 3) as moved,
      t.reverses is not null as is_reversal
    from unnest(${int8Array(ids)}::text::int8[]) as wanted (id)
    cross join lateral (
      select number from ledger_batches where last_counter >= wanted.id / ${SLOTS}::int8
      order by last_counter, number limit 1) b
    join ledger_transfers t on t.batch = b.number and t.id = wanted.id`
  return new Map(
    rows.map((row) => [
      Number(row.id),
      {
        debit: Number(row.debit_account),
        credit: Number(row.credit_account),
        amountMinor: row.amount_minor,
        moved: row.moved,
        isReversal: row.is_reversal,
      },
    ]),
  )
}

export interface ReversalRowSeen {
  readonly amountMinor: bigint
  readonly reversedMinor: bigint
}

/** Columns: transfer, amount, reversed. */
export function eachReversal(sql: Sql, onRow: (transfer: number, row: ReversalRowSeen) => void): Promise<number> {
  const select = 'select transfer_id, amount_minor, reversed_minor from ledger_reversals'
  return eachSelected(sql, select, 3, (row) =>
    onRow(row.number(0), { amountMinor: row.bigint(1), reversedMinor: row.bigint(2) }),
  )
}
