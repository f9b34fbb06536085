import { int8Array, type ReadTx } from '@huitong/pg'
import type { Refund } from './refund.ts'
import { type RefundRow, refundOf } from './refund-store.ts'
import type { TenderName } from './tender.ts'
import { NO_PAYMENTS, type PaymentTotals } from './totals.ts'
import { type TotalsRow, totalsOf } from './totals-store.ts'
import type { Trade, TradeState } from './trade.ts'
import { type TradeRow, tradeOf } from './trade-store.ts'
import { tenderOrderOf } from './wallet-store.ts'
import type { Payer, WalletTransfer } from './wallet-transfer.ts'
import { type TransferRow, transferOf } from './wallet-transfer-store.ts'

export async function selectTrade(tx: ReadTx, id: number): Promise<Trade | undefined> {
  const rows = await tx.sql<TradeRow[]>`select * from payments_trades where id = ${id}`
  return rows.map(tradeOf)[0]
}

/** Those that are there, by id. */
export async function selectTradesById(tx: ReadTx, ids: Iterable<number>): Promise<ReadonlyMap<number, Trade>> {
  const keys = [...ids]
  if (keys.length === 0) return new Map()
  const rows = await tx.sql<TradeRow[]>`
    select * from payments_trades where id = any (${int8Array(keys)}::text::int8[])`
  return new Map(rows.map((row) => [Number(row.id), tradeOf(row)]))
}

export async function selectTradeByOrder(
  tx: ReadTx,
  merchant: number,
  orderNumber: string,
): Promise<Trade | undefined> {
  const rows = await tx.sql<TradeRow[]>`
    select * from payments_trades where merchant_id = ${merchant} and order_number = ${orderNumber}`
  return rows.map(tradeOf)[0]
}

/** Newest first; a page starts below the last row of the one before. */
export interface ListBounds {
  readonly limit: number
  readonly after?: { readonly createdAt: number; readonly id: number }
}

export interface TradeFilter extends ListBounds {
  readonly merchant?: number
  readonly buyer?: number
  readonly state?: TradeState
}

// Above every row, so that the first page is asked for in the same words as the others.
const NEWEST = { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }

/** Up to limit + 1 trades. */
export async function selectTrades(tx: ReadTx, filter: TradeFilter): Promise<readonly Trade[]> {
  const { createdAt, id } = filter.after ?? NEWEST
  const { sql } = tx
  const merchant = filter.merchant === undefined ? sql`true` : sql`merchant_id = ${filter.merchant}`
  const buyer = filter.buyer === undefined ? sql`true` : sql`buyer_id = ${filter.buyer}`
  const state = filter.state === undefined ? sql`true` : sql`state = ${filter.state}`
  const rows = await sql<TradeRow[]>`
    select * from payments_trades
    where ${merchant} and ${buyer} and ${state} and (created_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by created_at desc, id desc limit ${filter.limit + 1}`
  return rows.map(tradeOf)
}

/** All refunds of a trade, oldest first; there are as many as the merchant made. */
export async function selectRefunds(tx: ReadTx, trade: number): Promise<readonly Refund[]> {
  const rows = await tx.sql<RefundRow[]>`
    select * from payments_refunds where trade_id = ${trade} order by refunded_after_minor`
  return rows.map(refundOf)
}

export async function selectRefund(tx: ReadTx, trade: number, refundNumber: string): Promise<Refund | undefined> {
  const rows = await tx.sql<RefundRow[]>`
    select * from payments_refunds where trade_id = ${trade} and refund_number = ${refundNumber}`
  return rows.map(refundOf)[0]
}

export async function selectTransfer(tx: ReadTx, id: number): Promise<WalletTransfer | undefined> {
  const rows = await tx.sql<TransferRow[]>`select * from payments_transfers where id = ${id}`
  return rows.map(transferOf)[0]
}

export async function selectTransferByNumber(
  tx: ReadTx,
  payer: Payer,
  transferNumber: string,
): Promise<WalletTransfer | undefined> {
  const rows = await tx.sql<TransferRow[]>`
    select * from payments_transfers
    where payer_kind = ${payer.kind} and payer_id = ${payer.id} and transfer_number = ${transferNumber}`
  return rows.map(transferOf)[0]
}

export async function selectWalletAccount(tx: ReadTx, customer: number): Promise<number | undefined> {
  const rows = await tx.sql<{ account_id: bigint }[]>`
    select account_id from payments_wallets where customer_id = ${customer}`
  return rows.map((row) => Number(row.account_id))[0]
}

/** The order that a customer's wallet keeps; null where nobody set one, undefined where there is no wallet. */
export async function selectTenderOrder(
  tx: ReadTx,
  customer: number,
): Promise<readonly TenderName[] | null | undefined> {
  const rows = await tx.sql<{ tender_order: string | null }[]>`
    select tender_order from payments_wallets where customer_id = ${customer}`
  return rows.map((row) => tenderOrderOf(row.tender_order))[0]
}

export async function selectMerchantAccount(tx: ReadTx, merchant: number): Promise<number | undefined> {
  const rows = await tx.sql<{ account_id: bigint }[]>`
    select account_id from payments_merchant_accounts where merchant_id = ${merchant}`
  return rows.map((row) => Number(row.account_id))[0]
}

export async function selectTotals(tx: ReadTx, currency: string): Promise<PaymentTotals> {
  const rows = await tx.sql<TotalsRow[]>`select * from payments_totals where currency = ${currency}`
  return rows.map(totalsOf)[0] ?? NO_PAYMENTS
}

/** Trades whose time to pay was over at `now` (µs), the longest over first. */
export async function selectDueTrades(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from payments_trades
    where state in ('awaiting_payment', 'awaiting_proof') and expires_at <= ${now}::timestamptz order by expires_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}

/** Trades whose time for refunds was over at `now` (µs), the longest over first. */
export async function selectUnrefundableTrades(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from payments_trades
    where state = 'paid' and refundable_until <= ${now}::timestamptz order by refundable_until limit ${limit}`
  return rows.map((row) => Number(row.id))
}
