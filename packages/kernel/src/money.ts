import { invariant } from './assert.ts'
import { type CurrencyCode, scaleOf } from './currency.ts'
import { err, ok, type Result } from './result.ts'

/** An amount in the smallest unit of its currency (fen for CNY). */
export interface Money {
  readonly minor: bigint
  readonly currency: CurrencyCode
}

/** The largest amount that the database's int8 can hold. */
export const MAX_MINOR = 2n ** 63n - 1n

/** What can be wrong with an amount, in order of precedence: the first that applies is told. */
export const AMOUNT_FAULTS = [
  'not_a_number',
  'exponent_form',
  'negative',
  'too_many_decimals',
  'zero',
  'too_large',
] as const
export type AmountFault = (typeof AMOUNT_FAULTS)[number]

export interface AmountLimits {
  /** Default false: most amounts that move are above zero. */
  readonly allowZero?: boolean
  /** Default and absolute cap: {@link MAX_MINOR}. */
  readonly maxMinor?: bigint
}

// The number grammar of JSON (RFC 8259 §6), so that a number token and a text amount are judged by one rule.
const NUMBER = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?([eE][+-]?[0-9]+)?$/

// More digits than this are above int8 in every currency; cutting here keeps a megabyte of digits away from BigInt.
const MAX_WHOLE_DIGITS = 19

/**
 * Reads a decimal amount such as "88", "88.8" or "88.88" into minor units. The text is read as text and never passes
 * through a float. More decimals than the currency has are refused even when they are zeros.
 */
export function parseAmount(
  text: string,
  currency: CurrencyCode,
  limits: AmountLimits = {},
): Result<bigint, AmountFault> {
  const match = NUMBER.exec(text)
  if (match === null) return err('not_a_number')
  const [, sign = '', whole = '', decimals = '', exponent] = match
  if (exponent !== undefined) return err('exponent_form')
  if (sign === '-') return err('negative')
  const scale = scaleOf(currency)
  if (decimals.length > scale) return err('too_many_decimals')
  if (whole.length > MAX_WHOLE_DIGITS) return err('too_large')
  const minor = BigInt(whole + decimals.padEnd(scale, '0'))
  if (minor === 0n && limits.allowZero !== true) return err('zero')
  if (minor > MAX_MINOR || minor > (limits.maxMinor ?? MAX_MINOR)) return err('too_large')
  return ok(minor)
}

/** Writes minor units as decimal text with exactly the currency's decimals: "88.88", "-0.05", "100" for JPY. */
export function formatAmount(minor: bigint, currency: CurrencyCode): string {
  const scale = scaleOf(currency)
  const sign = minor < 0n ? '-' : ''
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0')
  if (scale === 0) return sign + digits
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/**
 * Splits a total by weights so that the parts add up to it exactly. Each part is first cut down to a whole minor unit;
 * the units left over go to the largest remainders, and between equal remainders to the lowest index. A negative total
 * is split as its positive mirror, so that a reversal undoes a split part by part.
 *
 * Weights are not negative and at least one is above zero.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  let weightSum = 0n
  for (const weight of weights) {
    invariant(weight >= 0n, 'a weight of a split is negative')
    weightSum += weight
  }
  invariant(weightSum > 0n, 'the weights of a split add up to zero')
  const size = total < 0n ? -total : total
  const shares = weights.map((weight, index) => ({
    index,
    part: (size * weight) / weightSum,
    remainder: (size * weight) % weightSum,
  }))
  let left = size - shares.reduce((sum, share) => sum + share.part, 0n)
  const byRemainder = shares.toSorted((a, b) => {
    if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1
    return a.index - b.index
  })
  for (const share of byRemainder) {
    if (left === 0n) break
    share.part += 1n
    left -= 1n
  }
  invariant(left === 0n, 'a split did not hand out the whole total')
  return shares.map((share) => (total < 0n ? -share.part : share.part))
}
