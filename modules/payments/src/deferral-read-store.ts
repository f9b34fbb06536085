import type { ReadTx } from '@huitong/pg'
import type { Deferral, SettlementStep } from './deferral.ts'
import { type DeferralRow, deferralOf, type SettlementStepRow, settlementStepOf } from './deferral-store.ts'

export async function selectDeferral(tx: ReadTx, trade: number): Promise<Deferral | undefined> {
  const rows = await tx.sql<DeferralRow[]>`select * from payments_deferrals where trade_id = ${trade}`
  return rows[0] === undefined ? undefined : deferralOf(rows[0])
}

/** What settled a payment, oldest first; there is little. */
export async function selectSettlementSteps(tx: ReadTx, trade: number): Promise<readonly SettlementStep[]> {
  const rows = await tx.sql<SettlementStepRow[]>`
    select * from payments_settlements where trade_id = ${trade} order by number`
  return rows.map(settlementStepOf)
}

/** Trades that time settles by `now` (µs), those that wait longest first. */
export async function selectDueDeferrals(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ trade_id: bigint }[]>`
    select trade_id from payments_deferrals where state <> 'over' and settles_at <= ${now}::timestamptz
    order by settles_at limit ${limit}`
  return rows.map((row) => Number(row.trade_id))
}
