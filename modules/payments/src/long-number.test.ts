import { makeId } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idInLongNumber, isNumberOf, longNumber } from './long-number.ts'

// 2026-11-22 23:59:59 in Beijing.
const AT = Date.UTC(2026, 10, 22, 15, 59, 59) * 1000

describe('a trade number', () => {
  it('has 28 digits: the day in Beijing, the series and the id', () => {
    expect(longNumber('trade', makeId(7, 3), AT)).toBe(`2026112222001${String(7 * 1024 + 3).padStart(15, '0')}`)
    expect(longNumber('trade', 1, AT + 1_000_000)).toBe('2026112322001000000000000001')
  })

  it('gives every id back and mistakes no other number for one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => {
        const number = longNumber('trade', id, AT)
        expect(number).toMatch(/^\d{28}$/)
        expect(idInLongNumber('trade', number)).toBe(id)
        expect(idInLongNumber('transfer', number)).toBeUndefined()
        expect(isNumberOf('trade', number, id, AT)).toBe(true)
        expect(isNumberOf('trade', number, id, AT + 86_400_000_000)).toBe(false)
      }),
    )
  })

  it.each([
    '',
    '2026112222001',
    '2026022922001000000000000001',
    '202611222200100000000000000x',
    '2026112222001000000000000000',
  ])('is not %j', (text) => {
    expect(idInLongNumber('trade', text)).toBeUndefined()
  })
})
