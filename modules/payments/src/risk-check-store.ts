import type { TableDefinition } from '@huitong/committer'
import { PROOF_STRENGTHS } from '@huitong/contract'
import { int8Array, jsonbArray, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import type { ListBounds } from './payments-read-store.ts'
import {
  assertRiskCheck,
  RISK_CHECK_KINDS,
  RISK_CHECK_STATES,
  type RiskCheck,
  type RiskCheckState,
} from './risk-check.ts'
import { PAYMENT_WAYS } from './risk-port.ts'
import { optionalNumber, storedOneOf } from './stored.ts'

interface RiskCheckRow {
  readonly id: bigint
  readonly kind: string
  readonly subject_id: bigint
  readonly customer_id: bigint
  readonly payee_id: bigint
  readonly amount_minor: bigint
  readonly way: string
  readonly transfer_number: string | null
  readonly title: string | null
  readonly remark: string | null
  readonly state: string
  readonly proof: string | null
  readonly hold_id: bigint | null
  readonly judged_by: readonly string[]
  readonly reasons: readonly string[]
  readonly created_at: number
  readonly due_at: number
  readonly ended_at: number | null
  readonly ended_by: string | null
}

function riskCheckOf(row: RiskCheckRow): RiskCheck {
  return assertRiskCheck({
    id: Number(row.id),
    kind: storedOneOf(RISK_CHECK_KINDS, row.kind),
    subject: Number(row.subject_id),
    customer: Number(row.customer_id),
    payee: Number(row.payee_id),
    amountMinor: row.amount_minor,
    way: storedOneOf(PAYMENT_WAYS, row.way),
    transferNumber: row.transfer_number,
    title: row.title,
    remark: row.remark,
    state: storedOneOf(RISK_CHECK_STATES, row.state),
    proof: row.proof === null ? null : storedOneOf(PROOF_STRENGTHS, row.proof),
    hold: optionalNumber(row.hold_id),
    judgedBy: row.judged_by,
    reasons: row.reasons,
    createdAt: row.created_at,
    dueAt: row.due_at,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
  })
}

export const riskCheckTable: TableDefinition<number, RiskCheck> = {
  name: 'payments_risk_checks',
  residentRows: 2_000,
  load: async (sql, keys) => {
    const rows = await sql<RiskCheckRow[]>`
      select * from payments_risk_checks where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), riskCheckOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      // Arrays of arrays of different lengths are none in SQL, so lists go as JSON.
      sql`
      insert into payments_risk_checks (id, kind, subject_id, customer_id, payee_id, amount_minor, way, transfer_number, title,
        remark, state, proof, hold_id, judged_by, reasons, created_at, due_at, ended_at, ended_by)
      select id, kind, subject_id, customer_id, payee_id, amount_minor, way, transfer_number, title, remark, state, proof, hold_id,
        array(select jsonb_array_elements_text(judged_by)), array(select jsonb_array_elements_text(reasons)),
        created_at, due_at, ended_at, ended_by
      from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.kind))}::text::text[],
        ${int8Array(rows.map((row) => row.subject))}::text::int8[],
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${int8Array(rows.map((row) => row.payee))}::text::int8[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.way))}::text::text[],
        ${textArray(rows.map((row) => row.transferNumber))}::text::text[],
        ${textArray(rows.map((row) => row.title))}::text::text[],
        ${textArray(rows.map((row) => row.remark))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.proof))}::text::text[],
        ${int8Array(rows.map((row) => row.hold))}::text::int8[],
        ${jsonbArray(rows.map((row) => JSON.stringify(row.judgedBy)))}::text::jsonb[],
        ${jsonbArray(rows.map((row) => JSON.stringify(row.reasons)))}::text::jsonb[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.dueAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[],
        ${textArray(rows.map((row) => row.endedBy))}::text::text[]
      ) as added (id, kind, subject_id, customer_id, payee_id, amount_minor, way, transfer_number, title, remark, state, proof,
        hold_id, judged_by, reasons, created_at, due_at, ended_at, ended_by)
      on conflict on constraint payments_risk_checks_pkey do update set
        state = excluded.state, proof = excluded.proof, hold_id = excluded.hold_id, judged_by = excluded.judged_by,
        reasons = excluded.reasons, due_at = excluded.due_at, ended_at = excluded.ended_at, ended_by = excluded.ended_by`,
    ]
  },
}

/** The newest check of a transfer, by its payer and the payer's number. The number stands in the check's row, so there is nothing to write. */
export const checkedTransferTable: TableDefinition<string, number> = {
  name: 'payments_checked_transfers',
  residentRows: 2_000,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split('\u0000'))
    const rows = await sql<{ id: bigint; customer_id: bigint; transfer_number: string }[]>`
      select max(c.id) as id, c.customer_id, c.transfer_number
      from unnest(
        ${int8Array(parts.map(([customer]) => Number(customer)))}::text::int8[],
        ${textArray(parts.map(([, number = '']) => number))}::text::text[]
      ) as wanted (customer_id, transfer_number)
      join payments_risk_checks c on c.kind = 'transfer' and c.customer_id = wanted.customer_id
        and c.transfer_number = wanted.transfer_number
      group by c.customer_id, c.transfer_number`
    return rows.map((row) => [checkedTransferKey(Number(row.customer_id), row.transfer_number), Number(row.id)])
  },
  write: () => [],
}

export function checkedTransferKey(customer: number, transferNumber: string): string {
  return `${customer}\u0000${transferNumber}`
}

export interface RiskCheckFilter extends ListBounds {
  readonly customer?: number
  readonly state?: RiskCheckState
}

export async function selectRiskCheck(tx: ReadTx, id: number): Promise<RiskCheck | undefined> {
  const rows = await tx.sql<RiskCheckRow[]>`select * from payments_risk_checks where id = ${id}`
  return rows.map(riskCheckOf)[0]
}

/** Newest first, up to limit + 1. */
export async function selectRiskChecks(tx: ReadTx, filter: RiskCheckFilter): Promise<readonly RiskCheck[]> {
  const { sql } = tx
  const { createdAt, id } = filter.after ?? { createdAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }
  const customer = filter.customer === undefined ? sql`true` : sql`customer_id = ${filter.customer}`
  const state = filter.state === undefined ? sql`true` : sql`state = ${filter.state}`
  const rows = await sql<RiskCheckRow[]>`
    select * from payments_risk_checks
    where ${customer} and ${state} and (created_at, id) < (${createdAt}::timestamptz, ${id}::int8)
    order by created_at desc, id desc limit ${filter.limit + 1}`
  return rows.map(riskCheckOf)
}

/** Open ones whose time was over at `now`, the longest over first. */
export async function selectDueRiskChecks(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from payments_risk_checks
    where state in ('awaiting_proof', 'held') and due_at <= ${now}::timestamptz order by due_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}
