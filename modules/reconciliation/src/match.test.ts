import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LedgerEntry, reconcile, type StatementLine } from './match.ts'

const line = (number: number, day: number, minor: bigint, reference = ''): StatementLine => ({
  ...{ line: number, day, minor, reference },
})
const entry = (id: number, day: number, minor: bigint, ...names: readonly string[]): LedgerEntry => ({
  id,
  day,
  minor,
  names,
})
const options = { windowDays: 3 }

function told(lines: readonly StatementLine[], entries: readonly LedgerEntry[]) {
  const { matches, differences } = reconcile(lines, entries, options)
  return [
    ...matches.map(({ rule, lines: l, entries: e }) => `${rule} ${l.join('+')}=${e.join('+')}`),
    ...differences.map(({ kind, line: l, entry: e, minor }) => `${kind} ${l ?? '-'}/${e ?? '-'} ${minor}`),
  ]
}

describe('a line of a statement', () => {
  it.each<[string, readonly StatementLine[], readonly LedgerEntry[], readonly string[]]>([
    ['agrees by reference, amount and day', [line(1, 10, 5n, 'T-1')], [entry(7, 10, 5n, 'T1')], ['exact 1=7']],
    ['agrees some days later', [line(1, 12, 5n, 'T1')], [entry(7, 10, 5n, 'T1')], ['reference 1=7']],
    [
      'is too late',
      [line(1, 14, 5n, 'T1')],
      [entry(7, 10, 5n, 'T1')],
      ['missing_in_ledger 1/- 5', 'missing_in_statement -/7 -5'],
    ],
    [
      'takes the nearest of two of one reference',
      [line(1, 12, 5n, 'T1')],
      [entry(7, 10, 5n, 'T1'), entry(8, 11, 5n, 'T1')],
      ['reference 1=8', 'missing_in_statement -/7 -5'],
    ],
    [
      'leaves what goes out to what goes out',
      [line(1, 10, -5n, 'T1')],
      [entry(7, 10, 5n, 'T1')],
      ['amount_differs 1/7 -10'],
    ],
    [
      'is the sum of several entries',
      [line(1, 10, 9n, 'B1')],
      [entry(7, 10, 5n, 'B1'), entry(8, 11, 4n, 'B1')],
      ['group 1=7+8'],
    ],
    [
      'is a part of one entry',
      [line(1, 10, 5n, 'B1'), line(2, 11, 4n, 'B1')],
      [entry(7, 10, 9n, 'B1')],
      ['group 1+2=7'],
    ],
    ['is a cent off', [line(1, 10, 501n, 'T1')], [entry(7, 10, 500n, 'T1')], ['amount_differs 1/7 1']],
    [
      'has a damaged reference',
      [line(1, 10, 5n, 'PAY-2O26-17')],
      [entry(7, 10, 5n, 'PAY-2026-17')],
      ['similar_reference 1=7'],
    ],
    [
      'has a reference that was cut off',
      [line(1, 10, 5n, '2026112600')],
      [entry(7, 10, 5n, '20261126000017')],
      ['similar_reference 1=7'],
    ],
    [
      'is like two, so it is none of them',
      [line(1, 10, 5n, 'PAY-2026-1X')],
      [entry(7, 10, 5n, 'PAY-2026-17'), entry(8, 10, 5n, 'PAY-2026-18')],
      ['missing_in_ledger 1/- 5', 'missing_in_statement -/7 -5', 'missing_in_statement -/8 -5'],
    ],
    [
      'has an amount that nothing else has',
      [line(1, 10, 5n), line(2, 10, 6n)],
      [entry(7, 9, 5n), entry(8, 9, 6n)],
      ['amount 1=7', 'amount 2=8'],
    ],
    [
      'has an amount that two have',
      [line(1, 10, 5n)],
      [entry(7, 10, 5n), entry(8, 10, 5n)],
      ['missing_in_ledger 1/- 5', 'missing_in_statement -/7 -5', 'missing_in_statement -/8 -5'],
    ],
    [
      'is not taken by a guess from what its reference proves',
      [line(1, 10, 5n), line(2, 10, 5n, 'T1')],
      [entry(7, 10, 5n, 'T1')],
      ['exact 2=7', 'missing_in_ledger 1/- 5'],
    ],
    [
      'comes twice',
      [line(1, 10, 5n, 'T1'), line(2, 10, 5n, 'T1')],
      [entry(7, 10, 5n, 'T1')],
      ['exact 1=7', 'missing_in_ledger 2/- 5'],
    ],
  ])('%s', (_, lines, entries, expected) => {
    expect(told(lines, entries)).toEqual(expected)
  })
})

describe('any statement', () => {
  const planted = fc.record({
    day: fc.integer({ min: 100, max: 130 }),
    minor: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    fate: fc.constantFrom('same', 'same', 'same', 'late', 'damaged', 'split', 'cent', 'lost', 'unknown'),
    delay: fc.integer({ min: 1, max: 3 }),
  })

  it('comes to what was planted: every difference is found and named, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.array(planted, { maxLength: 60 }), (all) => {
        const lines: StatementLine[] = []
        const entries: LedgerEntry[] = []
        const expected: string[] = []
        const add = (day: number, minor: bigint, reference: string) => {
          lines.push(line(lines.length + 1, day, minor, reference))
          return lines.length
        }
        for (const [index, { day, minor, fate, delay }] of all.entries()) {
          // Far enough from each other that a damaged one is like its own only.
          const name = `REF${String((index + 1) * 7919).padStart(9, '7')}${String.fromCharCode(65 + (index % 26)).repeat(4)}`
          const id = 1000 + index
          if (fate !== 'unknown') entries.push(entry(id, day, minor, name))
          switch (fate) {
            case 'same':
              add(day, minor, name)
              break
            case 'late':
              add(day + delay, minor, name)
              break
            case 'damaged':
              add(day, minor, `${name.slice(0, 5)}#${name.slice(6)}`)
              break
            case 'split':
              if (minor > 1n) {
                add(day, minor - 1n, name)
                add(day, 1n, name)
              } else add(day, minor, name)
              break
            case 'cent':
              expected.push(`amount_differs ${add(day, minor + 1n, name)}/${id} 1`)
              break
            case 'lost':
              expected.push(`missing_in_statement -/${id} ${-minor}`)
              break
            case 'unknown':
              expected.push(`missing_in_ledger ${add(day, -minor, name)}/- ${-minor}`)
          }
        }
        const found = told(lines, entries).filter((text) => /^(amount_differs|missing)/.test(text))
        expect(found.toSorted()).toEqual(expected.toSorted())
        const { matches, differences } = reconcile(lines, entries, options)
        const usedLines = [...matches.flatMap((one) => one.lines), ...differences.flatMap((one) => one.line ?? [])]
        const usedEntries = [...matches.flatMap((one) => one.entries), ...differences.flatMap((one) => one.entry ?? [])]
        expect(usedLines.toSorted((a, b) => a - b)).toEqual(lines.map((one) => one.line))
        expect(usedEntries.toSorted((a, b) => a - b)).toEqual(entries.map((one) => one.id))
        // The sums of both sides differ by what the differences come to.
        const sum = (amounts: readonly bigint[]) => amounts.reduce((total, minor) => total + minor, 0n)
        const apart = sum(lines.map((one) => one.minor)) - sum(entries.map((one) => one.minor))
        expect(sum(differences.map((one) => one.minor))).toBe(apart)
      }),
      { numRuns: 300 },
    )
  })
})
