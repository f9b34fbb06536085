import type { Strength } from './strength.ts'

/** Something that counted against a person's limits. */
export interface Spent {
  /** The business object: a trade, a transfer, a hold. */
  readonly reference: number
  /** Whoever's account it was; which person that is may become known later. */
  readonly customer: number
  readonly strength: Strength
  readonly amountMinor: bigint
  readonly givenBackMinor: bigint
  /** What of it counts under other references now, as the captured parts of a hold do. */
  readonly passedOnMinor: bigint
  /** µs */
  readonly at: number
  /** The parameters that it was measured by, as `id@version`. */
  readonly allowedBy: readonly string[]
}
