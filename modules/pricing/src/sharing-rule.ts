import type { DatedRule } from './dated-rule.ts'

/** How much of a payment its merchant may pass on in all, in basis points of what is left of it. */
export interface SharingRuleVersion extends DatedRule {
  /** From 1, within its merchant or the institution. */
  readonly version: number
  readonly maxBps: number
  /** The contract or rule that it comes from. */
  readonly instrument: string
  /** Where the number was read. */
  readonly source: string
  /** µs */
  readonly addedAt: number
}

export type NewSharingRule = Omit<SharingRuleVersion, 'version' | 'addedAt'>

/** In place of a merchant: the rule of all that have none of their own. No merchant has this id, for ids start above it. */
export const EVERY_MERCHANT = 0

export const WHOLE_BPS = 10_000
