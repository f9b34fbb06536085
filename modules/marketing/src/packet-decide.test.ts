import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DRAW_END, equalParts, luckyParts, packetFits } from './packet-decide.ts'

const sum = (parts: readonly bigint[]) => parts.reduce((total, part) => total + part, 0n)

it('splits conserve the sum and give every part a fen, whatever is drawn', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.bigInt(0n, 20_000n),
      fc.array(fc.nat(DRAW_END - 1), { minLength: 99, maxLength: 99 }),
      (parts, average, draws) => {
        const totalMinor = BigInt(parts) * (average === 0n ? 1n : average)
        if (!packetFits(totalMinor, parts)) return
        for (const split of [equalParts(totalMinor, parts), luckyParts(totalMinor, parts, draws.slice(0, parts - 1))]) {
          expect(split).toHaveLength(parts)
          expect(sum(split)).toBe(totalMinor)
          expect(split.every((part) => part >= 1n)).toBe(true)
        }
      },
    ),
  )
})

it('the least and the most that can be drawn leave a fen for each that follows', () => {
  for (const draw of [0, DRAW_END - 1]) {
    for (const [totalMinor, parts] of [
      [2n, 2],
      [100n, 100],
      [101n, 100],
      [19_999n, 7],
    ] as const) {
      const split = luckyParts(
        totalMinor,
        parts,
        Array.from({ length: parts - 1 }, () => draw),
      )
      expect([sum(split), split.every((part) => part >= 1n)]).toEqual([totalMinor, true])
    }
  }
})

it('equal parts differ by a fen at most, and the first have it', () => {
  expect(equalParts(10n, 3)).toEqual([4n, 3n, 3n])
})
