import type { LogDefinition } from '@huitong/committer'
import { int2Array, int4Array, int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { ACTOR_KINDS } from './escrow-trade.ts'
import { STEP_KINDS, type Step } from './step.ts'
import { storedOneOf } from './stored.ts'

export interface StepRow {
  readonly trade_id: bigint
  readonly number: number
  readonly kind: string
  readonly actor_kind: string
  readonly actor_id: string
  readonly shipment: number | null
  readonly dispute: number | null
  readonly amount_minor: bigint | null
  readonly released_minor: bigint
  readonly returned_minor: bigint
  readonly at: number
}

export function stepOf(row: StepRow): Step {
  return {
    trade: Number(row.trade_id),
    number: row.number,
    kind: storedOneOf(STEP_KINDS, row.kind),
    actor: { kind: storedOneOf(ACTOR_KINDS, row.actor_kind), id: row.actor_id },
    shipment: row.shipment,
    dispute: row.dispute,
    amountMinor: row.amount_minor,
    releasedMinor: row.released_minor,
    returnedMinor: row.returned_minor,
    at: row.at,
  }
}

export const stepLog: LogDefinition<Step> = {
  name: 'escrow_steps',
  append: (sql, rows) => [
    sql`
    insert into escrow_steps (trade_id, number, kind, actor_kind, actor_id, shipment, dispute, amount_minor, released_minor,
      returned_minor, at)
    select * from unnest(
      ${int8Array(rows.map((row) => row.trade))}::text::int8[],
      ${int4Array(rows.map((row) => row.number))}::text::int4[],
      ${textArray(rows.map((row) => row.kind))}::text::text[],
      ${textArray(rows.map((row) => row.actor.kind))}::text::text[],
      ${textArray(rows.map((row) => row.actor.id))}::text::text[],
      ${int2Array(rows.map((row) => row.shipment))}::text::int2[],
      ${int2Array(rows.map((row) => row.dispute))}::text::int2[],
      ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
      ${int8Array(rows.map((row) => row.releasedMinor))}::text::int8[],
      ${int8Array(rows.map((row) => row.returnedMinor))}::text::int8[],
      ${timestamptzArray(rows.map((row) => row.at))}::text::timestamptz[])`,
  ],
}
