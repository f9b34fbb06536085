import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyFilter } from './key-filter.ts'
import { KeySegment } from './key-segment.ts'
import { KeyTable, TABLE_KEYS } from './key-table.ts'
import { highWord, lowWord, outcomeKey } from './outcome-key.ts'

const word = fc.integer({ min: 0, max: 0xffff_ffff })
/** Few words, so that keys meet in slots and some are the same. */
const crowded = fc.constantFrom(0, 1, 4095, 4096, 0x8000_0000, 0xffff_ffff)
const entry = fc.tuple(
  fc.oneof(word, crowded),
  fc.oneof(word, crowded),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
)

function keyOf(index: number): readonly [number, number] {
  const key = outcomeKey('caller', String(index))
  return [highWord(key), lowWord(key)]
}

describe('a table of keys', () => {
  it('finds every place of every key that was added, and no others', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 200 }), fc.array(fc.tuple(crowded, crowded)), (entries, others) => {
        const table = new KeyTable()
        for (const [high, low, place] of entries) table.add(high, low, place)
        expect(table.size).toBe(entries.length)
        for (const [high, low] of [...entries, ...others]) {
          const places = entries.filter((one) => one[0] === high && one[1] === low).map((one) => one[2])
          expect(table.find(high, low).toSorted()).toEqual(places.toSorted())
          expect(table.has(high, low)).toBe(places.length > 0)
        }
      }),
    )
  })

  it('keeps all keys while it grows', () => {
    const table = new KeyTable()
    for (let index = 0; index < TABLE_KEYS; index += 1) table.add(...keyOf(index), index + 1)
    for (let index = 0; index < TABLE_KEYS; index += 997) expect(table.find(...keyOf(index))).toEqual([index + 1])
    let visited = 0
    table.visit(() => {
      visited += 1
    })
    expect(visited).toBe(TABLE_KEYS)
  })
})

describe('a filter of keys', () => {
  it('never denies a key that was added, also after it was stored, and seldom tells of one that was not', () => {
    const filter = KeyFilter.forKeys(20_000)
    for (let index = 0; index < 20_000; index += 1) filter.add(...keyOf(index))
    const read = KeyFilter.from(filter.bytes())
    let wrong = 0
    for (let index = 0; index < 20_000; index += 1) {
      expect(filter.mayHave(...keyOf(index)) && read.mayHave(...keyOf(index))).toBe(true)
      if (read.mayHave(...keyOf(index + 1_000_000))) wrong += 1
    }
    expect(wrong).toBeLessThan(100)
  })

  it('refuses bytes that are cut short', () => {
    expect(() => KeyFilter.from(Buffer.alloc(33))).toThrow('cut short')
    expect(() => KeyFilter.from(Buffer.alloc(0))).toThrow('cut short')
  })
})

describe('a segment of keys', () => {
  it('finds keys in its first table and in those after it', () => {
    const segment = new KeySegment(1, 10)
    const count = TABLE_KEYS + 5000
    for (let index = 0; index < count; index += 1) segment.add(...keyOf(index), index + 1)
    expect(segment.isFull).toBe(true)
    expect(segment.tables.length).toBe(2)
    for (const index of [0, 1, 4096, TABLE_KEYS - 1, TABLE_KEYS, count - 1]) {
      expect(segment.find(...keyOf(index))).toEqual([index + 1])
    }
    expect(segment.find(...keyOf(count + 1))).toEqual([])
  })
})
