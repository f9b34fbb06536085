import { CNY, currencyCode } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exact, exactOf, exactText, parseRate, ROUNDINGS, type Rounding, roundMinor } from './exact.ts'
import { appliedRate, type ExchangeTerms, exchangeAmounts } from './exchange.ts'

const USD = currency('USD')
const JPY = currency('JPY')

function currency(text: string) {
  const code = currencyCode(text)
  if (!code.ok) throw new Error(text)
  return code.value
}

function terms(change: Partial<ExchangeTerms>): ExchangeTerms {
  return {
    ...{ sold: USD, bought: CNY, fixed: 'sold', amountMinor: 10_000n, base: 'sold' },
    ...{ midRate: new Exact('7.1234'), appliedRate: new Exact('7.1'), rounding: 'half_even', ...change },
  }
}

describe('an exchange', () => {
  it.each([
    ['100.00 USD at 7.1', {}, [10_000n, 71_000n, 234n, '0']],
    [
      '0.01 USD at 7.155, rounded down',
      { amountMinor: 1n, appliedRate: new Exact('7.155'), rounding: 'down' },
      [1n, 7n, 0n, '0.00155'],
    ],
    [
      '0.01 USD at 7.155, rounded up',
      { amountMinor: 1n, appliedRate: new Exact('7.155'), rounding: 'up' },
      [1n, 8n, 0n, '-0.00845'],
    ],
    ['710.00 CNY to be bought at 7.1', { fixed: 'bought', amountMinor: 71_000n }, [10_000n, 71_000n, 234n, '0']],
    [
      '710.01 CNY to be bought at 7.1, rounded up',
      { fixed: 'bought', amountMinor: 71_001n, rounding: 'up' },
      [10_001n, 71_001n, 241n, '0.061'],
    ],
    [
      'CNY for 100.00 USD at 7.2',
      { sold: CNY, bought: USD, fixed: 'bought', base: 'bought', appliedRate: new Exact('7.2') },
      [72_000n, 10_000n, 766n, '0'],
    ],
    [
      '720.00 CNY for USD at 7.2',
      { sold: CNY, bought: USD, base: 'bought', amountMinor: 72_000n, appliedRate: new Exact('7.2') },
      [72_000n, 10_000n, 766n, '0'],
    ],
    [
      '1000 JPY at 0.0478, no minor unit there',
      { sold: JPY, amountMinor: 1000n, midRate: new Exact('0.048'), appliedRate: new Exact('0.0478') },
      [1000n, 4780n, 20n, '0'],
    ],
  ] satisfies readonly (readonly [string, Partial<ExchangeTerms>, readonly [bigint, bigint, bigint, string]])[])(
    'of %s',
    (_, change, [sold, bought, spread, remainder]) => {
      const amounts = exchangeAmounts(terms(change))
      expect([amounts.soldMinor, amounts.boughtMinor, amounts.spreadMinor, exactText(amounts.remainder)]).toEqual([
        ...[sold, bought, spread, remainder],
      ])
    },
  )

  it('loses nothing: the counter amount and the remainder are exactly what the rate gives', () => {
    const rate = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.nat({ max: 9 }))
      .map(([digits, scale]) => exactOf(digits).div(new Exact(10).pow(scale)))
    const arbitrary = fc.record({
      fixed: fc.constantFrom('sold' as const, 'bought' as const),
      base: fc.constantFrom('sold' as const, 'bought' as const),
      amountMinor: fc.bigInt({ min: 1n, max: 10n ** 18n }),
      midRate: rate,
      appliedRate: rate,
      rounding: fc.constantFrom(...(['half_even', 'half_up', 'half_down', 'up', 'down'] satisfies Rounding[])),
    })
    fc.assert(
      fc.property(arbitrary, (change) => {
        const { soldMinor, boughtMinor, remainder } = exchangeAmounts(terms(change))
        const [base, counter, sign] =
          change.base === 'sold' ? [soldMinor, boughtMinor, 1] : [boughtMinor, soldMinor, -1]
        const exact = exactOf(base).mul(change.appliedRate)
        expect(exactText(exactOf(counter).plus(remainder.mul(100).mul(sign)))).toBe(exactText(exact))
        if (change.fixed === change.base) expect(remainder.abs().mul(100).lessThanOrEqualTo(1)).toBe(true)
        expect(change.fixed === 'sold' ? soldMinor : boughtMinor).toBe(change.amountMinor)
      }),
    )
  })
})

describe('an applied rate', () => {
  const mid = new Exact('7')
  it.each([
    ['sold', { type: 'bps', bps: new Exact(10) }, '6.993'],
    ['bought', { type: 'bps', bps: new Exact(10) }, '7.007'],
    ['sold', { type: 'absolute', spread: new Exact('0.05') }, '6.95'],
    ['bought', { type: 'absolute', spread: new Exact('0.05') }, '7.05'],
    ['sold', { type: 'applied', rate: new Exact('7.01') }, '7.01'],
    ['sold', { type: 'bps', bps: new Exact(10_000) }, 'rate_not_positive'],
    ['sold', { type: 'absolute', spread: new Exact(8) }, 'rate_not_positive'],
  ] as const)('when the base is %s and the spread %o', (base, spread, expected) => {
    const rate = appliedRate(mid, base, spread)
    expect(rate.ok ? exactText(rate.value) : rate.error).toBe(expected)
  })
})

describe('rates and rounding', () => {
  it.each(['', '0', '0.000', '-1', '1e3', '.5', '1.', '01', '1234567890123', `1.${'1'.repeat(19)}`, 'NaN'])(
    '%o is no rate',
    (text) => {
      expect(parseRate(text).ok).toBe(false)
    },
  )

  it('each name rounds its own way', () => {
    const table = { half_even: '2 2 4', half_up: '2 3 4', half_down: '2 2 3', up: '3 3 4', down: '2 2 3' }
    for (const name of Object.keys(ROUNDINGS)) {
      if (name === 'half_even' || name === 'half_up' || name === 'half_down' || name === 'up' || name === 'down') {
        expect(['2.4', '2.5', '3.5'].map((text) => roundMinor(new Exact(text), name)).join(' '), name).toBe(table[name])
      }
    }
  })

  it('the largest amount times the longest rate is not cut', () => {
    const rate = parseRate('999999999999.999999999999999999')
    if (!rate.ok) throw new Error('no rate')
    expect(
      exactText(
        exactOf(2n ** 63n - 1n)
          .mul(rate.value)
          .mul(rate.value),
      ),
    ).toMatch(/^\d+\.\d{36}$/)
  })
})
