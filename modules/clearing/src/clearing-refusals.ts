import type { Refusal } from '@huitong/committer'

/*
 * Why the clearing house refuses what its own staff or a program asks, as one closed list in order of precedence. What a participant's
 * message asks for and does not get is told to it by a message with a reason code (`rejection.ts`), and is no refusal of the command.
 */

interface ClearingRefusalRow {
  readonly retry: boolean
  readonly status: number
  readonly text: string
}

export const CLEARING_REFUSALS = {
  participant_not_found: refused(false, 404, 'There is no such participant.'),
  sender_not_participant: refused(false, 403, 'The sender of the message is no participant.'),
  sender_differs: refused(false, 422, 'The message names another sender than the one that it came from.'),
  message_not_taken: refused(false, 422, 'The clearing house takes no messages of this kind.'),
  member_malformed: refused(false, 422, 'A participant has a number of twelve digits or a BIC.'),
  participant_exists: refused(false, 409, 'The participant is there already.'),
  window_not_open: refused(false, 409, 'Another window is open: this one was settled already, or is still to come.'),
  amount_out_of_range: refused(false, 422, 'The amount must be more than zero, and a cap not less.'),
  cap_below_use: refused(
    true,
    409,
    'More of the cap is in use, in the open window or by payments that nobody has answered.',
  ),
  participant_without_funds: refused(true, 409, 'The position account does not have enough available money.'),
  position_blocked: refused(true, 409, 'The position account is frozen or closed, or holds too much.'),
} as const satisfies Readonly<Record<string, ClearingRefusalRow>>

export type ClearingRefusalCode = keyof typeof CLEARING_REFUSALS

export interface ClearingRefusal extends Refusal {
  readonly code: ClearingRefusalCode
}

export function isClearingRefusalCode(code: string): code is ClearingRefusalCode {
  return Object.hasOwn(CLEARING_REFUSALS, code)
}

export function refuse(code: ClearingRefusalCode): { readonly ok: false; readonly error: ClearingRefusal } {
  return { ok: false, error: { code } }
}

function refused(retry: boolean, status: number, text: string): ClearingRefusalRow {
  return { retry, status, text }
}
