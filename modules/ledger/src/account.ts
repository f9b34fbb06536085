import { type CurrencyCode, MAX_MINOR } from '@huitong/kernel'
import type { Restraints } from './restraints.ts'
import { isCreditNormal, type SubjectCode } from './subjects.ts'

/** `dormant`: nothing leaves it until it is opened again, since nothing moved for long; money may come in. */
export type AccountState = 'open' | 'frozen' | 'dormant' | 'closed'

export function isAccountState(text: unknown): text is AccountState {
  return text === 'open' || text === 'frozen' || text === 'dormant' || text === 'closed'
}

/** What is said of an account; its money is a Balance. */
export interface Account {
  readonly id: number
  readonly subject: SubjectCode
  readonly currency: CurrencyCode
  /** A reference such as `customer:4711`, never a name; null for the institution's own accounts. */
  readonly owner: string | null
  /** The balance may not fall below this; a credit line is a negative floor, null is none. */
  readonly floorMinor: bigint | null
  readonly state: AccountState
  /** Null on most accounts. */
  readonly restraints: Restraints | null
  /** The sets that it is in itself; missing when it is in none. */
  readonly sets?: readonly number[]
}

/** The four counters of an account. They never fall, except that pending falls when a hold ends. */
export interface Balance {
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
  /** Number of entries of the account so far; each entry carries its own. */
  readonly sequence: number
  /** Where its newest entry stands in the journal; null before the first. */
  readonly lastEntry: number | null
}

export const ZERO_BALANCE: Balance = {
  debitsPosted: 0n,
  creditsPosted: 0n,
  debitsPending: 0n,
  creditsPending: 0n,
  sequence: 0,
  lastEntry: null,
}

/** Posted balance on the side on which the account grows: positive is the usual sign for every class. */
export function normalBalance(account: Account, balance: Balance): bigint {
  return isCreditNormal(account.subject)
    ? balance.creditsPosted - balance.debitsPosted
    : balance.debitsPosted - balance.creditsPosted
}

/** The balance less what holds have promised away. */
export function unpromisedMinor(account: Account, balance: Balance): bigint {
  return (
    normalBalance(account, balance) - (isCreditNormal(account.subject) ? balance.debitsPending : balance.creditsPending)
  )
}

/** What holds promise to the account. */
export function promisedToMinor(account: Account, balance: Balance): bigint {
  return isCreditNormal(account.subject) ? balance.creditsPending : balance.debitsPending
}

/**
 * What may leave the account now: balance less what holds have promised, above the floor and what is frozen. MAX_MINOR when it has no
 * floor. While money is frozen a credit line rests: an account cannot owe and keep money at once.
 */
export function availableMinor(account: Account, balance: Balance): bigint {
  const { floorMinor, restraints } = account
  if (floorMinor === null) return MAX_MINOR
  if (restraints === null || restraints.frozenMinor === 0n) return unpromisedMinor(account, balance) - floorMinor
  const floor = floorMinor > 0n ? floorMinor : 0n
  return unpromisedMinor(account, balance) - floor - restraints.frozenMinor
}
