import { expect, test } from 'vitest'
import { InvariantError, invariant, unreachable } from './assert.ts'

test('a broken invariant throws its message', () => {
  expect(() => invariant(1 > 2, 'one is above two')).toThrow(new InvariantError('one is above two'))
  expect(() => invariant(1 < 2, 'never said')).not.toThrow()
})

test('an impossible case names the value that it met', () => {
  const level = (kind: 'low'): number => (kind === 'low' ? 1 : unreachable(kind, 'no such level'))
  const outside: string = JSON.parse('"high"')
  const isLow = (text: string): text is 'low' => text.length > 0
  expect(level('low')).toBe(1)
  expect(() => isLow(outside) && level(outside)).toThrow('no such level: high')
})
