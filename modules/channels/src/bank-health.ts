import type { Micros } from '@huitong/kernel'

/** How an order went, as far as it says something of its bank. */
export interface OrderOutcome {
  /** `declined`: the bank said no for a reason of the customer's. `failed`: nobody said in time, or the bank could not. `open`: not known yet. */
  readonly end: 'settled' | 'declined' | 'failed' | 'open'
  readonly madeAt: Micros
  /** µs from the order to its end; of one that is open until now. */
  readonly took: number
}

/** How a bank did lately. Declines are left out of what is good or bad: they are no fault of the bank's. */
export interface BankHealth {
  readonly settled: number
  readonly declined: number
  readonly failed: number
  /** Of those that settled or failed, and of those that should have ended by now; 1 where there is none. */
  readonly success: number
  /** Median and 99th hundredth of the time that settled ones took, µs; null where there is none. */
  readonly medianTook: number | null
  readonly p99Took: number | null
}

/** An order that is open for longer counts as failed: the clearing house takes 20 s at most, the bank much less. */
const TOO_LONG = 20_000_000

export function healthOf(outcomes: readonly OrderOutcome[]): BankHealth {
  const count = (end: OrderOutcome['end']): number => outcomes.filter((one) => one.end === end).length
  const late = outcomes.filter(({ end, took }) => end === 'open' && took > TOO_LONG).length
  const [settled, failed] = [count('settled'), count('failed') + late]
  const times = outcomes
    .filter(({ end }) => end === 'settled')
    .map(({ took }) => took)
    .toSorted((a, b) => a - b)
  return {
    ...{ settled, declined: count('declined'), failed },
    success: settled + failed === 0 ? 1 : settled / (settled + failed),
    medianTook: times[Math.floor(times.length / 2)] ?? null,
    p99Took: times[Math.floor(times.length * 0.99)] ?? null,
  }
}

/** So many orders say something. */
const ENOUGH = 10
const BAD = 0.5

/** Whether a bank is to be left alone for a while: half of what it was asked lately came to nothing. */
export function isBad({ settled, failed, success }: BankHealth): boolean {
  return settled + failed >= ENOUGH && success < BAD
}
