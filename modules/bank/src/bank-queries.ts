import type { InstitutionDatabase } from '@huitong/pg'
import type { Payment } from './payment.ts'
import { selectDuePayments, selectPayment, selectPaymentsOf } from './payment-store.ts'
import { selectVerification, type Verification } from './verification-store.ts'

/** The read side: one snapshot for each question, nothing that the committer waits for. */
export interface BankQueries {
  payment(reference: string): Promise<Payment | undefined>
  /** An account's, newest first. */
  payments(account: string, limit: number): Promise<readonly Payment[]>
  due(at: number, limit: number): Promise<readonly string[]>
  verification(messageId: string): Promise<Verification | undefined>
}

export function createBankQueries(db: InstitutionDatabase): BankQueries {
  return {
    payment: (reference) => db.read((tx) => selectPayment(tx, reference)),
    payments: (account, limit) => db.read((tx) => selectPaymentsOf(tx, account, limit)),
    verification: (messageId) => db.read((tx) => selectVerification(tx, messageId)),
    due: (at, limit) => db.read((tx) => selectDuePayments(tx, at, limit)),
  }
}
