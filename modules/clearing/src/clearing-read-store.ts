import type { ReadTx } from '@huitong/pg'
import type { Participant } from './participant.ts'
import { participantOf } from './participant-store.ts'
import type { Payment } from './payment.ts'
import { paymentOf, selectPayments } from './payment-store.ts'
import type { Position, Window } from './window.ts'
import { positionOf, windowOf } from './window-store.ts'

export async function listParticipants(tx: ReadTx): Promise<readonly Participant[]> {
  const rows = await tx.sql<Parameters<typeof participantOf>[0][]>`select * from clearing_participants order by member`
  return rows.map(participantOf)
}

export async function findPayment(tx: ReadTx, reference: string): Promise<Payment | undefined> {
  return (await selectPayments(tx.sql, [reference]))[0]
}

/** Newest first. */
export async function listPayments(tx: ReadTx, limit: number): Promise<readonly Payment[]> {
  const rows = await tx.sql<Parameters<typeof paymentOf>[0][]>`
    select * from clearing_payments order by received_at desc, reference limit ${limit}`
  return rows.map(paymentOf)
}

/** Those that nobody answered in time, longest overdue first. */
export async function overduePayments(tx: ReadTx, at: number, limit: number): Promise<readonly string[]> {
  const rows = await tx.sql<{ reference: string }[]>`
    select reference from clearing_payments where state = 'forwarded' and due_at <= ${at}::timestamptz
    order by due_at limit ${limit}`
  return rows.map(({ reference }) => reference)
}

export async function listWindows(tx: ReadTx, limit: number): Promise<readonly Window[]> {
  const rows = await tx.sql<Parameters<typeof windowOf>[0][]>`
    select * from clearing_windows order by number desc limit ${limit}`
  return rows.map(windowOf)
}

export async function positionsOf(tx: ReadTx, window: number): Promise<readonly Position[]> {
  const rows = await tx.sql<Parameters<typeof positionOf>[0][]>`
    select * from clearing_positions where window_number = ${window} order by member`
  return rows.map(positionOf)
}
