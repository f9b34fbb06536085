import type { CurrencyCode } from '@huitong/kernel'
import type { DatedRule } from './dated-rule.ts'

/** Every number that a limit is read from. The list is closed, since each of them is wired to a rule. */
export const PARAMETERS = [
  'payment-account.class-1.lifetime',
  'payment-account.class-2.year',
  'payment-account.class-3.year',
  'payment.contract.day',
  'payment.two-factors.day',
  'payment.one-factor.day',
  'payment.static-code.day',
  'payment.contract.single',
] as const

export type ParameterId = (typeof PARAMETERS)[number]

export function parameterId(text: string): ParameterId | undefined {
  return PARAMETERS.find((id) => id === text)
}

/** One dated version of a parameter. */
export interface ParameterVersion extends DatedRule {
  /** From 1. */
  readonly version: number
  /** Null: this version sets no number, so nothing is limited by it. */
  readonly amountMinor: bigint | null
  readonly currency: CurrencyCode
  /** The law, rule or contract that it comes from. */
  readonly instrument: string
  /** Where the number was read. */
  readonly source: string
  /** µs */
  readonly addedAt: number
}

export type NewVersion = Omit<ParameterVersion, 'version' | 'addedAt'>
