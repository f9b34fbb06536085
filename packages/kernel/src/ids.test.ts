import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from './assert.ts'
import { BASE32_ALPHABET } from './base32-check.ts'
import { counterOf, makeId, parsePublicId, publicId, SLOTS, slotOf } from './ids.ts'

const counters = fc.integer({ min: 0, max: 2 ** 43 - 1 })
const slots = fc.integer({ min: 0, max: SLOTS - 1 })
const ids = fc.tuple(counters, slots).map(([counter, slot]) => makeId(counter, slot))

describe('an id', () => {
  test('gives its counter and slot back and is a safe integer', () => {
    fc.assert(
      fc.property(counters, slots, (counter, slot) => {
        const id = makeId(counter, slot)
        expect(Number.isSafeInteger(id)).toBe(true)
        expect([counterOf(id), slotOf(id)]).toEqual([counter, slot])
      }),
    )
  })

  test('grows with the counter whatever the slots are', () => {
    expect(makeId(8, 0)).toBeGreaterThan(makeId(7, 1023))
  })

  test('reaches up to the largest safe integer', () => {
    expect(makeId(2 ** 43 - 1, 1023)).toBe(Number.MAX_SAFE_INTEGER)
  })

  test.each([
    [2 ** 43, 0],
    [-1, 0],
    [1.5, 0],
    [0, 1024],
    [0, -1],
    [0, 0.5],
    [Number.NaN, 0],
  ])('counter %d with slot %d is a broken invariant', (counter, slot) => {
    expect(() => makeId(counter, slot)).toThrow(InvariantError)
  })
})

describe('a public id', () => {
  test.each([
    [0, 'acct_000000000000'],
    [1, 'acct_000000000012'],
    [Number.MAX_SAFE_INTEGER, 'acct_7zzzzzzzzzzh'],
  ])('of %d is written %s', (id, text) => {
    expect(publicId('acct', id)).toBe(text)
  })

  test('reads back as the same id', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(parsePublicId('trade', publicId('trade', id))).toEqual({ ok: true, value: id })
      }),
    )
  })

  test('sorts as a text as the ids sort', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(publicId('acct', a) < publicId('acct', b)).toBe(a < b)
      }),
    )
  })

  test('with any one wrong character is malformed', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const text = publicId('acct', id)
        for (let at = 5; at < text.length; at += 1) {
          for (const other of BASE32_ALPHABET) {
            if (other === text[at]) continue
            const wrong = text.slice(0, at) + other + text.slice(at + 1)
            if (parsePublicId('acct', wrong).ok) throw new Error(`${wrong} was taken for ${text}`)
          }
        }
      }),
      { numRuns: 20 },
    )
  })

  test('with two neighbours swapped is malformed', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const text = publicId('acct', id)
        for (let at = 5; at + 1 < text.length; at += 1) {
          const [a = '', b = ''] = text.slice(at, at + 2)
          if (a === b) continue
          const swapped = text.slice(0, at) + b + a + text.slice(at + 2)
          expect(parsePublicId('acct', swapped)).toEqual({ ok: false, error: 'malformed_id' })
        }
      }),
    )
  })

  test('of another kind is told so, but only if it is sound', () => {
    const text = publicId('trade', makeId(77, 5))
    expect(parsePublicId('acct', text)).toEqual({ ok: false, error: 'wrong_kind_of_id' })
    expect(parsePublicId('acct', `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`)).toEqual({
      ok: false,
      error: 'malformed_id',
    })
  })

  const sound = publicId('acct', makeId(123_456, 7))
  test.each([
    '',
    'acct_',
    sound.toUpperCase(),
    ` ${sound}`,
    `${sound}\n`,
    `${sound}0`,
    sound.slice(0, -1),
    sound.replace('_', '-'),
    'acct_00000000000l',
    'acct_zzzzzzzzzzzz',
    '1',
  ])('%j is malformed', (text) => {
    expect(parsePublicId('acct', text)).toEqual({ ok: false, error: 'malformed_id' })
  })

  test('needs a plain prefix and a real id', () => {
    expect(() => publicId('', 1)).toThrow(InvariantError)
    expect(() => publicId('acct_', 1)).toThrow(InvariantError)
    expect(() => publicId('acct', -1)).toThrow(InvariantError)
    expect(() => publicId('acct', 2 ** 53)).toThrow(InvariantError)
  })
})
