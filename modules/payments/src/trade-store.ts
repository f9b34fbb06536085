import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import { optionalNumber, storedCurrency, storedDetails, storedOneOf } from './stored.ts'
import { partsText, storedParts } from './tender-parts.ts'
import { assertTrade, CLOSING_CAUSES, TRADE_STATES, type Trade } from './trade.ts'

export interface TradeRow {
  readonly id: bigint
  readonly merchant_id: bigint
  readonly order_number: string
  readonly buyer_id: bigint
  readonly subject: string
  readonly details: unknown
  readonly currency: string
  readonly total_minor: bigint
  readonly state: string
  readonly closing_cause: string | null
  readonly paid_minor: bigint
  readonly refunded_minor: bigint
  readonly tenders: unknown
  readonly fee_minor: bigint
  readonly fee_returned_minor: bigint
  readonly created_at: number
  readonly expires_at: number
  readonly paid_at: number | null
  readonly refundable_until: number | null
  readonly ended_at: number | null
  readonly risk_check_id: bigint | null
}

export function tradeOf(row: TradeRow): Trade {
  return assertTrade({
    id: Number(row.id),
    merchant: Number(row.merchant_id),
    orderNumber: row.order_number,
    buyer: Number(row.buyer_id),
    subject: row.subject,
    details: storedDetails(row.details),
    currency: storedCurrency(row.currency),
    totalMinor: row.total_minor,
    state: storedOneOf(TRADE_STATES, row.state),
    closingCause: row.closing_cause === null ? null : storedOneOf(CLOSING_CAUSES, row.closing_cause),
    paidMinor: row.paid_minor,
    refundedMinor: row.refunded_minor,
    tenders: storedParts(row.tenders),
    feeMinor: row.fee_minor,
    feeReturnedMinor: row.fee_returned_minor,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    refundableUntil: row.refundable_until,
    endedAt: row.ended_at,
    riskCheck: optionalNumber(row.risk_check_id),
  })
}

export const tradeTable: TableDefinition<number, Trade> = {
  name: 'payments_trades',
  // Trades are asked about and refunded soon after they are paid, if at all.
  residentRows: 20_000,
  load: async (sql, keys) => {
    const rows = await sql<TradeRow[]>`
      select id, merchant_id, order_number, buyer_id, subject, details, currency, total_minor, state, closing_cause,
        paid_minor, refunded_minor, tenders, fee_minor, fee_returned_minor, created_at, expires_at, paid_at, refundable_until, ended_at,
        risk_check_id
      from payments_trades where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), tradeOf(row)])
  },
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      statements.push(
        sql`
        insert into payments_trades (id, merchant_id, order_number, buyer_id, subject, details, currency, total_minor, state,
          closing_cause, paid_minor, refunded_minor, tenders, fee_minor, fee_returned_minor, created_at, expires_at, paid_at,
          refundable_until, ended_at, risk_check_id)
        select * from unnest(
          ${int8Array(added.map((trade) => trade.id))}::text::int8[],
          ${int8Array(added.map((trade) => trade.merchant))}::text::int8[],
          ${textArray(added.map((trade) => trade.orderNumber))}::text::text[],
          ${int8Array(added.map((trade) => trade.buyer))}::text::int8[],
          ${textArray(added.map((trade) => trade.subject))}::text::text[],
          ${jsonbArray(added.map((trade) => JSON.stringify(trade.details)))}::text::jsonb[],
          ${textArray(added.map((trade) => trade.currency))}::text::text[],
          ${int8Array(added.map((trade) => trade.totalMinor))}::text::int8[],
          ${textArray(added.map((trade) => trade.state))}::text::text[],
          ${textArray(added.map((trade) => trade.closingCause))}::text::text[],
          ${int8Array(added.map((trade) => trade.paidMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.refundedMinor))}::text::int8[],
          ${jsonbArray(added.map((trade) => partsText(trade.tenders)))}::text::jsonb[],
          ${int8Array(added.map((trade) => trade.feeMinor))}::text::int8[],
          ${int8Array(added.map((trade) => trade.feeReturnedMinor))}::text::int8[],
          ${timestamptzArray(added.map((trade) => trade.createdAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.expiresAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.paidAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.refundableUntil))}::text::timestamptz[],
          ${timestamptzArray(added.map((trade) => trade.endedAt))}::text::timestamptz[],
          ${int8Array(added.map((trade) => trade.riskCheck))}::text::int8[])`,
      )
    }
    if (changed.length > 0) {
      // What was agreed stays; only how far it came changes.
      statements.push(
        sql`
        update payments_trades t set state = c.state, closing_cause = c.closing_cause, paid_minor = c.paid_minor,
          refunded_minor = c.refunded_minor, tenders = c.tenders, fee_minor = c.fee_minor, fee_returned_minor = c.fee_returned_minor,
          paid_at = c.paid_at, refundable_until = c.refundable_until, ended_at = c.ended_at, risk_check_id = c.risk_check_id
        from unnest(
          ${int8Array(changed.map((trade) => trade.id))}::text::int8[],
          ${textArray(changed.map((trade) => trade.state))}::text::text[],
          ${textArray(changed.map((trade) => trade.closingCause))}::text::text[],
          ${int8Array(changed.map((trade) => trade.paidMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.refundedMinor))}::text::int8[],
          ${jsonbArray(changed.map((trade) => partsText(trade.tenders)))}::text::jsonb[],
          ${int8Array(changed.map((trade) => trade.feeMinor))}::text::int8[],
          ${int8Array(changed.map((trade) => trade.feeReturnedMinor))}::text::int8[],
          ${timestamptzArray(changed.map((trade) => trade.paidAt))}::text::timestamptz[],
          ${timestamptzArray(changed.map((trade) => trade.refundableUntil))}::text::timestamptz[],
          ${timestamptzArray(changed.map((trade) => trade.endedAt))}::text::timestamptz[],
          ${int8Array(changed.map((trade) => trade.riskCheck))}::text::int8[]
        ) as c (id, state, closing_cause, paid_minor, refunded_minor, tenders, fee_minor, fee_returned_minor, paid_at,
          refundable_until, ended_at, risk_check_id)
        where t.id = c.id`,
      )
    }
    return statements
  },
}
