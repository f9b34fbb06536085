import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeForm } from './form.ts'

const refused = { ok: false, error: 'malformed_form' }

describe('form decoding', () => {
  test.each<readonly [string, readonly (readonly [string, string])[]]>([
    ['', []],
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=x+y%2Bz', [['a', 'x y+z']]],
    ['a=%E8%8C%B6', [['a', '茶']]],
    ['a=茶', [['a', '茶']]],
    ['a==b=', [['a', '=b=']]],
    [
      'a&b=&&=c',
      [
        ['a', ''],
        ['b', ''],
        ['', 'c'],
      ],
    ],
    ['a=%00', [['a', '\0']]],
  ])('%s', (text, pairs) => {
    expect(decodeForm(Buffer.from(text))).toEqual({ ok: true, value: pairs })
  })

  test.each(['a=%', 'a=%4', 'a=%zz', '%=a', 'a=100%&b=1', 'a=%ff', 'a=%c0%80', 'a=%ed%a0%80', 'a=%E8%8C'])(
    '%s is refused',
    (text) => {
      expect(decodeForm(Buffer.from(text))).toEqual(refused)
    },
  )

  test('raw bytes that are no UTF-8 are refused, GBK for one', () => {
    expect(decodeForm(Buffer.from([0x61, 0x3d, 0xb2, 0xe8]))).toEqual(refused)
  })

  test('whatever URLSearchParams writes reads back', () => {
    const pairs = fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })))
    fc.assert(
      fc.property(pairs, (list) => {
        const text = new URLSearchParams(list).toString()
        expect(decodeForm(Buffer.from(text))).toEqual({ ok: true, value: list })
      }),
    )
  })
})
