import type { Refusal } from '@huitong/committer'

/*
 * Why a family link is not made or changed, as one closed list in order of precedence: of several reasons the first of this list is told.
 * Why one does not pay is told by the payment, as a fault of the tender `family`.
 */

export interface FamilyRefusalRow {
  /** Whether the very same request can be granted later, under a new idempotency key, without being changed. */
  readonly retry: boolean
  /** The status of the native API's problem answer. */
  readonly status: number
  readonly text: string
}

export const FAMILY_REFUSALS = {
  relative_not_found: refused(false, 404, 'There is no such customer.'),
  link_not_found: refused(false, 404, 'There is no such family link.'),
  bounds_invalid: refused(
    false,
    422,
    'A month has 0.01 to 50,000.00, and neither a payment nor a day more than its month.',
  ),
  relative_is_self: refused(false, 422, 'One cannot be linked with oneself.'),
  family_not_allowed: refused(false, 409, 'This cannot be done to the link by you, or in its present state.'),
  invitation_over: refused(false, 409, 'Nobody accepted the invitation in time.'),
  relative_blocked: refused(true, 409, 'One of the two accounts cannot take part now.'),
  linked_already: refused(false, 409, 'The two are linked already, or invited.'),
  links_full: refused(true, 409, 'One of the two has as many links as one can have.'),
} as const satisfies Readonly<Record<string, FamilyRefusalRow>>

export type FamilyRefusalCode = keyof typeof FAMILY_REFUSALS

export interface FamilyRefusal extends Refusal {
  readonly code: FamilyRefusalCode
}

export function isFamilyRefusalCode(code: string): code is FamilyRefusalCode {
  return Object.hasOwn(FAMILY_REFUSALS, code)
}

export function refuse(
  code: FamilyRefusalCode,
  facts?: Readonly<Record<string, string>>,
): { readonly ok: false; readonly error: FamilyRefusal } {
  return { ok: false, error: facts === undefined ? { code } : { code, facts } }
}

function refused(retry: boolean, status: number, text: string): FamilyRefusalRow {
  return { retry, status, text }
}
