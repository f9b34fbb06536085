import type { Refusal } from '@huitong/committer'

/*
 * Why what customers and staff ask of bank channels is refused, as one closed list in order of precedence. What a bank or the clearing house
 * sends and does not get is told to it by a message with a reason code.
 */

interface ChannelRefusalRow {
  readonly retry: boolean
  readonly status: number
  readonly text: string
}

export const CHANNEL_REFUSALS = {
  customer_not_found: refused(false, 404, 'There is no such customer.'),
  bank_not_found: refused(false, 404, 'Cards of this bank cannot be bound here.'),
  card_not_found: refused(false, 404, 'There is no such card.'),
  sender_not_known: refused(false, 403, 'Messages are taken of the clearing house and of banks of ours only.'),
  message_not_taken: refused(false, 422, 'Messages of this kind are not taken.'),
  bank_is_ourselves: refused(false, 422, 'The institution and its clearing house are no banks of its own.'),
  limits_do_not_fit: refused(
    false,
    422,
    'The limit of a day must be at least that of one payment, and both more than zero.',
  ),
  amount_out_of_range: refused(false, 422, 'The amount must be more than zero and not too large.'),
  payment_not_waiting: refused(false, 409, 'The payment does not wait to be paid.'),
  bank_paused: refused(true, 409, 'The bank takes no orders for the time being.'),
  card_changed: refused(true, 409, 'The card was changed meanwhile.'),
  card_not_active: refused(false, 409, 'The card is not bound.'),
  order_open: refused(true, 409, 'The outcome of an earlier order with this card is not known yet.'),
  wallet_blocked: refused(true, 409, 'The wallet cannot take part: it or its owner is blocked.'),
  reserve_short: refused(true, 409, 'Payouts are stopped: the reserve does not cover what customers have.'),
  payment_denied: refused(false, 403, 'The withdrawal is not possible.'),
  further_proof_required: refused(true, 403, 'Prove once more who you are, then ask again.'),
  wallet_without_funds: refused(true, 409, 'The wallet does not have enough available money.'),
  wallet_full: refused(false, 409, 'The wallet cannot hold that much.'),
} as const satisfies Readonly<Record<string, ChannelRefusalRow>>

export type ChannelRefusalCode = keyof typeof CHANNEL_REFUSALS

export interface ChannelRefusal extends Refusal {
  readonly code: ChannelRefusalCode
}

export function isChannelRefusalCode(code: string): code is ChannelRefusalCode {
  return Object.hasOwn(CHANNEL_REFUSALS, code)
}

export function refuse(code: ChannelRefusalCode): { readonly ok: false; readonly error: ChannelRefusal } {
  return { ok: false, error: { code } }
}

function refused(retry: boolean, status: number, text: string): ChannelRefusalRow {
  return { retry, status, text }
}
