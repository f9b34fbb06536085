import { describe, expect, test } from 'vitest'
import { InvariantError } from './assert.ts'
import { seededChance, systemChance } from './chance.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe.each([
  ['the system', systemChance],
  ['a seed', () => seededChance(42)],
])('chance from %s', (_, make) => {
  test('draws below its bound and reaches every value about equally often', () => {
    const chance = make()
    const counts = [0, 0, 0, 0, 0, 0]
    for (let draw = 0; draw < 6_000; draw += 1) {
      const value = chance.below(6)
      counts[value] = (counts[value] ?? Number.NaN) + 1
    }
    expect(counts).toHaveLength(6)
    // Five standard deviations of a fair die: fails once in a million runs.
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(5 * 29)
  })

  test('draws large numbers, and refuses a bound that makes no sense', () => {
    const chance = make()
    expect(chance.below(1)).toBe(0)
    expect(chance.below(2 ** 48 - 1)).toBeLessThan(2 ** 48 - 1)
    for (const bound of [0, -1, 1.5, 2 ** 48]) expect(() => chance.below(bound)).toThrow(InvariantError)
  })

  test('gives as many bytes as asked and version 4 UUIDs', () => {
    const chance = make()
    expect(chance.bytes(33)).toHaveLength(33)
    expect(chance.bytes(0)).toHaveLength(0)
    expect(new Set(chance.bytes(2_000)).size).toBeGreaterThan(240)
    expect(chance.uuid()).toMatch(UUID)
    expect(chance.uuid()).not.toBe(chance.uuid())
  })
})

describe('a seed', () => {
  const sequence = (seed: number): unknown[] => {
    const chance = seededChance(seed)
    return [chance.below(1_000_000), [...chance.bytes(4)], chance.uuid(), chance.below(2 ** 47)]
  }

  test('repeats its sequence, and another seed gives another', () => {
    expect(sequence(7)).toEqual(sequence(7))
    expect(sequence(7)).not.toEqual(sequence(8))
  })
})
