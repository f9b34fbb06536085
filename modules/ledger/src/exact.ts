import { err, ok, type Result } from '@huitong/kernel'
import { Decimal } from 'decimal.js'

/**
 * Exact decimals for rates and shares. Amounts have up to 19 digits, rates up to 30; no product of an amount and two rates has more
 * digits than this, so none is ever cut. Only quotients are, at a place that no rounding to a minor unit can notice.
 */
export const Exact = Decimal.clone({ precision: 200, toExpNeg: -100, toExpPos: 100 })

export type Exact = Decimal

/** How an exact value becomes whole minor units. Named at each use; amounts here are not negative, so `down` is towards zero. */
export const ROUNDINGS = {
  half_even: Decimal.ROUND_HALF_EVEN,
  half_up: Decimal.ROUND_HALF_UP,
  half_down: Decimal.ROUND_HALF_DOWN,
  up: Decimal.ROUND_UP,
  down: Decimal.ROUND_DOWN,
} as const

export type Rounding = keyof typeof ROUNDINGS

export function isRounding(text: string): text is Rounding {
  return Object.hasOwn(ROUNDINGS, text)
}

/** Twelve digits before the point and eighteen after it are more than any quoted rate has. */
const RATE = /^(0|[1-9]\d{0,11})(?:\.(\d{1,18}))?$/

export type RateFault = 'not_a_rate' | 'rate_not_positive'

/** Reads a rate such as `7.1234`: decimal text above zero, without sign or exponent. */
export function parseRate(text: string): Result<Exact, RateFault> {
  if (!RATE.test(text)) return err('not_a_rate')
  const rate = new Exact(text)
  return rate.isZero() ? err('rate_not_positive') : ok(rate)
}

export function exactOf(minor: bigint): Exact {
  return new Exact(minor.toString())
}

/** A whole number of minor units. */
export function roundMinor(value: Exact, rounding: Rounding): bigint {
  return BigInt(value.toFixed(0, ROUNDINGS[rounding]))
}

/** Plain decimal text without needless zeros, the same for equal values. */
export function exactText(value: Exact): string {
  return value.toFixed()
}
