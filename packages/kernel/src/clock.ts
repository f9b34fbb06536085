import { invariant } from './assert.ts'

/** Microseconds since 1970-01-01T00:00:00Z, a safe integer (until the year 2255), the precision of a timestamptz. */
export type Micros = number

export const MICROS_PER_SECOND = 1_000_000

/** Seconds as microseconds, rounded to a whole one. */
export function microsFromSeconds(seconds: number): Micros {
  return Math.round(seconds * MICROS_PER_SECOND)
}

/** Where modules get the time from: programs hand in the system's clock, tests and the simulator their own. */
export interface Clock {
  now(): Micros
}

// Between two looks the monotonic counter gives the microseconds that the wall clock lacks. When both part by more than
// this (a set clock, a suspended machine), the wall clock wins.
const MAX_DRIFT_MICROS = 2_000

/**
 * The machine's wall clock at microsecond resolution. It never steps back within the process: when the machine's clock
 * is set back, time stands still here until the machine has caught up.
 */
export function systemClock(): Clock {
  let wallBase = Date.now() * 1000
  let counterBase = process.hrtime.bigint()
  let last = wallBase
  return {
    now() {
      const wall = Date.now() * 1000
      const counter = process.hrtime.bigint()
      let estimate = wallBase + Number((counter - counterBase) / 1000n)
      if (Math.abs(estimate - wall) > MAX_DRIFT_MICROS) {
        wallBase = wall
        counterBase = counter
        estimate = wall
      }
      last = Math.max(last, estimate)
      return last
    },
  }
}

export interface ManualClock extends Clock {
  advance(micros: Micros): void
  /** May go back: tests need clocks that jump. */
  set(micros: Micros): void
}

/** A clock that stands still until told otherwise. */
export function manualClock(start: Micros): ManualClock {
  let current = checked(start)
  return {
    now: () => current,
    advance(micros) {
      current = checked(current + micros)
    },
    set(micros) {
      current = checked(micros)
    },
  }
}

/** A clock that differs from another by a fixed offset, e.g. the demo world's. */
export function shiftedClock(base: Clock, offset: Micros): Clock {
  return { now: () => checked(base.now() + offset) }
}

function checked(micros: Micros): Micros {
  invariant(Number.isSafeInteger(micros), `not a time in microseconds: ${micros}`)
  return micros
}
