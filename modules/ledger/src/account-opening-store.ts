import type { TableDefinition } from '@huitong/committer'
import { counterOf } from '@huitong/kernel'
import { int8Array } from '@huitong/pg'

/**
 * On which accounting day an account was opened. No column says it: ids grow with batches, so the batch that gave the id out is found
 * by it. Only back-dated transfers ask. A row that an opening adds is there for the commands after it until its batch can be read.
 */
export const accountOpeningTable: TableDefinition<number, string> = {
  name: 'ledger_account_openings',
  residentRows: 0,
  addsOnly: true,
  load: async (sql, keys) => {
    const rows = await sql<{ id: bigint; accounting_day: string }[]>`
      select a.id, b.accounting_day
      from unnest(${int8Array(keys)}::text::int8[], ${int8Array(keys.map(counterOf))}::text::int8[]) as a (id, counter)
      cross join lateral (
        select accounting_day from ledger_batches
        where last_counter >= a.counter order by last_counter, number limit 1) b`
    return rows.map((row) => [Number(row.id), row.accounting_day])
  },
  write: () => [],
}
