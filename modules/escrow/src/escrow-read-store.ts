import type { ReadTx } from '@huitong/pg'
import { type DisputeRow, disputeOfRow } from './dispute-store.ts'
import type { Escrow } from './escrow.ts'
import type { EscrowState, EscrowTrade } from './escrow-trade.ts'
import { type EscrowTradeRow, escrowTradeOf } from './escrow-trade-store.ts'
import type { Evidence } from './evidence.ts'
import { type ShipmentRow, shipmentOfRow } from './shipment-store.ts'
import type { Step } from './step.ts'
import { type StepRow, stepOf } from './step-store.ts'
import { storedOneOf } from './stored.ts'

export interface EscrowFilter {
  readonly merchant?: number
  readonly buyer?: number
  readonly state?: EscrowState
  /** Only those with money frozen by a dispute. */
  readonly disputed?: boolean
  readonly limit: number
  /** A page starts below the last row of the one before. */
  readonly after?: { readonly createdAt: number; readonly id: number }
}

// Above every row, so that the first page is asked for in the same words as the others.
const NEWEST = { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }

/** Newest first, up to limit + 1 trades. */
export async function selectEscrowTrades(tx: ReadTx, filter: EscrowFilter): Promise<readonly EscrowTrade[]> {
  const { createdAt, id } = filter.after ?? NEWEST
  const { sql } = tx
  const merchant = filter.merchant === undefined ? sql`true` : sql`merchant_id = ${filter.merchant}`
  const buyer = filter.buyer === undefined ? sql`true` : sql`buyer_id = ${filter.buyer}`
  const state = filter.state === undefined ? sql`true` : sql`state = ${filter.state}`
  const disputed = filter.disputed === true ? sql`disputed_minor > 0` : sql`true`
  const rows = await sql<EscrowTradeRow[]>`
    select * from escrow_trades
    where ${merchant} and ${buyer} and ${state} and ${disputed}
      and (created_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by created_at desc, id desc limit ${filter.limit + 1}`
  return rows.map(escrowTradeOf)
}

/** A trade with its shipments and disputes, all of one snapshot. */
export async function selectEscrow(tx: ReadTx, id: number): Promise<Escrow | undefined> {
  const { sql } = tx
  const [trade] = await sql<EscrowTradeRow[]>`select * from escrow_trades where id = ${id}`
  if (trade === undefined) return undefined
  const shipments = await sql<ShipmentRow[]>`select * from escrow_shipments where trade_id = ${id} order by number`
  const disputes = await sql<DisputeRow[]>`select * from escrow_disputes where trade_id = ${id} order by number`
  return {
    trade: escrowTradeOf(trade),
    shipments: shipments.map(shipmentOfRow),
    disputes: disputes.map(disputeOfRow),
  }
}

/** What happened to a trade, oldest first. Bounded by the trade's own bounds. */
export async function selectSteps(tx: ReadTx, trade: number): Promise<readonly Step[]> {
  const rows = await tx.sql<StepRow[]>`select * from escrow_steps where trade_id = ${trade} order by number`
  return rows.map(stepOf)
}

interface EvidenceRow {
  readonly trade_id: bigint
  readonly dispute: number
  readonly side: string
  readonly number: number
  readonly statement: string
  readonly documents: unknown
  readonly given_at: number
}

/** All evidence of a dispute, oldest first. */
export async function selectEvidence(tx: ReadTx, trade: number, dispute: number): Promise<readonly Evidence[]> {
  const rows = await tx.sql<EvidenceRow[]>`
    select * from escrow_evidence where trade_id = ${trade} and dispute = ${dispute} order by given_at, side, number`
  return rows.map((row) => ({
    trade: Number(row.trade_id),
    dispute: row.dispute,
    side: storedOneOf(['buyer', 'merchant'], row.side),
    number: row.number,
    statement: row.statement,
    documents: Array.isArray(row.documents) ? row.documents.map(String) : [],
    givenAt: row.given_at,
  }))
}

/** Trades that time has something to do to at `now` (µs), the longest due first. */
export async function selectDueEscrow(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from escrow_trades where due_at <= ${now}::timestamptz order by due_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}

/** What the trades of each merchant say is held, beside the account that must hold exactly that. */
export interface EscrowTie {
  readonly merchant: number
  readonly account: number
  readonly heldMinor: bigint
}

export async function selectEscrowTies(tx: ReadTx): Promise<readonly EscrowTie[]> {
  const rows = await tx.sql<{ merchant_id: bigint; account_id: bigint; held_minor: string }[]>`
    select a.merchant_id, a.account_id,
      coalesce(sum(t.unshipped_minor + t.open_minor + t.disputed_minor), 0)::text as held_minor
    from escrow_accounts a
    left join escrow_trades t on t.merchant_id = a.merchant_id and t.ended_at is null
    group by a.merchant_id, a.account_id order by a.merchant_id`
  return rows.map((row) => ({
    merchant: Number(row.merchant_id),
    account: Number(row.account_id),
    heldMinor: BigInt(row.held_minor),
  }))
}
