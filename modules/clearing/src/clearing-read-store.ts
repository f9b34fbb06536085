import type { Micros } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import type { Participant } from './participant.ts'
import { participantOf } from './participant-store.ts'
import type { Payment, PaymentState, SettlementMode } from './payment.ts'
import { paymentOf, selectPayments } from './payment-store.ts'
import type { Position, Window } from './window.ts'
import { positionOf, windowOf } from './window-store.ts'

/** By member, those after one if it is told; up to limit + 1 of them, or all. */
export async function listParticipants(tx: ReadTx, after = '', limit = MEMBERS_MAX): Promise<readonly Participant[]> {
  const rows = await tx.sql<Parameters<typeof participantOf>[0][]>`
    select * from clearing_participants where member > ${after} order by member limit ${limit + 1}`
  return rows.map(participantOf)
}

/** More institutions than any clearing house has. */
const MEMBERS_MAX = 1_000_000

export async function findParticipant(tx: ReadTx, member: string): Promise<Participant | undefined> {
  const rows = await tx.sql<Parameters<typeof participantOf>[0][]>`
    select * from clearing_participants where member = ${member}`
  return rows.map(participantOf)[0]
}

export async function findPayment(tx: ReadTx, reference: string): Promise<Payment | undefined> {
  return (await selectPayments(tx.sql, [reference]))[0]
}

/** Which payments are asked for; what is left out is any. */
export interface PaymentFilter {
  readonly payer?: string
  readonly payee?: string
  readonly state?: PaymentState
  readonly mode?: SettlementMode
  readonly window?: number
  /** The last one of the page before. */
  readonly after?: { readonly receivedAt: Micros; readonly reference: string }
  readonly limit: number
}

// Above every row, so that the first page is asked for in the same words as the others.
const NEWEST = { receivedAt: 9_000_000_000_000_000, reference: '' }

/** Newest first, up to limit + 1 of them. */
export async function listPayments({ sql }: ReadTx, filter: PaymentFilter): Promise<readonly Payment[]> {
  const { payer, payee, state, mode, window, after = NEWEST, limit } = filter
  const rows = await sql<Parameters<typeof paymentOf>[0][]>`
    select * from clearing_payments
    where ${payer === undefined ? sql`true` : sql`payer = ${payer}`}
      and ${payee === undefined ? sql`true` : sql`payee = ${payee}`}
      and ${state === undefined ? sql`true` : sql`state = ${state}`}
      and ${mode === undefined ? sql`true` : sql`mode = ${mode}`}
      and ${window === undefined ? sql`true` : sql`window_number = ${window}`}
      and received_at <= ${after.receivedAt}::timestamptz
      and (received_at < ${after.receivedAt}::timestamptz or reference > ${after.reference})
    order by received_at desc, reference limit ${limit + 1}`
  return rows.map(paymentOf)
}

/** Those that nobody answered in time, longest overdue first. */
export async function overduePayments(tx: ReadTx, at: number, limit: number): Promise<readonly string[]> {
  const rows = await tx.sql<{ reference: string }[]>`
    select reference from clearing_payments where state = 'forwarded' and due_at <= ${at}::timestamptz
    order by due_at limit ${limit}`
  return rows.map(({ reference }) => reference)
}

/** Newest first, those before a number if one is told; up to limit + 1 of them. */
export async function listWindows(tx: ReadTx, before: number | null, limit: number): Promise<readonly Window[]> {
  const rows = await tx.sql<Parameters<typeof windowOf>[0][]>`
    select * from clearing_windows where (${before}::int8 is null or number < ${before}::int8)
    order by number desc limit ${limit + 1}`
  return rows.map(windowOf)
}

export async function findWindow(tx: ReadTx, number: number): Promise<Window | undefined> {
  const rows = await tx.sql<Parameters<typeof windowOf>[0][]>`select * from clearing_windows where number = ${number}`
  return rows.map(windowOf)[0]
}

/** The open window, when something counts in it. */
export async function openWindowWithPayments(tx: ReadTx): Promise<Window | undefined> {
  const rows = await tx.sql<Parameters<typeof windowOf>[0][]>`
    select * from clearing_windows where state = 'open' and payments > 0`
  return rows.map(windowOf)[0]
}

export async function positionsOf(tx: ReadTx, window: number): Promise<readonly Position[]> {
  const rows = await tx.sql<Parameters<typeof positionOf>[0][]>`
    select * from clearing_positions where window_number = ${window} order by member`
  return rows.map(positionOf)
}

/** What of one kind a participant sent and received that ended in a time, by how it ended. */
export interface ParticipantDay {
  readonly member: string
  readonly mode: string
  readonly sent: bigint
  readonly sentMinor: bigint
  readonly received: bigint
  readonly receivedMinor: bigint
  /** Of those that it sent or should have received. */
  readonly rejected: bigint
}

/** Of payments that ended from `from` to before `until`, by participant and mode. */
export async function reportBetween(tx: ReadTx, from: Micros, until: Micros): Promise<readonly ParticipantDay[]> {
  const rows = await tx.sql<
    {
      member: string
      mode: string
      sent: bigint
      sent_minor: string
      received: bigint
      received_minor: string
      rejected: bigint
    }[]
  >`
    select side.member, p.mode,
      count(*) filter (where p.state = 'settled' and side.member = p.payer) as sent,
      coalesce(sum(p.amount_minor) filter (where p.state = 'settled' and side.member = p.payer), 0)::text as sent_minor,
      count(*) filter (where p.state = 'settled' and side.member = p.payee) as received,
      coalesce(sum(p.amount_minor) filter (where p.state = 'settled' and side.member = p.payee), 0)::text as received_minor,
      count(*) filter (where p.state = 'rejected') as rejected
    from clearing_payments p cross join lateral (values (p.payer), (p.payee)) as side (member)
    where p.ended_at >= ${from}::timestamptz and p.ended_at < ${until}::timestamptz
    group by side.member, p.mode order by side.member, p.mode`
  return rows.map((row) => ({
    ...{ member: row.member, mode: row.mode, sent: row.sent, sentMinor: BigInt(row.sent_minor) },
    ...{ received: row.received, receivedMinor: BigInt(row.received_minor), rejected: row.rejected },
  }))
}
