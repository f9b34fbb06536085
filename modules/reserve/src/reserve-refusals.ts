import type { Refusal } from '@huitong/committer'

/** Why the reserve refuses what staff ask, as one closed list in order of precedence. */
export const RESERVE_REFUSALS = {
  amount_out_of_range: { retry: false, status: 422, text: 'The amount must be more than zero.' },
  more_than_surplus: {
    retry: true,
    status: 409,
    text: 'So much is not in the reserve beyond what customers have.',
  },
  own_deposits_short: { retry: true, status: 409, text: 'The institution’s own deposits are less than that.' },
} as const

export type ReserveRefusalCode = keyof typeof RESERVE_REFUSALS

interface ReserveRefusal extends Refusal {
  readonly code: ReserveRefusalCode
}

export function isReserveRefusalCode(code: string): code is ReserveRefusalCode {
  return Object.hasOwn(RESERVE_REFUSALS, code)
}

export function refuse(code: ReserveRefusalCode): { readonly ok: false; readonly error: ReserveRefusal } {
  return { ok: false, error: { code } }
}
