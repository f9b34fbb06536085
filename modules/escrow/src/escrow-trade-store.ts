import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { partsText, storedParts } from '@huitong/payments'
import { int4Array, int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import { ESCROW_CLOSING_CAUSES, ESCROW_STATES, type EscrowTrade } from './escrow-trade.ts'
import { storedCurrency, storedOneOf } from './stored.ts'

export interface EscrowTradeRow {
  readonly id: bigint
  readonly merchant_id: bigint
  readonly order_number: string
  readonly buyer_id: bigint
  readonly subject: string
  readonly currency: string
  readonly total_minor: bigint
  readonly state: string
  readonly closing_cause: string | null
  readonly paid_minor: bigint
  readonly unshipped_minor: bigint
  readonly open_minor: bigint
  readonly disputed_minor: bigint
  readonly released_minor: bigint
  readonly returned_minor: bigint
  readonly tenders: unknown
  readonly fee_rate_millionths: number
  readonly fee_minor: bigint
  readonly refunded_minor: bigint
  readonly fee_returned_minor: bigint
  readonly steps: number
  readonly created_at: number
  readonly expires_at: number
  readonly paid_at: number | null
  readonly ship_by: number | null
  readonly ended_at: number | null
  readonly due_at: number | null
}

export function escrowTradeOf(row: EscrowTradeRow): EscrowTrade {
  return {
    id: Number(row.id),
    merchant: Number(row.merchant_id),
    orderNumber: row.order_number,
    buyer: Number(row.buyer_id),
    subject: row.subject,
    currency: storedCurrency(row.currency),
    totalMinor: row.total_minor,
    state: storedOneOf(ESCROW_STATES, row.state),
    closingCause: row.closing_cause === null ? null : storedOneOf(ESCROW_CLOSING_CAUSES, row.closing_cause),
    paidMinor: row.paid_minor,
    unshippedMinor: row.unshipped_minor,
    openMinor: row.open_minor,
    disputedMinor: row.disputed_minor,
    releasedMinor: row.released_minor,
    returnedMinor: row.returned_minor,
    tenders: storedParts(row.tenders),
    feeRateMillionths: row.fee_rate_millionths,
    feeMinor: row.fee_minor,
    refundedMinor: row.refunded_minor,
    feeReturnedMinor: row.fee_returned_minor,
    steps: row.steps,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    shipBy: row.ship_by,
    endedAt: row.ended_at,
    dueAt: row.due_at,
  }
}

export const escrowTradeTable: TableDefinition<number, EscrowTrade> = {
  name: 'escrow_trades',
  // A trade is in hand for days, and each step may be the only one for long.
  residentRows: 5_000,
  load: async (sql, keys) => {
    const rows = await sql<EscrowTradeRow[]>`
      select * from escrow_trades where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), escrowTradeOf(row)])
  },
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      // All of them wait for payment, so what money brings is as it was.
      statements.push(
        sql`
        insert into escrow_trades (id, merchant_id, order_number, buyer_id, subject, currency, total_minor, created_at, expires_at,
          state, closing_cause, paid_minor, unshipped_minor, open_minor, disputed_minor, released_minor, returned_minor,
          tenders, fee_rate_millionths, fee_minor, refunded_minor, fee_returned_minor, steps, paid_at, ship_by, ended_at, due_at)
        select * from unnest(
          ${int8Array(added.map((trade) => trade.id))}::text::int8[],
          ${int8Array(added.map((trade) => trade.merchant))}::text::int8[],
          ${textArray(added.map((trade) => trade.orderNumber))}::text::text[],
          ${int8Array(added.map((trade) => trade.buyer))}::text::int8[],
          ${textArray(added.map((trade) => trade.subject))}::text::text[],
          ${textArray(added.map((trade) => trade.currency))}::text::text[],
          ${int8Array(added.map((trade) => trade.totalMinor))}::text::int8[],
          ${timestamptzArray(added.map((trade) => trade.createdAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.expiresAt))}::text::timestamptz[],
          ${textArray(added.map((trade) => trade.state))}::text::text[],
          ${textArray(added.map((trade) => trade.closingCause))}::text::text[],
          ${int8Array(added.map((trade) => trade.paidMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.unshippedMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.openMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.disputedMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.releasedMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.returnedMinor))}::text::int8[],
          ${jsonbArray(added.map((trade) => partsText(trade.tenders)))}::text::jsonb[],
          ${int4Array(added.map((trade) => trade.feeRateMillionths))}::text::int4[],
          ${int8Array(added.map((trade) => trade.feeMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.refundedMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.feeReturnedMinor))}::text::int8[],
          ${int4Array(added.map((trade) => trade.steps))}::text::int4[],
          ${timestamptzArray(added.map((trade) => trade.paidAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.shipBy))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.endedAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.dueAt))}::text::timestamptz[])`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update escrow_trades t set state = c.state, closing_cause = c.closing_cause, paid_minor = c.paid_minor,
          unshipped_minor = c.unshipped_minor, open_minor = c.open_minor, disputed_minor = c.disputed_minor,
          released_minor = c.released_minor, returned_minor = c.returned_minor,
          tenders = c.tenders, fee_rate_millionths = c.fee_rate_millionths, fee_minor = c.fee_minor, refunded_minor = c.refunded_minor,
          fee_returned_minor = c.fee_returned_minor, steps = c.steps, paid_at = c.paid_at, ship_by = c.ship_by,
          ended_at = c.ended_at, due_at = c.due_at
        from unnest(
          ${int8Array(changed.map((trade) => trade.id))}::text::int8[],
          ${textArray(changed.map((trade) => trade.state))}::text::text[],
          ${textArray(changed.map((trade) => trade.closingCause))}::text::text[],
          ${int8Array(changed.map((trade) => trade.paidMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.unshippedMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.openMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.disputedMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.releasedMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.returnedMinor))}::text::int8[],
          ${jsonbArray(changed.map((trade) => partsText(trade.tenders)))}::text::jsonb[],
          ${int4Array(changed.map((trade) => trade.feeRateMillionths))}::text::int4[],
          ${int8Array(changed.map((trade) => trade.feeMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.refundedMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.feeReturnedMinor))}::text::int8[],
          ${int4Array(changed.map((trade) => trade.steps))}::text::int4[],
          ${timestamptzArray(changed.map((trade) => trade.paidAt))}::text::timestamptz[],
          ${timestamptzArray(changed.map((trade) => trade.shipBy))}::text::timestamptz[],
          ${timestamptzArray(changed.map((trade) => trade.endedAt))}::text::timestamptz[],
          ${timestamptzArray(changed.map((trade) => trade.dueAt))}::text::timestamptz[]
        ) as c (id, state, closing_cause, paid_minor, unshipped_minor, open_minor, disputed_minor, released_minor,
          returned_minor, tenders, fee_rate_millionths, fee_minor, refunded_minor, fee_returned_minor, steps, paid_at, ship_by,
          ended_at, due_at)
        where t.id = c.id`,
      )
    }
    return statements
  },
}

/** The key of an order in the working set. Order numbers have no control characters, so the parts cannot run together. */
export function escrowOrderKey(merchant: number, orderNumber: string): string {
  return `${merchant}\u0000${orderNumber}`
}

/** The trade that an order number stands for. The number stands in the trade's own row, so there is nothing to write. */
export const escrowOrderTable: TableDefinition<string, number> = {
  name: 'escrow_orders',
  residentRows: 5_000,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split('\u0000'))
    const rows = await sql<{ id: bigint; merchant_id: bigint; order_number: string }[]>`
      select t.id, t.merchant_id, t.order_number
      from unnest(
        ${int8Array(parts.map(([merchant]) => Number(merchant)))}::text::int8[],
        ${textArray(parts.map(([, number = '']) => number))}::text::text[]
      ) as wanted (merchant_id, order_number)
      join escrow_trades t on t.merchant_id = wanted.merchant_id and t.order_number = wanted.order_number`
    return rows.map((row) => [escrowOrderKey(Number(row.merchant_id), row.order_number), Number(row.id)])
  },
  write: () => [],
}
