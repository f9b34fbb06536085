import type { Refusal } from '@huitong/committer'

/** What party's commands refuse, in order of precedence. */
export const PARTY_REFUSALS = [
  'customer_unknown',
  'merchant_unknown',
  'application_unknown',
  'customer_not_active',
  'merchant_not_active',
  'application_disabled',
  'status_change_not_allowed',
  'phone_taken',
  'document_differs',
  'fee_rate_in_the_past',
  'code_unknown',
  'code_used',
  'code_expired',
  'code_taken',
  'too_many_live_codes',
] as const

export type PartyRefusalCode = (typeof PARTY_REFUSALS)[number]

export interface PartyRefusal extends Refusal {
  readonly code: PartyRefusalCode
}

interface Meaning {
  /** HTTP status of the problem answer. */
  readonly status: 404 | 409 | 429
  /** Whether the same request can succeed later without anybody else doing something about it. */
  readonly retry: boolean
  readonly text: string
}

/** What each refusal means to a caller. */
export const PARTY_REFUSAL_MEANINGS: Readonly<Record<PartyRefusalCode, Meaning>> = {
  customer_unknown: { status: 404, retry: false, text: 'There is no such customer.' },
  merchant_unknown: { status: 404, retry: false, text: 'There is no such merchant.' },
  application_unknown: { status: 404, retry: false, text: 'There is no such application.' },
  customer_not_active: { status: 409, retry: false, text: 'The customer is frozen or closed.' },
  merchant_not_active: { status: 409, retry: false, text: 'The merchant is suspended or closed.' },
  application_disabled: { status: 409, retry: false, text: 'The application is disabled.' },
  status_change_not_allowed: { status: 409, retry: false, text: 'That status cannot follow the present one.' },
  phone_taken: { status: 409, retry: false, text: 'Another customer has this phone number.' },
  document_differs: { status: 409, retry: false, text: "The identity document is not the customer's known one." },
  fee_rate_in_the_past: { status: 409, retry: false, text: 'A fee rate starts now or later, and after the last one.' },
  code_unknown: { status: 404, retry: false, text: 'There is no such payment code.' },
  code_used: { status: 409, retry: false, text: 'The payment code was used before.' },
  code_expired: { status: 409, retry: false, text: 'The payment code has expired.' },
  code_taken: { status: 409, retry: true, text: 'The drawn payment code exists already.' },
  too_many_live_codes: { status: 429, retry: true, text: 'The customer has as many unused payment codes as allowed.' },
}

/** Whether a refusal of a command that composes party's decisions is one of party's own. */
export function isPartyRefusal(refusal: Refusal): refusal is PartyRefusal {
  return PARTY_REFUSALS.some((code) => code === refusal.code)
}
