import { expect, test } from 'vitest'
import { publicNumber } from './public-number.ts'

test('numbers have 16 digits and the prefix of their series', () => {
  for (const ordinal of [1, 2, 999_999_999_999]) {
    expect(publicNumber('person', ordinal)).toMatch(/^2088[0-9]{12}$/)
    expect(publicNumber('application', ordinal)).toMatch(/^2021[0-9]{12}$/)
  }
})

test('different ordinals have different numbers', () => {
  const numbers = Array.from({ length: 20_000 }, (_, index) => publicNumber('person', index + 1))
  expect(new Set(numbers).size).toBe(numbers.length)
})

test('the factors share no divisor with 10^12, so no two ordinals can ever meet', () => {
  // Multiplying by a number whose last digit is 1, 3, 7 or 9 can be undone modulo a power of ten; the step between
  // neighbours is that factor.
  for (const series of ['person', 'application'] as const) {
    const step = BigInt(publicNumber(series, 2).slice(4)) - BigInt(publicNumber(series, 1).slice(4))
    const lastDigit = Number((((step % 10n) + 10n) % 10n).toString())
    expect([1, 3, 7, 9]).toContain(lastDigit)
  }
})

test('ordinals outside the range are a bug', () => {
  for (const ordinal of [0, -1, 1.5, 1e12, Number.NaN]) expect(() => publicNumber('person', ordinal)).toThrow()
})
