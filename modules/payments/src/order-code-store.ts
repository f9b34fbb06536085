import type { TableDefinition } from '@huitong/committer'
import { int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import type { OrderCode } from './order-code.ts'
import { storedDetails } from './stored.ts'

interface OrderCodeRow {
  readonly token_hash: string
  readonly merchant_id: bigint
  readonly order_number: string
  readonly subject: string
  readonly details: unknown
  readonly total_minor: bigint
  readonly trade_life_micros: bigint
  readonly trade_expires_at: number | null
  readonly created_at: number
  readonly expires_at: number
}

export const orderCodeTable: TableDefinition<string, OrderCode> = {
  name: 'payments_order_codes',
  residentRows: 5_000,
  load: async (sql, hashes) => {
    const rows = await sql<OrderCodeRow[]>`
      select token_hash, merchant_id, order_number, subject, details, total_minor, trade_life_micros, trade_expires_at,
        created_at, expires_at
      from payments_order_codes where token_hash = any (${textArray(hashes)}::text::text[])`
    return rows.map((row) => [
      row.token_hash,
      {
        tokenHash: row.token_hash,
        merchant: Number(row.merchant_id),
        orderNumber: row.order_number,
        subject: row.subject,
        details: storedDetails(row.details),
        totalMinor: row.total_minor,
        tradeLife: Number(row.trade_life_micros),
        tradeExpiresAt: row.trade_expires_at,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      },
    ])
  },
  write: (sql, changes) => {
    // Codes never change: a repeat gets a new one.
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_order_codes (token_hash, merchant_id, order_number, subject, details, total_minor,
        trade_life_micros, trade_expires_at, created_at, expires_at)
      select * from unnest(
        ${textArray(rows.map((code) => code.tokenHash))}::text::text[],
        ${int8Array(rows.map((code) => code.merchant))}::text::int8[],
        ${textArray(rows.map((code) => code.orderNumber))}::text::text[],
        ${textArray(rows.map((code) => code.subject))}::text::text[],
        ${jsonbArray(rows.map((code) => JSON.stringify(code.details)))}::text::jsonb[],
        ${int8Array(rows.map((code) => code.totalMinor))}::text::int8[],
        ${int8Array(rows.map((code) => code.tradeLife))}::text::int8[],
        ${timestamptzArray(rows.map((code) => code.tradeExpiresAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((code) => code.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((code) => code.expiresAt))}::text::timestamptz[])`,
    ]
  },
}
