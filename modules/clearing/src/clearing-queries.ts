import type { InstitutionDatabase } from '@huitong/pg'
import {
  findPayment,
  listParticipants,
  listPayments,
  listWindows,
  overduePayments,
  positionsOf,
} from './clearing-read-store.ts'
import type { Participant } from './participant.ts'
import type { Payment } from './payment.ts'
import type { Position, Window } from './window.ts'

/** The read side: one snapshot for each question, nothing that the committer waits for. */
export interface ClearingQueries {
  participants(): Promise<readonly Participant[]>
  payment(reference: string): Promise<Payment | undefined>
  /** Newest first. */
  payments(limit: number): Promise<readonly Payment[]>
  overdue(at: number, limit: number): Promise<readonly string[]>
  /** Newest first. */
  windows(limit: number): Promise<readonly Window[]>
  positions(window: number): Promise<readonly Position[]>
}

export function createClearingQueries(db: InstitutionDatabase): ClearingQueries {
  return {
    participants: () => db.read(listParticipants),
    payment: (reference) => db.read((tx) => findPayment(tx, reference)),
    payments: (limit) => db.read((tx) => listPayments(tx, limit)),
    overdue: (at, limit) => db.read((tx) => overduePayments(tx, at, limit)),
    windows: (limit) => db.read((tx) => listWindows(tx, limit)),
    positions: (window) => db.read((tx) => positionsOf(tx, window)),
  }
}
