import type { TableDefinition } from '@huitong/committer'
import { int2Array, int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { DISPUTE_OUTCOMES, DISPUTE_STATES, type Dispute, type Proposal } from './dispute.ts'
import { byTrade, storedOneOf } from './stored.ts'

export interface DisputeRow {
  readonly trade_id: bigint
  readonly number: number
  readonly shipment: number
  readonly claim_minor: bigint
  readonly reason: string
  readonly state: string
  readonly outcome: string | null
  readonly buyer_offer_minor: bigint
  readonly merchant_offer_minor: bigint | null
  readonly offers: number
  readonly buyer_evidence: number
  readonly merchant_evidence: number
  readonly proposed_minor: bigint | null
  readonly proposed_reason: string | null
  readonly proposed_by: string | null
  readonly proposed_at: number | null
  readonly approved_by: string | null
  readonly refunded_minor: bigint | null
  readonly opened_at: number
  readonly due_by: number
  readonly ended_at: number | null
}

export function disputeOfRow(row: DisputeRow): Dispute {
  return {
    number: row.number,
    shipment: row.shipment,
    claimMinor: row.claim_minor,
    reason: row.reason,
    state: storedOneOf(DISPUTE_STATES, row.state),
    outcome: row.outcome === null ? null : storedOneOf(DISPUTE_OUTCOMES, row.outcome),
    buyerOfferMinor: row.buyer_offer_minor,
    merchantOfferMinor: row.merchant_offer_minor,
    offers: row.offers,
    buyerEvidence: row.buyer_evidence,
    merchantEvidence: row.merchant_evidence,
    proposal: proposalOf(row),
    approvedBy: row.approved_by,
    refundedMinor: row.refunded_minor,
    openedAt: row.opened_at,
    dueBy: row.due_by,
    endedAt: row.ended_at,
  }
}

function proposalOf(row: DisputeRow): Proposal | null {
  const { proposed_minor: refundMinor, proposed_reason: reason, proposed_by: by, proposed_at: at } = row
  return refundMinor === null || reason === null || by === null || at === null ? null : { refundMinor, reason, by, at }
}

/** All disputes of a trade, by trade. */
export const disputeTable: TableDefinition<number, readonly Dispute[]> = {
  name: 'escrow_disputes',
  residentRows: 5_000,
  load: async (sql, trades) => {
    const rows = await sql<DisputeRow[]>`
      select * from escrow_disputes where trade_id = any (${int8Array(trades)}::text::int8[]) order by trade_id, number`
    return byTrade(rows, disputeOfRow)
  },
  write: (sql, changes) => {
    const rows = changes.flatMap(({ key, row }) => row.map((dispute) => ({ trade: key, ...dispute })))
    return [
      sql`
      insert into escrow_disputes (trade_id, number, shipment, claim_minor, reason, state, outcome, buyer_offer_minor,
        merchant_offer_minor, offers, buyer_evidence, merchant_evidence, proposed_minor, proposed_reason, proposed_by,
        proposed_at, approved_by, refunded_minor, opened_at, due_by, ended_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.trade))}::text::int8[],
        ${int2Array(rows.map((row) => row.number))}::text::int2[],
        ${int2Array(rows.map((row) => row.shipment))}::text::int2[],
        ${int8Array(rows.map((row) => row.claimMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.reason))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.outcome))}::text::text[],
        ${int8Array(rows.map((row) => row.buyerOfferMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.merchantOfferMinor))}::text::int8[],
        ${int2Array(rows.map((row) => row.offers))}::text::int2[],
        ${int2Array(rows.map((row) => row.buyerEvidence))}::text::int2[],
        ${int2Array(rows.map((row) => row.merchantEvidence))}::text::int2[],
        ${int8Array(rows.map((row) => row.proposal?.refundMinor ?? null))}::text::int8[],
        ${textArray(rows.map((row) => row.proposal?.reason ?? null))}::text::text[],
        ${textArray(rows.map((row) => row.proposal?.by ?? null))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.proposal?.at ?? null))}::text::timestamptz[],
        ${textArray(rows.map((row) => row.approvedBy))}::text::text[],
        ${int8Array(rows.map((row) => row.refundedMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.openedAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.dueBy))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint escrow_disputes_pkey do update set
        state = excluded.state, outcome = excluded.outcome, buyer_offer_minor = excluded.buyer_offer_minor,
        merchant_offer_minor = excluded.merchant_offer_minor, offers = excluded.offers,
        buyer_evidence = excluded.buyer_evidence, merchant_evidence = excluded.merchant_evidence,
        proposed_minor = excluded.proposed_minor, proposed_reason = excluded.proposed_reason,
        proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at, approved_by = excluded.approved_by,
        refunded_minor = excluded.refunded_minor, due_by = excluded.due_by, ended_at = excluded.ended_at`,
    ]
  },
}
