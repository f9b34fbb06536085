import type { Refusal } from '@huitong/committer'

/*
 * Why a step of a guaranteed trade is refused, as one closed list in order of precedence: of several reasons the first of this list is
 * told. It goes from who asks, to what is asked about, to whether it was asked before in other words, to the state of things, to the
 * money. Code, documentation and table tests keep this order.
 */

export interface EscrowRefusalRow {
  /** Whether the very same request can be granted later, under a new idempotency key, without being changed. */
  readonly retry: boolean
  /** The status of the native API's problem answer. */
  readonly status: number
  readonly text: string
}

export const ESCROW_REFUSALS = {
  merchant_not_found: refused(false, 404, 'There is no such merchant.'),
  customer_not_found: refused(false, 404, 'There is no such customer.'),
  escrow_trade_not_found: refused(false, 404, 'There is no such escrow trade.'),
  actor_not_allowed: refused(false, 403, 'This step belongs to somebody else.'),
  shipment_not_found: refused(false, 404, 'The trade has no such shipment.'),
  dispute_not_found: refused(false, 404, 'The trade has no such dispute.'),
  amount_out_of_range: refused(false, 422, 'The amount is outside what one payment may be.'),
  expiry_in_past: refused(false, 422, 'The trade would expire before it begins.'),
  order_inconsistent: refused(false, 409, 'The order number was used before with another amount, subject or buyer.'),
  trade_not_paid: refused(true, 409, 'The trade is not paid.'),
  trade_already_paid: refused(false, 409, 'The trade is paid already.'),
  trade_already_closed: refused(false, 409, 'The trade is closed.'),
  trade_already_completed: refused(false, 409, 'The trade is completed.'),
  trade_not_completed: refused(
    true,
    409,
    'The trade is not completed: cancel what is not shipped, or settle a dispute.',
  ),
  trade_expired: refused(false, 409, 'The time to pay the trade is over.'),
  nothing_shipped: refused(true, 409, 'Nothing that was shipped waits for a confirmation.'),
  nothing_unshipped: refused(false, 409, 'Everything is shipped or given back.'),
  exceeds_unshipped: refused(false, 409, 'The amount is more than what is not shipped yet.'),
  too_late_to_ship: refused(false, 409, 'The time to ship is over.'),
  too_many_shipments: refused(false, 409, 'The trade has as many shipments as it can have.'),
  nothing_open: refused(false, 409, 'Nothing of this shipment waits for a confirmation.'),
  exceeds_open: refused(false, 409, 'The amount is more than what of this shipment is neither confirmed nor disputed.'),
  confirmation_overdue: refused(false, 409, 'The time to confirm this shipment is over.'),
  extended_already: refused(false, 409, 'The time to confirm this shipment was extended as often as it can be.'),
  too_many_disputes: refused(false, 409, 'The trade has had as many disputes as it can have.'),
  dispute_ended: refused(false, 409, 'The dispute has ended.'),
  dispute_being_judged: refused(false, 409, 'The dispute is before staff; the sides wait for the judgement.'),
  dispute_not_being_judged: refused(true, 409, 'Neither side has asked for a judgement.'),
  answer_overdue: refused(false, 409, 'The time for this answer is over.'),
  not_your_turn: refused(true, 409, 'The other side has to answer first.'),
  offer_above_claim: refused(false, 422, 'The refund is more than what is disputed.'),
  offer_changed: refused(false, 409, 'Another refund is offered now.'),
  too_many_offers: refused(false, 409, 'Enough was offered: accept, withdraw or ask for a judgement.'),
  evidence_full: refused(false, 409, 'This side has given as much evidence as it can.'),
  judgement_missing: refused(true, 409, 'No judgement is proposed.'),
  judgement_pending: refused(true, 409, 'A judgement is proposed already.'),
  judgement_changed: refused(false, 409, 'Another judgement is proposed now.'),
  proposer_cannot_approve: refused(
    false,
    403,
    'Who proposed a judgement cannot approve it: another member of staff must.',
  ),
  refund_exceeds_released: refused(false, 409, 'The refund is more than what is left of the payment.'),
  refund_too_late: refused(false, 409, 'The time for refunds is over.'),
  trade_not_due: refused(true, 409, 'The time for this has not come yet.'),
  merchant_blocked: refused(true, 409, 'The merchant cannot take part in payments now.'),
  payer_blocked: refused(true, 409, 'The payer cannot pay now.'),
  payee_blocked: refused(true, 409, 'The payee cannot receive money now.'),
  funder_blocked: refused(
    true,
    409,
    'The account that a discount is paid from, or goes back to, cannot take part now.',
  ),
  tender_not_usable: refused(true, 409, 'What the payment names to be paid with cannot be used for it.'),
  payment_denied: refused(false, 409, 'The payment was not accepted.'),
  further_proof_required: refused(true, 409, 'The payer must prove more: sign in with a stronger proof and try again.'),
  payer_single_limit: refused(false, 409, 'The amount is more than the payer may pay at once.'),
  payer_day_limit: refused(true, 409, 'The payer would spend more today than this way of paying allows.'),
  payer_year_limit: refused(true, 409, "The payer would spend more this year than the account's class allows."),
  payer_lifetime_limit: refused(true, 409, "The payer would spend more than the account's class ever allows."),
  payer_without_funds: refused(true, 409, 'The payer does not have enough money.'),
  merchant_without_funds: refused(true, 409, 'The merchant does not have enough money.'),
  balance_full: refused(true, 409, 'An account would hold more than the ledger can count.'),
} as const satisfies Readonly<Record<string, EscrowRefusalRow>>

export type EscrowRefusalCode = keyof typeof ESCROW_REFUSALS

export interface EscrowRefusal extends Refusal {
  readonly code: EscrowRefusalCode
}

export function isEscrowRefusalCode(code: string): code is EscrowRefusalCode {
  return Object.hasOwn(ESCROW_REFUSALS, code)
}

export function refuse(code: EscrowRefusalCode): { readonly ok: false; readonly error: EscrowRefusal } {
  return { ok: false, error: { code } }
}

function refused(retry: boolean, status: number, text: string): EscrowRefusalRow {
  return { retry, status, text }
}
