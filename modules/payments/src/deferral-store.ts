import type { TableDefinition } from '@huitong/committer'
import { boolArray, int2Array, int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { assertDeferral, DEFERRAL_STATES, type Deferral, type SettlementStep } from './deferral.ts'
import { storedOneOf } from './stored.ts'

export interface DeferralRow {
  readonly trade_id: bigint
  readonly merchant_id: bigint
  readonly state: string
  readonly open_minor: bigint
  readonly held_minor: bigint
  readonly for_sharing: boolean
  readonly created_at: number
  readonly settles_at: number
  readonly ended_at: number | null
}

export function deferralOf(row: DeferralRow): Deferral {
  return assertDeferral({
    trade: Number(row.trade_id),
    merchant: Number(row.merchant_id),
    state: storedOneOf(DEFERRAL_STATES, row.state),
    openMinor: row.open_minor,
    heldMinor: row.held_minor,
    forSharing: row.for_sharing,
    createdAt: row.created_at,
    settlesAt: row.settles_at,
    endedAt: row.ended_at,
  })
}

/** By trade. */
export const deferralTable: TableDefinition<number, Deferral> = {
  name: 'payments_deferrals',
  residentRows: 5_000,
  load: async (sql, trades) => {
    const rows = await sql<DeferralRow[]>`
      select * from payments_deferrals where trade_id = any (${int8Array(trades)}::text::int8[])`
    return rows.map((row) => [Number(row.trade_id), deferralOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_deferrals (trade_id, merchant_id, state, open_minor, held_minor, for_sharing, created_at,
        settles_at, ended_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.trade))}::text::int8[],
        ${int8Array(rows.map((row) => row.merchant))}::text::int8[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${int8Array(rows.map((row) => row.openMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.heldMinor))}::text::int8[],
        ${boolArray(rows.map((row) => row.forSharing))}::text::bool[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.settlesAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint payments_deferrals_pkey do update set state = excluded.state,
        open_minor = excluded.open_minor, held_minor = excluded.held_minor, for_sharing = excluded.for_sharing,
        settles_at = excluded.settles_at, ended_at = excluded.ended_at`,
    ]
  },
}

export interface SettlementStepRow {
  readonly trade_id: bigint
  readonly number: number
  readonly request_number: string
  readonly amount_minor: bigint
  readonly settled_minor: bigint
  readonly for_sharing: boolean
  readonly created_at: number
}

export function settlementStepOf(row: SettlementStepRow): SettlementStep {
  return {
    trade: Number(row.trade_id),
    number: row.number,
    requestNumber: row.request_number,
    amountMinor: row.amount_minor,
    settledMinor: row.settled_minor,
    forSharing: row.for_sharing,
    createdAt: row.created_at,
  }
}

/** All that settled a trade, by trade. */
export const settlementStepTable: TableDefinition<number, readonly SettlementStep[]> = {
  name: 'payments_settlements',
  residentRows: 2_000,
  load: async (sql, trades) => {
    const rows = await sql<SettlementStepRow[]>`
      select * from payments_settlements where trade_id = any (${int8Array(trades)}::text::int8[])
      order by trade_id, number`
    const found = new Map<number, SettlementStep[]>()
    for (const step of rows.map(settlementStepOf)) found.set(step.trade, [...(found.get(step.trade) ?? []), step])
    return [...found]
  },
  write: (sql, changes) => {
    // A change adds steps at the end; what is written is never changed.
    const rows = changes.flatMap((change) => change.row)
    return [
      sql`
      insert into payments_settlements (trade_id, number, request_number, amount_minor, settled_minor, for_sharing,
        created_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.trade))}::text::int8[],
        ${int2Array(rows.map((row) => row.number))}::text::int2[],
        ${textArray(rows.map((row) => row.requestNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.settledMinor))}::text::int8[],
        ${boolArray(rows.map((row) => row.forSharing))}::text::bool[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[])
      on conflict on constraint payments_settlements_pkey do nothing`,
    ]
  },
}
