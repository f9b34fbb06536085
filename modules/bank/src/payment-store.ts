import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { boolArray, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import {
  ASKERS,
  assertPayment,
  CANCELLATIONS,
  MODES,
  PAYMENT_KINDS,
  PAYMENT_STATES,
  type Payment,
  WAYS,
} from './payment.ts'

export interface PaymentRow {
  readonly reference: string
  readonly id: bigint
  readonly kind: string
  readonly way: string
  readonly asked_by: string
  readonly original: string | null
  readonly uetr: string
  readonly account_number: string | null
  readonly peer_bank: string
  readonly peer_account: string | null
  readonly peer_name: string | null
  readonly message_id: string | null
  readonly instruction_id: string | null
  readonly end_to_end_id: string | null
  readonly transaction_id: string | null
  readonly remittance: string | null
  readonly agreement_id: bigint | null
  readonly amount_minor: bigint
  readonly returned_minor: bigint
  readonly mode: string
  readonly state: string
  readonly reason: string | null
  readonly hold_id: bigint | null
  readonly cancellation: string | null
  readonly contradicted: boolean
  readonly in_suspense: boolean
  readonly made_at: Micros
  readonly due_at: Micros
  readonly ended_at: Micros | null
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((value) => value === text)
  invariant(found !== undefined, `a stored value is none of ${known.join(', ')}: ${text}`)
  return found
}

function numberOf(value: bigint | null): number | null {
  return value === null ? null : Number(value)
}

export function paymentOf(row: PaymentRow): Payment {
  return assertPayment({
    ...{
      reference: row.reference,
      id: Number(row.id),
      kind: oneOf(PAYMENT_KINDS, row.kind),
      way: oneOf(WAYS, row.way),
    },
    ...{ askedBy: oneOf(ASKERS, row.asked_by), original: row.original, uetr: row.uetr, account: row.account_number },
    ...{ peerBank: row.peer_bank, peerAccount: row.peer_account, peerName: row.peer_name, messageId: row.message_id },
    ...{ instructionId: row.instruction_id, endToEndId: row.end_to_end_id, transactionId: row.transaction_id },
    ...{ remittance: row.remittance, agreement: numberOf(row.agreement_id), amountMinor: row.amount_minor },
    ...{ returnedMinor: row.returned_minor, mode: oneOf(MODES, row.mode), state: oneOf(PAYMENT_STATES, row.state) },
    ...{ reason: row.reason, hold: numberOf(row.hold_id), contradicted: row.contradicted },
    inSuspense: row.in_suspense,
    cancellation: row.cancellation === null ? null : oneOf(CANCELLATIONS, row.cancellation),
    ...{ madeAt: row.made_at, dueAt: row.due_at, endedAt: row.ended_at },
  })
}

/** By reference. */
export const paymentTable: TableDefinition<string, Payment> = {
  name: 'bank_payments',
  residentRows: 100_000,
  load: async (sql, references) => {
    const rows = await sql<PaymentRow[]>`
      select * from bank_payments where reference = any (${textArray(references)}::text::text[])`
    return rows.map((row) => [row.reference, paymentOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => assertPayment(change.row))
    return [
      sql`
      insert into bank_payments (reference, id, kind, way, asked_by, original, uetr, account_number, peer_bank, peer_account, peer_name,
        message_id, instruction_id, end_to_end_id, transaction_id, remittance, agreement_id, amount_minor, returned_minor, mode, state,
        reason, hold_id, cancellation, contradicted, in_suspense, made_at, due_at, ended_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.reference))}::text::text[],
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.kind))}::text::text[],
        ${textArray(rows.map((row) => row.way))}::text::text[],
        ${textArray(rows.map((row) => row.askedBy))}::text::text[],
        ${textArray(rows.map((row) => row.original))}::text::text[],
        ${textArray(rows.map((row) => row.uetr))}::text::text[],
        ${textArray(rows.map((row) => row.account))}::text::text[],
        ${textArray(rows.map((row) => row.peerBank))}::text::text[],
        ${textArray(rows.map((row) => row.peerAccount))}::text::text[],
        ${textArray(rows.map((row) => row.peerName))}::text::text[],
        ${textArray(rows.map((row) => row.messageId))}::text::text[],
        ${textArray(rows.map((row) => row.instructionId))}::text::text[],
        ${textArray(rows.map((row) => row.endToEndId))}::text::text[],
        ${textArray(rows.map((row) => row.transactionId))}::text::text[],
        ${textArray(rows.map((row) => row.remittance))}::text::text[],
        ${int8Array(rows.map((row) => row.agreement))}::text::int8[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.returnedMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.mode))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.reason))}::text::text[],
        ${int8Array(rows.map((row) => row.hold))}::text::int8[],
        ${textArray(rows.map((row) => row.cancellation))}::text::text[],
        ${boolArray(rows.map((row) => row.contradicted))}::text::bool[],
        ${boolArray(rows.map((row) => row.inSuspense))}::text::bool[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.dueAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint bank_payments_pkey do update set message_id = excluded.message_id, returned_minor = excluded.returned_minor,
        state = excluded.state, reason = excluded.reason, hold_id = excluded.hold_id, cancellation = excluded.cancellation,
        contradicted = excluded.contradicted, in_suspense = excluded.in_suspense, due_at = excluded.due_at, ended_at = excluded.ended_at`,
    ]
  },
}

export async function selectPayment(tx: ReadTx, reference: string): Promise<Payment | undefined> {
  const rows = await tx.sql<PaymentRow[]>`select * from bank_payments where reference = ${reference}`
  return rows.map(paymentOf)[0]
}

/** An account's, newest first. */
export async function selectPaymentsOf(tx: ReadTx, account: string, limit: number): Promise<readonly Payment[]> {
  const rows = await tx.sql<PaymentRow[]>`
    select * from bank_payments where account_number = ${account} order by made_at desc, id desc limit ${limit}`
  return rows.map(paymentOf)
}

/** What is to be sent or asked about, longest due first. */
export async function selectDuePayments(tx: ReadTx, at: number, limit: number): Promise<readonly string[]> {
  const rows = await tx.sql<{ reference: string }[]>`
    select reference from bank_payments
    where state in ('queued', 'sent', 'unknown', 'accepted') and due_at <= ${at}::timestamptz order by due_at limit ${limit}`
  return rows.map(({ reference }) => reference)
}
