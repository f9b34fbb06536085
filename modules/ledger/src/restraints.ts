import type { Freeze } from './freeze.ts'

/**
 * What limits an account beside its floor. Most accounts have none, and then there is no such object: a posting looks at one null. The
 * sums of an account's freezes stand here, so that no posting ever reads a freeze.
 */
export interface Restraints {
  /** What its active freezes with an amount must find in it, all together. */
  readonly frozenMinor: bigint
  /** How many active freezes let nothing leave it, and how many of them let nothing in. */
  readonly outFreezes: number
  readonly inFreezes: number
  /** The balance, with what holds promise to the account, may not rise above this; null is no bound. */
  readonly ceilingMinor: bigint | null
}

export const NO_RESTRAINTS: Restraints = { frozenMinor: 0n, outFreezes: 0, inFreezes: 0, ceilingMinor: null }

/** Null when nothing restrains any more. */
export function restraintsOf(restraints: Restraints): Restraints | null {
  const { frozenMinor, outFreezes, inFreezes, ceilingMinor } = restraints
  return frozenMinor === 0n && outFreezes === 0 && inFreezes === 0 && ceilingMinor === null ? null : restraints
}

/** With the freeze counted (1) or not counted any more (-1). */
export function withFreeze(before: Restraints | null, freeze: Freeze, change: 1 | -1): Restraints | null {
  const of = before ?? NO_RESTRAINTS
  const { remainingMinor } = freeze
  if (remainingMinor !== null) {
    return restraintsOf({ ...of, frozenMinor: of.frozenMinor + (change === 1 ? remainingMinor : -remainingMinor) })
  }
  const inFreezes = of.inFreezes + (freeze.blocksIncoming ? change : 0)
  return restraintsOf({ ...of, outFreezes: of.outFreezes + change, inFreezes })
}
