import { beijingDay } from '@huitong/kernel'

/**
 * How often and how much a customer paid. One row a customer: of hours and days only the newest is kept, since no rule asks about an
 * older one. A payment counts when its money is taken or held, and goes on counting when it is refunded: it was made.
 */
export interface Velocity {
  /** When the hour began, in µs. Beijing is a whole number of hours from UTC, so hours of the clock are the same in both. */
  readonly hour: number
  readonly hourCount: number
  readonly hourMinor: bigint
  /** In Beijing. */
  readonly day: string
  readonly dayCount: number
  readonly dayMinor: bigint
}

const HOUR = 3_600_000_000

/** The row as it counts at `now`: windows that are over count nothing. A clock that was set back opens no old window again. */
export function velocityAt(before: Velocity | undefined, now: number): Velocity {
  const hour = now - (now % HOUR)
  const day = beijingDay(now)
  const sameHour = before !== undefined && before.hour >= hour
  const sameDay = before !== undefined && before.day >= day
  return {
    hour: sameHour ? before.hour : hour,
    hourCount: sameHour ? before.hourCount : 0,
    hourMinor: sameHour ? before.hourMinor : 0n,
    day: sameDay ? before.day : day,
    dayCount: sameDay ? before.dayCount : 0,
    dayMinor: sameDay ? before.dayMinor : 0n,
  }
}

export function withPayment(before: Velocity, amountMinor: bigint): Velocity {
  return {
    ...before,
    hourCount: before.hourCount + 1,
    hourMinor: before.hourMinor + amountMinor,
    dayCount: before.dayCount + 1,
    dayMinor: before.dayMinor + amountMinor,
  }
}
