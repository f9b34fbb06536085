import { CNY, currencyCode } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountOnBothSides, type EntryLine, imbalanceOf, pairLines } from './journal-entry.ts'

const USD = currency('USD')

function currency(text: string) {
  const code = currencyCode(text)
  if (!code.ok) throw new Error(text)
  return code.value
}

function line(side: EntryLine['side'], account: number, amountMinor: bigint, of = CNY): EntryLine {
  return { side, account, amountMinor, currency: of }
}

/** Balanced lines in up to three currencies: both sides cut the same total in pieces. An account stands on one side. */
const balanced: fc.Arbitrary<readonly EntryLine[]> = fc
  .array(
    fc.record({
      total: fc.bigInt({ min: 1n, max: 10n ** 15n }),
      debitCuts: fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { maxLength: 6 }),
      creditCuts: fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) =>
    parts.flatMap(({ total, debitCuts, creditCuts }, index) => {
      const of = currency(['CNY', 'USD', 'JPY'][index] ?? 'EUR')
      const pieces = (cuts: readonly bigint[]) => {
        const places = [...new Set([0n, ...cuts.filter((cut) => cut < total), total])].sort((a, b) => (a < b ? -1 : 1))
        return places.slice(1).map((place, at) => place - (places[at] ?? 0n))
      }
      // Accounts repeat on their side: 3 debit accounts and 4 credit accounts in each currency.
      return [
        ...pieces(debitCuts).map((minor, at) => line('debit', 100 * index + (at % 3), minor, of)),
        ...pieces(creditCuts).map((minor, at) => line('credit', 100 * index + 10 + (at % 4), minor, of)),
      ]
    }),
  )
  .chain((lines) => fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }))

describe('taking lines apart', () => {
  it('moves on each line just its amount, in at most n + m - 1 transfers a currency', () => {
    fc.assert(
      fc.property(balanced, (lines) => {
        const pairs = pairLines(lines)
        const used = lines.map(() => 0n)
        for (const { debitLine, creditLine, amountMinor } of pairs) {
          expect(amountMinor > 0n).toBe(true)
          expect(lines[debitLine]?.side).toBe('debit')
          expect(lines[creditLine]?.side).toBe('credit')
          expect(lines[debitLine]?.currency).toBe(lines[creditLine]?.currency)
          used[debitLine] = (used[debitLine] ?? 0n) + amountMinor
          used[creditLine] = (used[creditLine] ?? 0n) + amountMinor
        }
        expect(used).toEqual(lines.map((one) => one.amountMinor))
        for (const of of new Set(lines.map((one) => one.currency))) {
          const count = lines.filter((one) => one.currency === of).length
          expect(pairs.filter((pair) => lines[pair.debitLine]?.currency === of).length).toBeLessThanOrEqual(count - 1)
        }
      }),
    )
  })

  it('pairs first with first, currency by currency in the order in which they occur', () => {
    const lines = [
      line('debit', 1, 70n, USD),
      line('debit', 2, 100n),
      line('credit', 3, 60n),
      line('credit', 4, 30n, USD),
      line('credit', 5, 40n),
      line('credit', 6, 40n, USD),
    ]
    expect(pairLines(lines)).toEqual([
      { debitLine: 0, creditLine: 3, amountMinor: 30n },
      { debitLine: 0, creditLine: 5, amountMinor: 40n },
      { debitLine: 1, creditLine: 2, amountMinor: 60n },
      { debitLine: 1, creditLine: 4, amountMinor: 40n },
    ])
  })
})

describe('lines', () => {
  it.each([
    ['one side', [line('debit', 1, 5n)], { currency: CNY, debitsMinor: 5n, creditsMinor: 0n }],
    [
      'equal sums of different currencies',
      [line('debit', 1, 5n), line('credit', 2, 5n, USD)],
      { currency: CNY, debitsMinor: 5n, creditsMinor: 0n },
    ],
    [
      'the second currency',
      [line('debit', 1, 5n), line('credit', 2, 5n), line('debit', 3, 5n, USD), line('credit', 4, 4n, USD)],
      { currency: USD, debitsMinor: 5n, creditsMinor: 4n },
    ],
  ] as const)('of %s are not balanced', (_, lines, imbalance) => {
    expect(imbalanceOf(lines)).toEqual(imbalance)
  })

  it('that balance in each currency are balanced', () => {
    expect(imbalanceOf([line('debit', 1, 5n), line('credit', 2, 2n), line('credit', 3, 3n)])).toBeUndefined()
  })

  it('may name an account twice on one side but not on both', () => {
    expect(accountOnBothSides([line('debit', 1, 2n), line('debit', 1, 3n), line('credit', 2, 5n)])).toBeUndefined()
    expect(accountOnBothSides([line('debit', 1, 2n), line('debit', 3, 3n), line('credit', 1, 5n)])).toBe(2)
  })
})
