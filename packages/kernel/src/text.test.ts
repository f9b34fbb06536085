import { describe, expect, test } from 'vitest'
import { isStorable, storableText } from './text.ts'

describe('text from outside', () => {
  test.each(['a', '茶 a+b', '👍🏽', "x'; drop table y", '<b>', '\u00a0', '\ufffd', '\u2027', '\u202f', 'שלום'])(
    '%j is taken as it is',
    (text) => {
      expect(storableText(text, { max: 20 })).toEqual({ ok: true, value: text })
    },
  )

  test.each([
    ['', 'empty'],
    ['123456', 'too_long'],
    ['a\u0000', 'unstorable_character'],
    ['a\u0001', 'unstorable_character'],
    ['\u001b[0m', 'unstorable_character'],
    ['a\nb', 'unstorable_character'],
    ['a\tb', 'unstorable_character'],
    ['a\u007f', 'unstorable_character'],
    ['a\u0085', 'unstorable_character'],
    ['a\u009f', 'unstorable_character'],
    ['a\u2028b', 'unstorable_character'],
    ['a\u2029b', 'unstorable_character'],
    ['a\u202ab', 'unstorable_character'],
    ['a\u202eb', 'unstorable_character'],
    ['a\u2066b', 'unstorable_character'],
    ['a\u2069', 'unstorable_character'],
    ['\ud800', 'unstorable_character'],
    ['\udc00\ud800', 'unstorable_character'],
    ['\u000012345', 'too_long'],
    ['x'.repeat(1_000_000), 'too_long'],
  ])('%j is refused: %s', (text, fault) => {
    expect(storableText(text, { max: 5 })).toEqual({ ok: false, error: fault })
  })

  test('lengths count code points, and both ends of the range are allowed', () => {
    expect(storableText('𠮷𠮷', { max: 2, min: 2 }).ok).toBe(true)
    expect(storableText('𠮷𠮷𠮷', { max: 2 })).toEqual({ ok: false, error: 'too_long' })
    expect(storableText('𠮷', { max: 2, min: 2 })).toEqual({ ok: false, error: 'empty' })
    expect(storableText('', { max: 2, min: 0 })).toEqual({ ok: true, value: '' })
  })

  test('line ends and tabs pass where lines are allowed, other control characters still do not', () => {
    expect(storableText('a\r\n\tb', { max: 9, lines: true }).ok).toBe(true)
    expect(storableText('a\u2028\u202eb', { max: 9, lines: true }).ok).toBe(true)
    expect(storableText('a\u000bb', { max: 9, lines: true }).ok).toBe(false)
  })

  test('what the database cannot keep is known', () => {
    expect(isStorable('a\nb\u001b茶')).toBe(true)
    expect(isStorable('a\u0000')).toBe(false)
    expect(isStorable('\ud83d')).toBe(false)
  })
})
