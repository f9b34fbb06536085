import { expect, test } from 'vitest'
import { counterFollows } from './passkey.ts'

test.each([
  [0, 0, true],
  [0, 1, true],
  [7, 8, true],
  [7, 100, true],
  [7, 7, false],
  [7, 6, false],
  [7, 0, false],
])('after a counter of %i one of %i is of the same authenticator: %s', (before, now, expected) => {
  expect(counterFollows(before, now)).toBe(expected)
})
