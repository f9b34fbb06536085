import type { Micros } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import {
  findParticipant,
  findPayment,
  findWindow,
  listParticipants,
  listPayments,
  listWindows,
  openWindowWithPayments,
  overduePayments,
  type ParticipantDay,
  type PaymentFilter,
  positionsOf,
  reportBetween,
} from './clearing-read-store.ts'
import type { Participant } from './participant.ts'
import type { Payment } from './payment.ts'
import type { Position, Window } from './window.ts'

/** The read side: one snapshot for each question, nothing that the committer waits for. */
export interface ClearingQueries {
  /** By member, those after one if it is told; up to limit + 1 of them, or all. */
  participants(after?: string, limit?: number): Promise<readonly Participant[]>
  participant(member: string): Promise<Participant | undefined>
  payment(reference: string): Promise<Payment | undefined>
  /** Newest first, up to limit + 1 of them. */
  payments(filter: PaymentFilter): Promise<readonly Payment[]>
  overdue(at: number, limit: number): Promise<readonly string[]>
  /** Newest first, up to limit + 1 of them. */
  windows(before: number | null, limit: number): Promise<readonly Window[]>
  window(number: number): Promise<Window | undefined>
  /** The open window, when something counts in it. */
  filledWindow(): Promise<Window | undefined>
  positions(window: number): Promise<readonly Position[]>
  report(from: Micros, until: Micros): Promise<readonly ParticipantDay[]>
}

export function createClearingQueries(db: InstitutionDatabase): ClearingQueries {
  return {
    participants: (after, limit) => db.read((tx) => listParticipants(tx, after, limit)),
    participant: (member) => db.read((tx) => findParticipant(tx, member)),
    payment: (reference) => db.read((tx) => findPayment(tx, reference)),
    payments: (filter) => db.read((tx) => listPayments(tx, filter)),
    overdue: (at, limit) => db.read((tx) => overduePayments(tx, at, limit)),
    windows: (before, limit) => db.read((tx) => listWindows(tx, before, limit)),
    window: (number) => db.read((tx) => findWindow(tx, number)),
    filledWindow: () => db.read(openWindowWithPayments),
    positions: (window) => db.read((tx) => positionsOf(tx, window)),
    report: (from, until) => db.read((tx) => reportBetween(tx, from, until)),
  }
}
