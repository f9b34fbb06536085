import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { PARTNER_PAYMENT_STATES, type PartnerPayment } from './partner.ts'
import { storedOneOf } from './stored.ts'

interface PartnerPaymentRow {
  readonly id: bigint
  readonly payer_id: bigint
  readonly partner: string
  readonly reference: string
  readonly payee_name: string
  readonly amount_minor: bigint
  readonly hold_id: bigint
  readonly state: string
  readonly refusal: string | null
  readonly their_number: string | null
  readonly refunded_minor: bigint
  readonly attempts: number
  readonly ask_at: number
  readonly created_at: number
  readonly ended_at: number | null
}

function partnerPaymentOf(row: PartnerPaymentRow): PartnerPayment {
  return {
    id: Number(row.id),
    payer: Number(row.payer_id),
    partner: row.partner,
    reference: row.reference,
    payeeName: row.payee_name,
    amountMinor: row.amount_minor,
    hold: Number(row.hold_id),
    state: storedOneOf(PARTNER_PAYMENT_STATES, row.state),
    refusal: row.refusal,
    theirNumber: row.their_number,
    refundedMinor: row.refunded_minor,
    attempts: row.attempts,
    askAt: row.ask_at,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

export const partnerPaymentTable: TableDefinition<number, PartnerPayment> = {
  name: 'payments_partner_payments',
  residentRows: 5_000,
  load: async (sql, ids) => {
    const rows = await sql<PartnerPaymentRow[]>`
      select * from payments_partner_payments where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [Number(row.id), partnerPaymentOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_partner_payments (id, payer_id, partner, reference, payee_name, amount_minor, hold_id, state, refusal,
        their_number, refunded_minor, attempts, ask_at, created_at, ended_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.payer))}::text::int8[],
        ${textArray(rows.map((row) => row.partner))}::text::text[],
        ${textArray(rows.map((row) => row.reference))}::text::text[],
        ${textArray(rows.map((row) => row.payeeName))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.hold))}::text::int8[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.refusal))}::text::text[],
        ${textArray(rows.map((row) => row.theirNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.refundedMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.attempts))}::text::int8[]::int4[],
        ${timestamptzArray(rows.map((row) => row.askAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint payments_partner_payments_pkey do update set
        state = excluded.state, refusal = excluded.refusal, their_number = excluded.their_number,
        refunded_minor = excluded.refunded_minor, attempts = excluded.attempts, ask_at = excluded.ask_at, ended_at = excluded.ended_at`,
    ]
  },
}

export async function selectPartnerPayment(tx: ReadTx, id: number): Promise<PartnerPayment | undefined> {
  const rows = await tx.sql<PartnerPaymentRow[]>`select * from payments_partner_payments where id = ${id}`
  return rows.map(partnerPaymentOf)[0]
}

/** Those without a known answer whose partner is to be asked by now, the longest waiting first; none of these partners. */
export async function selectDuePartnerPayments(
  tx: ReadTx,
  { at, except, limit }: DueAt,
): Promise<readonly PartnerPayment[]> {
  const rows = await tx.sql<PartnerPaymentRow[]>`
    select * from payments_partner_payments
    where state = 'sending' and ask_at <= ${at}::timestamptz and partner <> all (${textArray(except)}::text::text[])
    order by ask_at limit ${limit}`
  return rows.map(partnerPaymentOf)
}

export interface DueAt {
  readonly at: Micros
  readonly except: readonly string[]
  readonly limit: number
}

/** All of those whose money is held. */
export async function selectSendingPartnerPayments(tx: ReadTx): Promise<readonly PartnerPayment[]> {
  const rows = await tx.sql<PartnerPaymentRow[]>`select * from payments_partner_payments where state = 'sending'`
  return rows.map(partnerPaymentOf)
}
