import type { TableDefinition } from '@huitong/committer'
import { int8Array, textArray } from '@huitong/pg'
import type { PaymentTotals } from './totals.ts'

export interface TotalsRow {
  readonly currency: string
  readonly payments: bigint
  readonly paid_minor: bigint
  readonly refunds: bigint
  readonly refunded_minor: bigint
  readonly transfers: bigint
  readonly transferred_minor: bigint
}

export function totalsOf(row: TotalsRow): PaymentTotals {
  return {
    payments: row.payments,
    paidMinor: row.paid_minor,
    refunds: row.refunds,
    refundedMinor: row.refunded_minor,
    transfers: row.transfers,
    transferredMinor: row.transferred_minor,
  }
}

/** By currency. */
export const totalsTable: TableDefinition<string, PaymentTotals> = {
  name: 'payments_totals',
  residentRows: 8,
  load: async (sql, currencies) => {
    const rows = await sql<TotalsRow[]>`
      select currency, payments, paid_minor, refunds, refunded_minor, transfers, transferred_minor
      from payments_totals where currency = any (${textArray(currencies)}::text::text[])`
    return rows.map((row) => [row.currency, totalsOf(row)])
  },
  write: (sql, changes) => [
    sql`
    insert into payments_totals (currency, payments, paid_minor, refunds, refunded_minor, transfers, transferred_minor)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int8Array(changes.map((change) => change.row.payments))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.paidMinor))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.refunds))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.refundedMinor))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.transfers))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.transferredMinor))}::text::int8[])
    on conflict on constraint payments_totals_pkey do update set
      payments = excluded.payments, paid_minor = excluded.paid_minor, refunds = excluded.refunds,
      refunded_minor = excluded.refunded_minor, transfers = excluded.transfers,
      transferred_minor = excluded.transferred_minor`,
  ],
}
