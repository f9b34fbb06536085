import type { ReadTx } from '@huitong/pg'
import { storedDetails } from './stored.ts'
import type { TradeDetails } from './trade.ts'

/** An order as somebody sees it who holds one of its codes. */
export interface CodedOrder {
  readonly merchant: number
  readonly subject: string
  readonly totalMinor: bigint
  readonly details: TradeDetails
  /** From when on it cannot be scanned any more, in µs. */
  readonly scannableUntil: number
  /** Its trade, once somebody scanned. */
  readonly trade: number | null
}

/** The order of a code, by the hash of the code's token; undefined also for an order that was called off before anybody scanned. */
export async function selectCodedOrder(tx: ReadTx, tokenHash: string): Promise<CodedOrder | undefined> {
  const [row] = await tx.sql<
    {
      merchant_id: bigint
      subject: string
      total_minor: bigint
      details: unknown
      scannable_until: number
      trade_id: bigint | null
    }[]
  >`
    select c.merchant_id, c.subject, c.total_minor, c.details, least(c.expires_at, c.trade_expires_at) as scannable_until, o.trade_id
    from payments_order_codes c
    join payments_orders o on o.merchant_id = c.merchant_id and o.order_number = c.order_number
    where c.token_hash = ${tokenHash} and not o.revoked`
  if (row === undefined) return undefined
  return {
    merchant: Number(row.merchant_id),
    subject: row.subject,
    totalMinor: row.total_minor,
    details: storedDetails(row.details),
    scannableUntil: row.scannable_until,
    trade: row.trade_id === null ? null : Number(row.trade_id),
  }
}
