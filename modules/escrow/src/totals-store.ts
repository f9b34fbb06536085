import type { TableDefinition } from '@huitong/committer'
import { int8Array, type Sql, textArray } from '@huitong/pg'

/** Running sums of all trades that were ever paid. */
export interface EscrowTotals {
  readonly payments: bigint
  readonly paidMinor: bigint
}

export const NO_TRADES: EscrowTotals = { payments: 0n, paidMinor: 0n }

export async function selectTotals(
  sql: Sql,
  currencies: readonly string[],
): Promise<readonly (readonly [string, EscrowTotals])[]> {
  const rows = await sql<{ currency: string; payments: bigint; paid_minor: bigint }[]>`
    select currency, payments, paid_minor from escrow_totals where currency = any (${textArray(currencies)}::text::text[])`
  return rows.map((row) => [row.currency, { payments: row.payments, paidMinor: row.paid_minor }])
}

/** By currency. */
export const totalsTable: TableDefinition<string, EscrowTotals> = {
  name: 'escrow_totals',
  residentRows: 8,
  load: selectTotals,
  write: (sql, changes) => [
    sql`
    insert into escrow_totals (currency, payments, paid_minor)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int8Array(changes.map((change) => change.row.payments))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.paidMinor))}::text::int8[])
    on conflict on constraint escrow_totals_pkey do update set
      payments = excluded.payments, paid_minor = excluded.paid_minor`,
  ],
}
