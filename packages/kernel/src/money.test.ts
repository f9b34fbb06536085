import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from './assert.ts'
import { CNY, type CurrencyCode, currencyCode } from './currency.ts'
import { allocate, formatAmount, MAX_MINOR, parseAmount } from './money.ts'

function code(text: string): CurrencyCode {
  const found = currencyCode(text)
  if (!found.ok) throw new Error(`no currency ${text}`)
  return found.value
}
const JPY = code('JPY')
const KWD = code('KWD')
const CLF = code('CLF')

describe('reading an amount', () => {
  const accepted: readonly (readonly [string, CurrencyCode, bigint])[] = [
    ['88', CNY, 8800n],
    ['88.8', CNY, 8880n],
    ['88.88', CNY, 8888n],
    ['0.01', CNY, 1n],
    ['0.50', CNY, 50n],
    ['100', JPY, 100n],
    ['1.234', KWD, 1234n],
    ['0.0001', CLF, 1n],
    ['92233720368547758.07', CNY, MAX_MINOR],
    ['9223372036854775807', JPY, MAX_MINOR],
  ]
  test.each(accepted)('%s in %s is %s minor units', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toEqual({ ok: true, value: minor })
  })

  // In order of precedence: a text with several faults is told the first.
  const refused: readonly (readonly [string, CurrencyCode, string])[] = [
    ['', CNY, 'not_a_number'],
    [' 1', CNY, 'not_a_number'],
    ['1 ', CNY, 'not_a_number'],
    ['1\n', CNY, 'not_a_number'],
    ['+1', CNY, 'not_a_number'],
    ['1.', CNY, 'not_a_number'],
    ['.5', CNY, 'not_a_number'],
    ['-', CNY, 'not_a_number'],
    ['--1', CNY, 'not_a_number'],
    ['１', CNY, 'not_a_number'],
    ['٣', CNY, 'not_a_number'],
    ['0x1', CNY, 'not_a_number'],
    ['1,000', CNY, 'not_a_number'],
    ['007', CNY, 'not_a_number'],
    ['00', CNY, 'not_a_number'],
    ['1_000', CNY, 'not_a_number'],
    ['1n', CNY, 'not_a_number'],
    ['NaN', CNY, 'not_a_number'],
    ['Infinity', CNY, 'not_a_number'],
    ['¥1', CNY, 'not_a_number'],
    ['1e2', CNY, 'exponent_form'],
    ['-1E+2', CNY, 'exponent_form'],
    ['0e0', CNY, 'exponent_form'],
    ['-1', CNY, 'negative'],
    ['-0', CNY, 'negative'],
    ['-1.999', CNY, 'negative'],
    ['0.001', CNY, 'too_many_decimals'],
    ['88.880', CNY, 'too_many_decimals'],
    ['100.0', JPY, 'too_many_decimals'],
    ['99999999999999999999.999', CNY, 'too_many_decimals'],
    ['0', CNY, 'zero'],
    ['0.00', CNY, 'zero'],
    ['92233720368547758.08', CNY, 'too_large'],
    ['9223372036854775808', JPY, 'too_large'],
    ['1'.repeat(100_000), CNY, 'too_large'],
  ]
  test.each(refused)('%s in %s is refused: %s', (text, currency, fault) => {
    expect(parseAmount(text, currency)).toEqual({ ok: false, error: fault })
  })

  test('zero passes where the caller allows it', () => {
    expect(parseAmount('0.00', CNY, { allowZero: true })).toEqual({ ok: true, value: 0n })
  })

  test('a limit of the caller counts up to and including itself, and never lifts the absolute one', () => {
    expect(parseAmount('1.00', CNY, { maxMinor: 100n })).toEqual({ ok: true, value: 100n })
    expect(parseAmount('1.01', CNY, { maxMinor: 100n })).toEqual({ ok: false, error: 'too_large' })
    expect(parseAmount('92233720368547758.08', CNY, { maxMinor: MAX_MINOR * 2n })).toEqual({
      ok: false,
      error: 'too_large',
    })
  })
})

describe('writing an amount', () => {
  const written: readonly (readonly [bigint, CurrencyCode, string])[] = [
    [8888n, CNY, '88.88'],
    [0n, CNY, '0.00'],
    [5n, CNY, '0.05'],
    [-5n, CNY, '-0.05'],
    [-12345n, CNY, '-123.45'],
    [100n, JPY, '100'],
    [-100n, JPY, '-100'],
    [0n, JPY, '0'],
    [1n, KWD, '0.001'],
    [MAX_MINOR, CNY, '92233720368547758.07'],
  ]
  test.each(written)('%s minor units of %s are written %s', (minor, currency, text) => {
    expect(formatAmount(minor, currency)).toBe(text)
  })

  test('what is written reads back as itself', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, MAX_MINOR), fc.constantFrom(CNY, JPY, KWD, CLF), (minor, currency) => {
        expect(parseAmount(formatAmount(minor, currency), currency)).toEqual({ ok: true, value: minor })
      }),
    )
  })
})

describe('splitting an amount', () => {
  const splits: readonly (readonly [bigint, readonly bigint[], readonly bigint[]])[] = [
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [2n, [1n, 1n, 1n], [1n, 1n, 0n]],
    [10n, [1n, 2n], [3n, 7n]],
    [1n, [1n, 3n], [0n, 1n]],
    [7n, [0n, 1n, 0n], [0n, 7n, 0n]],
    [0n, [5n, 5n], [0n, 0n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
  ]
  test.each(splits)('%s by %s', (total, weights, parts) => {
    expect(allocate(total, weights)).toEqual(parts)
  })

  test('the parts add up to the total, and each is within one unit of its exact share', () => {
    const weights = fc.array(fc.bigInt(0n, 10n ** 20n), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.bigInt(-MAX_MINOR, MAX_MINOR), weights, (total, raw) => {
        fc.pre(raw.some((weight) => weight > 0n))
        const sum = raw.reduce((a, b) => a + b, 0n)
        const parts = allocate(total, raw)
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total)
        for (const [index, part] of parts.entries()) {
          const difference = part * sum - total * (raw[index] ?? 0n)
          expect(difference < sum && difference > -sum).toBe(true)
        }
      }),
    )
  })

  test('weights that cannot divide anything are a broken invariant', () => {
    expect(() => allocate(1n, [])).toThrow(InvariantError)
    expect(() => allocate(1n, [0n, 0n])).toThrow(InvariantError)
    expect(() => allocate(1n, [2n, -1n])).toThrow(InvariantError)
  })
})
