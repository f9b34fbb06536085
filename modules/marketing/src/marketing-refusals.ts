import type { Refusal } from '@huitong/committer'

/*
 * Why marketing refuses, as one closed list in order of precedence: of several reasons the first of this list is told. It goes from who
 * asks, to what is asked about, to the state of things, to the money. Code, documentation and tests keep this order.
 */

export interface MarketingRefusalRow {
  /** Whether the very same request can be granted later, under a new idempotency key, without being changed. */
  readonly retry: boolean
  /** The status of the native API's problem answer. */
  readonly status: number
  readonly text: string
}

export const MARKETING_REFUSALS = {
  merchant_not_found: refused(false, 404, 'There is no such merchant.'),
  customer_not_found: refused(false, 404, 'There is no such customer.'),
  campaign_not_found: refused(false, 404, 'There is no such campaign.'),
  packet_not_found: refused(false, 404, 'There is no such red packet.'),
  amount_out_of_range: refused(false, 422, 'The amount is outside what one payment may be.'),
  campaign_terms_invalid: refused(
    false,
    422,
    'No coupon can be as these terms say, or it would be over before it begins.',
  ),
  packet_does_not_fit: refused(
    false,
    422,
    'A red packet has 1 to 100 parts, each of at least 0.01 and of 200.00 on average at most.',
  ),
  campaign_over: refused(false, 409, 'The campaign is over.'),
  coupons_gone: refused(false, 409, 'All coupons of the campaign are taken, or its money is spent.'),
  coupons_per_person: refused(
    false,
    409,
    'The customer has had as many coupons of the campaign as one person can have.',
  ),
  pocket_full: refused(true, 409, 'The customer holds as many coupons as one can hold.'),
  packet_claimed_by_person: refused(false, 409, 'The same person opened the red packet from another account.'),
  packet_empty: refused(false, 409, 'All of the red packet is taken.'),
  packet_over: refused(false, 409, 'The red packet is over; what nobody took went back.'),
  merchant_blocked: refused(true, 409, 'The merchant cannot take part in payments now.'),
  payer_blocked: refused(true, 409, 'The payer cannot pay now.'),
  payee_blocked: refused(true, 409, 'The payee cannot receive money now.'),
  funder_blocked: refused(
    true,
    409,
    'The account that a discount is paid from, or goes back to, cannot take part now.',
  ),
  payment_denied: refused(false, 409, 'The payment was not accepted.'),
  further_proof_required: refused(true, 409, 'The payer must prove more: sign in with a stronger proof and try again.'),
  payer_single_limit: refused(false, 409, 'The amount is more than the payer may pay at once.'),
  payer_day_limit: refused(true, 409, 'The payer would spend more today than this way of paying allows.'),
  payer_year_limit: refused(true, 409, "The payer would spend more this year than the account's class allows."),
  payer_lifetime_limit: refused(true, 409, "The payer would spend more than the account's class ever allows."),
  payer_without_funds: refused(true, 409, 'The payer does not have enough money.'),
  merchant_without_funds: refused(true, 409, 'The merchant does not have enough money.'),
  balance_full: refused(true, 409, 'An account would hold more than the ledger can count.'),
} as const satisfies Readonly<Record<string, MarketingRefusalRow>>

export type MarketingRefusalCode = keyof typeof MARKETING_REFUSALS

export interface MarketingRefusal extends Refusal {
  readonly code: MarketingRefusalCode
}

export function isMarketingRefusalCode(code: string): code is MarketingRefusalCode {
  return Object.hasOwn(MARKETING_REFUSALS, code)
}

export function refuse(code: MarketingRefusalCode): { readonly ok: false; readonly error: MarketingRefusal } {
  return { ok: false, error: { code } }
}

function refused(retry: boolean, status: number, text: string): MarketingRefusalRow {
  return { retry, status, text }
}
