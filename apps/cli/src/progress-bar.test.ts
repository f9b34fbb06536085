import { expect, it } from 'vitest'
import { barText } from './progress-bar.ts'

it.each([
  [0, 10, 1000, '[------------------------]   0 %'],
  [5, 10, 7000, '[############------------]  50 % 0:07 left'],
  [1, 100, 2000, '[------------------------]   1 % 3:18 left'],
  [10, 10, 7000, '[########################] 100 % 0:00 left'],
  [0, 0, 0, '[########################] 100 % 0:00 left'],
])('%i of %i after %i ms', (done, total, elapsed, text) => {
  expect(barText(done, total, elapsed)).toBe(text)
})
