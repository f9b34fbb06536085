import type { TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { PARTNER_PAYMENT_STATES, type PartnerRefund, type PartnerRefundReceipt, partnerKey } from './partner.ts'
import type { DueAt } from './partner-payment-store.ts'
import { keyParts } from './partner-store.ts'
import { optionalNumber, storedOneOf } from './stored.ts'

interface RefundRow {
  readonly id: bigint
  readonly receipt_id: bigint
  readonly refund_number: string
  readonly partner: string
  readonly payment_number: string
  readonly amount_minor: bigint
  readonly fee_returned_minor: bigint
  readonly hold_id: bigint | null
  readonly fee_hold_id: bigint | null
  readonly reason: string | null
  readonly state: string
  readonly refusal: string | null
  readonly their_number: string | null
  readonly attempts: number
  readonly ask_at: number
  readonly created_at: number
  readonly ended_at: number | null
}

function refundOf(row: RefundRow): PartnerRefund {
  return {
    id: Number(row.id),
    receipt: Number(row.receipt_id),
    refundNumber: row.refund_number,
    partner: row.partner,
    paymentNumber: row.payment_number,
    amountMinor: row.amount_minor,
    feeReturnedMinor: row.fee_returned_minor,
    hold: optionalNumber(row.hold_id),
    feeHold: optionalNumber(row.fee_hold_id),
    reason: row.reason,
    state: storedOneOf(PARTNER_PAYMENT_STATES, row.state),
    refusal: row.refusal,
    theirNumber: row.their_number,
    attempts: row.attempts,
    askAt: row.ask_at,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

export function partnerRefundKey(receipt: number, refundNumber: string): string {
  return partnerKey(String(receipt), refundNumber)
}

export const partnerRefundTable: TableDefinition<string, PartnerRefund> = {
  name: 'payments_partner_refunds',
  residentRows: 2_000,
  load: async (sql, keys) => {
    const { partners: receipts, numbers } = keyParts(keys)
    const rows = await sql<RefundRow[]>`
      select r.*
      from unnest(${int8Array(receipts.map(Number))}::text::int8[], ${textArray(numbers)}::text::text[]) as wanted (receipt_id, refund_number)
      join payments_partner_refunds r on r.receipt_id = wanted.receipt_id and r.refund_number = wanted.refund_number`
    return rows.map((row) => [partnerRefundKey(Number(row.receipt_id), row.refund_number), refundOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_partner_refunds (id, receipt_id, refund_number, partner, payment_number, amount_minor, fee_returned_minor,
        hold_id, fee_hold_id, reason, state, refusal, their_number, attempts, ask_at, created_at, ended_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${int8Array(rows.map((row) => row.receipt))}::text::int8[],
        ${textArray(rows.map((row) => row.refundNumber))}::text::text[],
        ${textArray(rows.map((row) => row.partner))}::text::text[],
        ${textArray(rows.map((row) => row.paymentNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.feeReturnedMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.hold))}::text::int8[],
        ${int8Array(rows.map((row) => row.feeHold))}::text::int8[],
        ${textArray(rows.map((row) => row.reason))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.refusal))}::text::text[],
        ${textArray(rows.map((row) => row.theirNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.attempts))}::text::int8[]::int4[],
        ${timestamptzArray(rows.map((row) => row.askAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.createdAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint payments_partner_refunds_pkey do update set
        state = excluded.state, refusal = excluded.refusal, their_number = excluded.their_number, attempts = excluded.attempts,
        ask_at = excluded.ask_at, ended_at = excluded.ended_at`,
    ]
  },
}

/** All of a receipt, oldest first; there are few. */
export async function selectPartnerRefunds(tx: ReadTx, receipt: number): Promise<readonly PartnerRefund[]> {
  const rows = await tx.sql<RefundRow[]>`
    select * from payments_partner_refunds where receipt_id = ${receipt} order by created_at, id`
  return rows.map(refundOf)
}

export async function selectPartnerRefund(
  tx: ReadTx,
  receipt: number,
  refundNumber: string,
): Promise<PartnerRefund | undefined> {
  const rows = await tx.sql<RefundRow[]>`
    select * from payments_partner_refunds where receipt_id = ${receipt} and refund_number = ${refundNumber}`
  return rows.map(refundOf)[0]
}

/** Those without a known answer whose partner is to be asked by now, the longest waiting first; none of these partners. */
export async function selectDuePartnerRefunds(
  tx: ReadTx,
  { at, except, limit }: DueAt,
): Promise<readonly PartnerRefund[]> {
  const rows = await tx.sql<RefundRow[]>`
    select * from payments_partner_refunds
    where state = 'sending' and ask_at <= ${at}::timestamptz and partner <> all (${textArray(except)}::text::text[])
    order by ask_at limit ${limit}`
  return rows.map(refundOf)
}

/** All of those whose money is held. */
export async function selectSendingPartnerRefunds(tx: ReadTx): Promise<readonly PartnerRefund[]> {
  const rows = await tx.sql<RefundRow[]>`select * from payments_partner_refunds where state = 'sending'`
  return rows.map(refundOf)
}

interface RefundReceiptRow {
  readonly id: bigint
  readonly partner: string
  readonly refund_number: string
  readonly payment_id: bigint
  readonly amount_minor: bigint
  readonly received_at: number
}

export const partnerRefundReceiptTable: TableDefinition<string, PartnerRefundReceipt> = {
  name: 'payments_partner_refund_receipts',
  residentRows: 2_000,
  load: async (sql, keys) => {
    const { partners, numbers } = keyParts(keys)
    const rows = await sql<RefundReceiptRow[]>`
      select r.*
      from unnest(${textArray(partners)}::text::text[], ${textArray(numbers)}::text::text[]) as wanted (partner, refund_number)
      join payments_partner_refund_receipts r on r.partner = wanted.partner and r.refund_number = wanted.refund_number`
    return rows.map((row) => [
      partnerKey(row.partner, row.refund_number),
      {
        id: Number(row.id),
        partner: row.partner,
        refundNumber: row.refund_number,
        payment: Number(row.payment_id),
        amountMinor: row.amount_minor,
        receivedAt: row.received_at,
      },
    ])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_partner_refund_receipts (id, partner, refund_number, payment_id, amount_minor, received_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.partner))}::text::text[],
        ${textArray(rows.map((row) => row.refundNumber))}::text::text[],
        ${int8Array(rows.map((row) => row.payment))}::text::int8[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.receivedAt))}::text::timestamptz[])`,
    ]
  },
}
