import type { Refusal } from '@huitong/committer'

/** Why a limit or a change of the numbers behind it is refused, in order of precedence. */
export const LIMIT_REFUSALS = {
  parameter_effective_in_past: { status: 422, text: 'A rule begins today or later.' },
  parameter_not_after_last: { status: 409, text: 'A later version of this rule is there already.' },
  limit_single_exceeded: { status: 409, text: 'The payment is larger than one payment may be.' },
  limit_day_exceeded: { status: 409, text: 'The payer would spend more today than this way of paying allows.' },
  limit_year_exceeded: { status: 409, text: "The payer would spend more this year than the account's class allows." },
  limit_lifetime_exceeded: { status: 409, text: "The payer would spend more than the account's class ever allows." },
} as const

export type LimitRefusalCode = keyof typeof LIMIT_REFUSALS

export interface LimitRefusal extends Refusal {
  readonly code: LimitRefusalCode
}

export function isLimitRefusalCode(code: string): code is LimitRefusalCode {
  return Object.hasOwn(LIMIT_REFUSALS, code)
}
