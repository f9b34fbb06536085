import { beijingDay } from '@huitong/kernel'
import type { Strength } from './strength.ts'

/**
 * What a person has spent in the windows that limits look at. One row a person: of days and years only the newest is kept, since no
 * limit ever asks about an older one. Days and years are those of the calendar in Beijing.
 */
export interface Spending {
  readonly day: string
  readonly dayMinor: Readonly<Record<Strength, bigint>>
  readonly year: number
  readonly yearMinor: bigint
  readonly lifetimeMinor: bigint
}

const NOTHING_TODAY: Spending['dayMinor'] = { contract: 0n, two_factors: 0n, one_factor: 0n, static_code: 0n }

export function noSpending(day: string): Spending {
  return { day, dayMinor: NOTHING_TODAY, year: yearOf(day), yearMinor: 0n, lifetimeMinor: 0n }
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4))
}

/** The row as it counts on `day`: windows that are over count nothing. A clock that was set back opens no old window again. */
export function onDay(spending: Spending | undefined, day: string): Spending {
  if (spending === undefined) return noSpending(day)
  if (spending.day >= day) return spending
  const year = yearOf(day)
  return {
    day,
    dayMinor: NOTHING_TODAY,
    year,
    yearMinor: spending.year === year ? spending.yearMinor : 0n,
    lifetimeMinor: spending.lifetimeMinor,
  }
}

export function spend(before: Spending, strength: Strength, amountMinor: bigint): Spending {
  return {
    ...before,
    dayMinor: { ...before.dayMinor, [strength]: before.dayMinor[strength] + amountMinor },
    yearMinor: before.yearMinor + amountMinor,
    lifetimeMinor: before.lifetimeMinor + amountMinor,
  }
}

/** Gives back what was spent at `spentAt` (µs), in the windows that it was taken from as far as they still count. */
export function giveBack(before: Spending, strength: Strength, amountMinor: bigint, spentAt: number): Spending {
  const day = beijingDay(spentAt)
  return {
    ...before,
    dayMinor:
      before.day === day
        ? { ...before.dayMinor, [strength]: before.dayMinor[strength] - amountMinor }
        : before.dayMinor,
    yearMinor: before.year === yearOf(day) ? before.yearMinor - amountMinor : before.yearMinor,
    lifetimeMinor: before.lifetimeMinor - amountMinor,
  }
}

/** Two rows of what turned out to be one person. */
export function together(a: Spending, b: Spending): Spending {
  const newer = a.day >= b.day ? a : b
  const one = onDay(a, newer.day)
  const other = onDay(b, newer.day)
  return {
    day: newer.day,
    dayMinor: {
      contract: one.dayMinor.contract + other.dayMinor.contract,
      two_factors: one.dayMinor.two_factors + other.dayMinor.two_factors,
      one_factor: one.dayMinor.one_factor + other.dayMinor.one_factor,
      static_code: one.dayMinor.static_code + other.dayMinor.static_code,
    },
    year: newer.year,
    yearMinor: one.yearMinor + other.yearMinor,
    lifetimeMinor: one.lifetimeMinor + other.lifetimeMinor,
  }
}
