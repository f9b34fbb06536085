import { describe, expect, it } from 'vitest'
import { isWithinTwoEdits, plainName } from './names.ts'

describe('a name', () => {
  it.each([
    ['inv-001 / 7', 'INV0017'],
    ['000123', '123'],
    ['0', '0'],
    ['订单 17', '订单17'],
    ['--', ''],
  ])('%s is plainly %s', (text, plain) => expect(plainName(text)).toBe(plain))

  it.each([
    ['ABCDEF', 'ABCDEF', true],
    ['ABCDEF', 'ABXDEF', true],
    ['ABCDEF', 'ABDCEF', true],
    ['ABCDEF', 'BACDFE', true],
    ['ABCDEF', 'ABCD', true],
    ['ABCDEF', 'AXCXEX', false],
    ['ABCDEF', 'ABC', false],
    ['', 'AB', true],
  ])('%s and %s are within two edits: %s', (one, other, within) => {
    expect(isWithinTwoEdits(one, other)).toBe(within)
    expect(isWithinTwoEdits(other, one)).toBe(within)
  })
})
