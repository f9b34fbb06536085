import { describe, expect, test } from 'vitest'
import { CNY, CURRENCIES, currency, currencyCode, scaleOf } from './currency.ts'

describe('the currency table', () => {
  test('has 165 currencies, every code and number once, sorted by code', () => {
    expect(CURRENCIES).toHaveLength(165)
    expect(new Set(CURRENCIES.map((row) => row.code)).size).toBe(165)
    expect(new Set(CURRENCIES.map((row) => row.numeric)).size).toBe(165)
    const codes: string[] = CURRENCIES.map((row) => row.code)
    expect(codes).toEqual(codes.toSorted())
    for (const row of CURRENCIES) {
      expect(row.code).toMatch(/^[A-Z]{3}$/)
      expect(row.numeric).toMatch(/^\d{3}$/)
      expect([0, 2, 3, 4]).toContain(row.scale)
      expect(row.name).not.toBe('')
    }
  })

  test('agrees with the scales that the JavaScript engine knows from Unicode, where Unicode follows ISO 4217', () => {
    // Unicode CLDR shows these as people use them, without decimals or with other ones than the standard.
    const cldrDiffers = new Set(
      'AFN ALL AMD COP CRC CZK DKK HUF IDR IQD IRR KPW LAK LBP MGA MMK MNT MUR NOK PKR RSD SEK SLL SOS SYP TWD TZS UYW UZS VED YER GYD CLF UYI XAD XCG'.split(
        ' ',
      ),
    )
    for (const row of CURRENCIES) {
      if (cldrDiffers.has(row.code)) continue
      const format = new Intl.NumberFormat('en', { style: 'currency', currency: row.code })
      expect([row.code, row.scale]).toEqual([row.code, format.resolvedOptions().minimumFractionDigits])
    }
  })

  test.each([
    ['CNY', '156', 2],
    ['USD', '840', 2],
    ['JPY', '392', 0],
    ['KWD', '414', 3],
    ['CLF', '990', 4],
    ['XCG', '532', 2],
  ])('%s is number %s with %i decimals', (code, numeric, scale) => {
    expect(currency(code)).toMatchObject({ code, numeric, scale })
  })

  test.each(['cny', '', 'BGN', 'HRK', 'ANG', 'XAU', 'XXX', 'CNH', 'RMB', '__proto__', 'CNY '])(
    '%j is no currency here',
    (text) => {
      expect(currency(text)).toBeUndefined()
      expect(currencyCode(text)).toEqual({ ok: false, error: 'unknown_currency' })
    },
  )

  test('the renminbi has a constant', () => {
    expect(currencyCode('CNY')).toEqual({ ok: true, value: CNY })
    expect(scaleOf(CNY)).toBe(2)
  })
})
