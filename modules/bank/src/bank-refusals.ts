import type { Refusal } from '@huitong/committer'

/*
 * Why the bank refuses what its customers, staff or a platform ask, as one closed list in order of precedence. What a message asks for and
 * does not get is told to its sender by a message with a reason code.
 */

interface BankRefusalRow {
  readonly retry: boolean
  readonly status: number
  readonly text: string
}

export const BANK_REFUSALS = {
  customer_not_found: refused(false, 404, 'There is no such customer.'),
  account_not_found: refused(false, 404, 'There is no such account.'),
  payment_not_found: refused(false, 404, 'There is no such payment.'),
  agreement_not_found: refused(false, 404, 'There is no such debit agreement.'),
  sender_not_clearing_house: refused(false, 403, 'The bank takes messages of its clearing house only.'),
  message_not_taken: refused(false, 422, 'The bank takes no messages of this kind.'),
  faults_not_enabled: refused(false, 403, 'Faults are ordered in demo mode only.'),
  amount_out_of_range: refused(false, 422, 'The amount must be more than zero.'),
  payee_at_this_bank: refused(false, 422, 'The payee has an account at this bank: no clearing house is needed.'),
  day_not_in_calendar: refused(false, 422, 'The calendar of business days does not know when this would be sent.'),
  factors_do_not_match: refused(false, 422, 'Name, identity number, account and phone do not belong together.'),
  too_many_attempts: refused(true, 429, 'Too many wrong attempts today.'),
  code_wrong: refused(true, 422, 'The one-time code is wrong.'),
  code_expired: refused(false, 409, 'The one-time code is no longer valid; ask for a new one.'),
  agreement_not_pending: refused(false, 409, 'The agreement does not wait for a code.'),
  agreement_not_active: refused(false, 409, 'The agreement is not in force.'),
  agreement_single_limit: refused(false, 409, 'The amount is more than the agreement allows at once.'),
  agreement_day_limit: refused(true, 409, 'The agreement does not allow that much more today.'),
  account_single_limit: refused(false, 409, 'The amount is more than may leave the account at once.'),
  account_day_limit: refused(true, 409, 'No more may leave the account today.'),
  not_a_settled_transfer: refused(false, 409, 'Only a transfer that has settled can be given or asked back.'),
  cancellation_not_asked: refused(false, 409, 'Nobody waits for an answer about this payment.'),
  cancellation_open: refused(true, 409, 'The payment was asked back already.'),
  not_in_suspense: refused(false, 409, 'No money of the payment is in suspense.'),
  more_than_paid: refused(false, 409, 'More would come back than was paid.'),
  account_blocked: refused(true, 409, 'The account is frozen or closed.'),
  account_without_funds: refused(true, 409, 'The account does not have enough available money.'),
  settlement_account_short: refused(true, 409, 'The bank has not enough on its settlement account.'),
  account_not_empty: refused(true, 409, 'The account still has money, holds or freezes.'),
} as const satisfies Readonly<Record<string, BankRefusalRow>>

export type BankRefusalCode = keyof typeof BANK_REFUSALS

export interface BankRefusal extends Refusal {
  readonly code: BankRefusalCode
}

export function isBankRefusalCode(code: string): code is BankRefusalCode {
  return Object.hasOwn(BANK_REFUSALS, code)
}

export function refuse(code: BankRefusalCode): { readonly ok: false; readonly error: BankRefusal } {
  return { ok: false, error: { code } }
}

function refused(retry: boolean, status: number, text: string): BankRefusalRow {
  return { retry, status, text }
}
