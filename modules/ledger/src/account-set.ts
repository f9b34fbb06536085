import type { Balance } from './account.ts'

/**
 * A set of accounts whose balances are added up at every moment. Sets form trees: a set is made under its parent and stays there, so there
 * are no cycles, and an account counts in the sets that it is in and in all above them. It may be in several trees, but only
 * once in each: so no set ever counts it twice.
 */
export interface AccountSet {
  readonly id: number
  readonly name: string
  readonly parent: number | null
  /** The top of its tree; itself at the top. */
  readonly root: number
  /** 1 at the top. */
  readonly depth: number
}

/** A posting on a member counts in so many sets at most. */
export const SET_DEPTH_MAX = 8
/** Trees that an account is in at most. */
export const SETS_PER_ACCOUNT_MAX = 8

export type Counters = Pick<Balance, 'debitsPosted' | 'creditsPosted' | 'debitsPending' | 'creditsPending'>

/** What the members of a set have in one currency. */
export interface SetBalance extends Counters {
  readonly set: number
  readonly currency: string
  readonly members: number
}

export function plus<Sum extends Counters>(sum: Sum, other: Counters, sign: 1n | -1n): Sum {
  return {
    ...sum,
    debitsPosted: sum.debitsPosted + sign * other.debitsPosted,
    creditsPosted: sum.creditsPosted + sign * other.creditsPosted,
    debitsPending: sum.debitsPending + sign * other.debitsPending,
    creditsPending: sum.creditsPending + sign * other.creditsPending,
  }
}

export function createdData(set: AccountSet): string {
  return JSON.stringify({ name: set.name, parent: set.parent === null ? null : String(set.parent) })
}

/** Of a member that came or went; the event's account is the member. */
export function memberData(set: number): string {
  return JSON.stringify({ set: String(set) })
}
