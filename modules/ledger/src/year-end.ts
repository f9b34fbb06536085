import type { CurrencyCode } from '@huitong/kernel'

/** What was done to carry a year's income and expenses into retained earnings. */
export interface YearEnd {
  readonly year: number
  /** The entries that carried them, in order. What is taken back leaves the list from its end. */
  readonly entries: readonly number[]
  /** Whether nothing was left to carry. */
  readonly complete: boolean
  /** Grows with each closing and reopening of the year. */
  readonly revision: number
}

/** All years that were ever closed: a handful, and one row of the working set. */
export interface YearBook {
  readonly years: ReadonlyMap<number, YearEnd>
}

export const NO_YEARS: YearBook = { years: new Map() }

/** The first and the last year that have a name of four digits and days that the journal can write. */
export const YEAR_MIN = 1971
export const YEAR_MAX = 9998

/** Results of years go here, in each currency into an account of the institution's own. */
export const RETAINED_EARNINGS = '4002'

export function lastDayOf(year: number): string {
  return `${year}-12-31`
}

export function notClosed(year: number): YearEnd {
  return { year, entries: [], complete: false, revision: 0 }
}

/** Whether a year is closed, wholly or in part. */
export function isTouched({ entries, complete }: YearEnd): boolean {
  return complete || entries.length > 0
}

/** Grows with every closing and reopening of any year: amounts that were read at another revision may be carried already. */
export function revisionOf({ years }: YearBook): number {
  let revision = 0
  for (const year of years.values()) revision += year.revision
  return revision
}

/** The first later year that is closed, wholly or in part. */
export function laterYear({ years }: YearBook, year: number): number | undefined {
  return [...years.values()].find((one) => one.year > year && isTouched(one))?.year
}

/** What an account of income or expenses has, credits less debits, in the days up to the end of a year. */
export interface YearResult {
  readonly account: number
  readonly currency: CurrencyCode
  readonly amountMinor: bigint
}
