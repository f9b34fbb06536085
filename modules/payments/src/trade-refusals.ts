import type { Refusal } from '@huitong/committer'

/*
 * Why payments refuses, as one closed list in order of precedence: of several reasons the first of this list is told. It goes from
 * who asks, to what is asked about, to whether it was asked before in other words, to the state of things, to the money. So
 * a paid order that is sent again is told "paid already" even when its payment code is used up by then. Code, documentation
 * and table tests keep this order.
 */

export interface RefusalRow {
  readonly kind: 'not_found' | 'invalid' | 'conflict' | 'state' | 'blocked' | 'limit' | 'funds'
  /** Whether the very same request can be granted later, under a new idempotency key, without being changed. */
  readonly retry: boolean
  /** The status of the native API's problem answer. */
  readonly status: number
  readonly text: string
}

export const PAYMENT_REFUSALS = {
  merchant_not_found: refused('not_found', false, 404, 'There is no such merchant.'),
  customer_not_found: refused('not_found', false, 404, 'There is no such customer.'),
  payee_not_found: refused('not_found', false, 404, 'There is no such payee.'),
  trade_not_found: refused('not_found', false, 404, 'There is no such trade.'),
  authorisation_not_found: refused('not_found', false, 404, 'There is no such authorisation.'),
  order_code_invalid: refused('not_found', false, 404, 'The order code is unknown, revoked or past its two hours.'),
  static_code_invalid: refused('not_found', false, 404, 'The code is unknown, or was replaced or revoked.'),
  delayed_transfer_not_found: refused('not_found', false, 404, 'There is no such delayed transfer.'),
  money_request_not_found: refused('not_found', false, 404, 'There is no such request for money.'),
  split_bill_not_found: refused('not_found', false, 404, 'There is no such split bill.'),
  risk_check_not_found: refused('not_found', false, 404, 'There is no such check of a payment.'),
  partner_not_found: refused('not_found', false, 404, 'There is no such partner institution.'),
  wallet_exists: refused('conflict', false, 409, 'The customer has a wallet already.'),
  amount_out_of_range: refused('invalid', false, 422, 'The amount is outside what one payment may be.'),
  currency_not_supported: refused('invalid', false, 422, 'Wallets are held in CNY only.'),
  expiry_in_past: refused('invalid', false, 422, 'The trade would expire before it begins.'),
  payer_is_payee: refused('invalid', false, 422, 'Payer and payee are the same.'),
  tenders_do_not_fit: refused(
    'invalid',
    false,
    422,
    'The order of tenders names one twice, one that there is not, or leaves the balance out.',
  ),
  shares_do_not_fit: refused('invalid', false, 422, 'The shares are not all positive, or are more than the bill.'),
  order_inconsistent: refused(
    'conflict',
    false,
    409,
    'The order number was used before with another amount, subject or buyer.',
  ),
  refund_inconsistent: refused('conflict', false, 409, 'The refund number was used before with another amount.'),
  authorisation_inconsistent: refused(
    'conflict',
    false,
    409,
    'The number was used before for something else of this authorisation, or with other data.',
  ),
  sharing_inconsistent: refused('conflict', false, 409, 'The request number was used before for other shares.'),
  settlement_inconsistent: refused('conflict', false, 409, 'The settlement number was used before with other data.'),
  transfer_inconsistent: refused('conflict', false, 409, 'The transfer number was used before with other data.'),
  payee_name_not_confirmed: refused(
    'conflict',
    false,
    409,
    'The name that was confirmed is not the name that the payee is registered under.',
  ),
  partner_inconsistent: refused('conflict', false, 409, 'The number was used before with other data.'),
  trade_already_paid: refused('state', false, 409, 'The trade is paid already.'),
  trade_already_closed: refused('state', false, 409, 'The trade is closed.'),
  trade_already_finished: refused('state', false, 409, 'The trade is finished: its time for refunds is over.'),
  payment_held: refused('state', true, 409, 'The payment was made and waits for a decision.'),
  risk_check_over: refused('state', false, 409, 'The check is over: it was answered or decided, or its time is past.'),
  trade_not_paid: refused('state', true, 409, 'The trade is not paid.'),
  trade_not_due: refused('state', true, 409, 'The time for this has not come yet.'),
  delayed_transfer_over: refused(
    'state',
    false,
    409,
    'The transfer was sent, recalled or returned, or its time is over.',
  ),
  money_request_over: refused('state', false, 409, 'The request was paid, declined or cancelled, or its time is over.'),
  split_bill_over: refused('state', false, 409, 'The bill is settled or closed.'),
  reminded_lately: refused('state', true, 409, 'They were reminded within a day.'),
  settlement_not_deferred: refused('state', false, 409, 'The payment was settled when it was paid.'),
  settlement_over: refused('state', false, 409, 'All of the payment is settled, or waits for its sharing already.'),
  sharing_before_settlement: refused('state', true, 409, 'The payment is not confirmed yet, and is shared after that.'),
  sharing_ended: refused('state', false, 409, 'The merchant has ended the sharing of this payment.'),
  trade_expired: refused('state', false, 409, 'The time to pay the trade is over.'),
  authorisation_finished: refused('state', false, 409, 'All of the authorisation is used.'),
  authorisation_closed: refused('state', false, 409, 'The authorisation was called off, or its time is over.'),
  payment_code_invalid: refused('invalid', false, 422, 'The payment code is unknown, used, expired or malformed.'),
  trade_of_another_buyer: refused('conflict', false, 409, 'The trade is bound to another buyer.'),
  refund_exceeds_rest: refused('state', false, 409, 'The refund is more than what is left of the payment.'),
  settlement_exceeds_rest: refused(
    'state',
    false,
    409,
    'The amount is more than what is left to settle of the payment.',
  ),
  settlement_not_whole: refused('state', false, 409, 'What stays to be shared must be all that is left to settle.'),
  exceeds_authorisation: refused('state', false, 409, 'The amount is more than what is left of the authorisation.'),
  shares_exceed_maximum: refused('state', false, 409, 'The shares are more than may be passed on of this payment.'),
  return_exceeds_share: refused('state', false, 409, 'More would come back than the receiver got of this payment.'),
  receiver_not_bound: refused('state', true, 409, 'The merchant has not named the receiver as one of its own.'),
  refund_number_missing: refused('invalid', false, 422, 'A refund of a part needs a refund number of its own.'),
  settlement_above_position: refused('state', false, 409, 'The settlement is more than what is owed.'),
  partner_limit_exceeded: refused(
    'blocked',
    true,
    409,
    'More would be owed between the two institutions than they agreed on.',
  ),
  lifecycle_not_allowed: refused('state', false, 409, 'That cannot be done to the account in its present state.'),
  account_frozen: refused('state', true, 409, 'The account, or an amount of it, is frozen.'),
  money_promised: refused('state', true, 409, 'Money is promised: end what is open first, or wait for it.'),
  money_left: refused('state', false, 409, 'There is money left. Say who gets it.'),
  merchant_blocked: refused('blocked', true, 409, 'The merchant cannot take part in payments now.'),
  payer_blocked: refused('blocked', true, 409, 'The payer cannot pay now.'),
  payee_blocked: refused('blocked', true, 409, 'The payee cannot receive money now.'),
  funder_blocked: refused(
    'blocked',
    true,
    409,
    'The account that a discount is paid from, or goes back to, cannot take part now.',
  ),
  tender_not_usable: refused('state', true, 409, 'What the payment names to be paid with cannot be used for it.'),
  payment_denied: refused('blocked', false, 409, 'The payment was not accepted.'),
  further_proof_required: refused(
    'blocked',
    true,
    409,
    'The payer must prove more: sign in with a stronger proof and try again.',
  ),
  second_person_required: refused('blocked', true, 409, 'An amount as high as this takes a second member of staff.'),
  payer_single_limit: refused('limit', false, 409, 'The amount is more than the payer may pay at once.'),
  payer_day_limit: refused('limit', true, 409, 'The payer would spend more today than this way of paying allows.'),
  payer_year_limit: refused(
    'limit',
    true,
    409,
    "The payer would spend more this year than the account's class allows.",
  ),
  payer_lifetime_limit: refused('limit', true, 409, "The payer would spend more than the account's class ever allows."),
  payer_without_funds: refused('funds', true, 409, 'The payer does not have enough money.'),
  merchant_without_funds: refused('funds', true, 409, 'The merchant does not have enough money.'),
  balance_full: refused('funds', true, 409, 'An account would hold more than the ledger can count.'),
} as const satisfies Readonly<Record<string, RefusalRow>>

export type PaymentRefusalCode = keyof typeof PAYMENT_REFUSALS

export interface PaymentRefusal extends Refusal {
  readonly code: PaymentRefusalCode
}

export function isPaymentRefusalCode(code: string): code is PaymentRefusalCode {
  return Object.hasOwn(PAYMENT_REFUSALS, code)
}

/** A refusal with facts that a caller may see: numbers of the caller's own things, never another's. */
export function refuse(
  code: PaymentRefusalCode,
  facts?: Readonly<Record<string, string>>,
): { readonly ok: false; readonly error: PaymentRefusal } {
  return { ok: false, error: facts === undefined ? { code } : { code, facts } }
}

function refused(kind: RefusalRow['kind'], retry: boolean, status: number, text: string): RefusalRow {
  return { kind, retry, status, text }
}
