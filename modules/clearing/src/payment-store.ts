import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { assertPayment, PAYMENT_KINDS, PAYMENT_STATES, type Payment, SETTLEMENT_MODES } from './payment.ts'

export interface PaymentRow {
  readonly reference: string
  readonly id: bigint
  readonly kind: string
  readonly original: string | null
  readonly uetr: string
  readonly sender: string
  readonly payer: string
  readonly payee: string
  readonly answerer: string
  readonly message_id: string
  readonly message: string
  readonly forwarded_as: string | null
  readonly instruction_id: string | null
  readonly end_to_end_id: string | null
  readonly transaction_id: string | null
  readonly amount_minor: bigint
  readonly returned_minor: bigint
  readonly mode: string
  readonly state: string
  readonly reason: string | null
  readonly hold_id: bigint | null
  readonly window_number: bigint | null
  readonly received_at: Micros
  readonly due_at: Micros
  readonly ended_at: Micros | null
}

export function paymentOf(row: PaymentRow): Payment {
  const kind = PAYMENT_KINDS.find((known) => known === row.kind)
  const mode = SETTLEMENT_MODES.find((known) => known === row.mode)
  const state = PAYMENT_STATES.find((known) => known === row.state)
  invariant(kind !== undefined && mode !== undefined && state !== undefined, 'a stored payment has known words')
  return assertPayment({
    ...{
      reference: row.reference,
      id: Number(row.id),
      kind,
      original: row.original,
      uetr: row.uetr,
      sender: row.sender,
    },
    ...{ payer: row.payer, payee: row.payee, answerer: row.answerer, messageId: row.message_id, message: row.message },
    forwardedAs: row.forwarded_as,
    ...{ instructionId: row.instruction_id, endToEndId: row.end_to_end_id, transactionId: row.transaction_id },
    ...{ amountMinor: row.amount_minor, returnedMinor: row.returned_minor, mode, state, reason: row.reason },
    hold: row.hold_id === null ? null : Number(row.hold_id),
    window: row.window_number === null ? null : Number(row.window_number),
    ...{ receivedAt: row.received_at, dueAt: row.due_at, endedAt: row.ended_at },
  })
}

export async function selectPayments(sql: Sql, references: readonly string[]): Promise<readonly Payment[]> {
  const rows = await sql<PaymentRow[]>`
    select * from clearing_payments where reference = any (${textArray(references)}::text::text[])`
  return rows.map(paymentOf)
}

/** By reference. */
export const paymentTable: TableDefinition<string, Payment> = {
  name: 'clearing_payments',
  // Answered within seconds, and asked about within minutes.
  residentRows: 100_000,
  load: async (sql, references) => (await selectPayments(sql, references)).map((one) => [one.reference, one]),
  write: (sql, changes) => {
    const rows = changes.map((change) => assertPayment(change.row))
    return [
      sql`
      insert into clearing_payments (reference, id, kind, original, uetr, sender, payer, payee, answerer, message_id, message,
        forwarded_as, instruction_id, end_to_end_id, transaction_id, amount_minor, returned_minor, mode, state, reason, hold_id, window_number,
        received_at, due_at, ended_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.reference))}::text::text[],
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.kind))}::text::text[],
        ${textArray(rows.map((row) => row.original))}::text::text[],
        ${textArray(rows.map((row) => row.uetr))}::text::text[],
        ${textArray(rows.map((row) => row.sender))}::text::text[],
        ${textArray(rows.map((row) => row.payer))}::text::text[],
        ${textArray(rows.map((row) => row.payee))}::text::text[],
        ${textArray(rows.map((row) => row.answerer))}::text::text[],
        ${textArray(rows.map((row) => row.messageId))}::text::text[],
        ${textArray(rows.map((row) => row.message))}::text::text[],
        ${textArray(rows.map((row) => row.forwardedAs))}::text::text[],
        ${textArray(rows.map((row) => row.instructionId))}::text::text[],
        ${textArray(rows.map((row) => row.endToEndId))}::text::text[],
        ${textArray(rows.map((row) => row.transactionId))}::text::text[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.returnedMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.mode))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.reason))}::text::text[],
        ${int8Array(rows.map((row) => row.hold))}::text::int8[],
        ${int8Array(rows.map((row) => row.window))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.receivedAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.dueAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint clearing_payments_pkey do update set returned_minor = excluded.returned_minor, state = excluded.state,
        reason = excluded.reason, hold_id = excluded.hold_id, window_number = excluded.window_number, ended_at = excluded.ended_at`,
    ]
  },
}

/** What a sender called something, and the payment that it was. */
export const referenceTable: TableDefinition<string, string> = {
  name: 'clearing_references',
  residentRows: 100_000,
  load: async (sql, keys) => {
    const rows = await sql<{ key: string; reference: string }[]>`
      select key, reference from clearing_references where key = any (${textArray(keys)}::text::text[])`
    return rows.map(({ key, reference }) => [key, reference])
  },
  addsOnly: true,
  write: (sql, changes) => [
    sql`
    insert into clearing_references (key, reference)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${textArray(changes.map((change) => change.row))}::text::text[])`,
  ],
}
