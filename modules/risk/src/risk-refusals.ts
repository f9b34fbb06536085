import type { Refusal } from '@huitong/committer'

/** Why a change of the policy is refused, in order of precedence. */
export const RISK_REFUSALS = {
  policy_effective_in_past: { status: 422, text: 'A policy begins today or later.' },
  policy_not_after_last: { status: 409, text: 'A policy that begins then or later is there already.' },
} as const

export type RiskRefusalCode = keyof typeof RISK_REFUSALS

export interface RiskRefusal extends Refusal {
  readonly code: RiskRefusalCode
}

export function isRiskRefusalCode(code: string): code is RiskRefusalCode {
  return Object.hasOwn(RISK_REFUSALS, code)
}
