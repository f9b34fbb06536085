import type { TableDefinition } from '@huitong/committer'
import { int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import type { Refund } from './refund.ts'
import { partsText, storedParts } from './tender-parts.ts'

export interface RefundRow {
  readonly id: bigint
  readonly trade_id: bigint
  readonly refund_number: string
  readonly reason: string | null
  readonly amount_minor: bigint
  readonly fee_returned_minor: bigint
  readonly tenders: unknown
  readonly refunded_after_minor: bigint
  readonly created_at: number
}

export function refundOf(row: RefundRow): Refund {
  return {
    id: Number(row.id),
    trade: Number(row.trade_id),
    refundNumber: row.refund_number,
    reason: row.reason,
    amountMinor: row.amount_minor,
    feeReturnedMinor: row.fee_returned_minor,
    tenders: storedParts(row.tenders),
    refundedAfterMinor: row.refunded_after_minor,
    createdAt: row.created_at,
  }
}

/** The key of a refund in the working set. */
export function refundKey(trade: number, refundNumber: string): string {
  return `${trade}\u0000${refundNumber}`
}

export const refundTable: TableDefinition<string, Refund> = {
  name: 'payments_refunds',
  residentRows: 10_000,
  load: async (sql, keys) => {
    const trades: number[] = []
    const numbers: string[] = []
    for (const key of keys) {
      const cut = key.indexOf('\u0000')
      trades.push(Number(key.slice(0, cut)))
      numbers.push(key.slice(cut + 1))
    }
    const rows = await sql<RefundRow[]>`
      select r.id, r.trade_id, r.refund_number, r.reason, r.amount_minor, r.fee_returned_minor, r.tenders,
        r.refunded_after_minor, r.created_at
      from unnest(${int8Array(trades)}::text::int8[], ${textArray(numbers)}::text::text[]) as wanted (trade_id, refund_number)
      join payments_refunds r on r.trade_id = wanted.trade_id and r.refund_number = wanted.refund_number`
    return rows.map((row) => [refundKey(Number(row.trade_id), row.refund_number), refundOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_refunds (id, trade_id, refund_number, reason, amount_minor, fee_returned_minor, tenders,
        refunded_after_minor, created_at)
      select * from unnest(
        ${int8Array(rows.map((refund) => refund.id))}::text::int8[],
        ${int8Array(rows.map((refund) => refund.trade))}::text::int8[],
        ${textArray(rows.map((refund) => refund.refundNumber))}::text::text[],
        ${textArray(rows.map((refund) => refund.reason))}::text::text[],
        ${int8Array(rows.map((refund) => refund.amountMinor))}::text::int8[],
        ${int8Array(rows.map((refund) => refund.feeReturnedMinor))}::text::int8[],
        ${jsonbArray(rows.map((refund) => partsText(refund.tenders)))}::text::jsonb[],
        ${int8Array(rows.map((refund) => refund.refundedAfterMinor))}::text::int8[],
        ${timestamptzArray(rows.map((refund) => refund.createdAt))}::text::timestamptz[])`,
    ]
  },
}
