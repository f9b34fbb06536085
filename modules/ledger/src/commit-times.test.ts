import { expect, test } from 'vitest'
import { createCommitTimes } from './commit-times.ts'

test.each([
  // batch of the copy, now, for how long it has lacked something
  [12, 1000, 0],
  [13, 1000, 0],
  [12, 1900, 0],
  [11, 1000, 300],
  [10, 1000, 800],
  [9, 1000, undefined],
  // Nobody has looked for two seconds: what came since is not known to be there.
  [12, 3000, 2000],
])('a copy that ends at batch %i at %i ms has lacked something for %s ms', (batch, now, behind) => {
  const times = createCommitTimes()
  times.note(10, 100)
  times.note(10, 200)
  times.note(11, 600)
  times.note(11, 700)
  times.note(12, 900)
  times.note(12, 1000)
  expect(times.behindMs(batch, now)).toBe(behind)
})

test('what is behind by more than can be remembered is not known', () => {
  const times = createCommitTimes()
  expect(times.behindMs(0, 5)).toBeUndefined()
  for (let batch = 1; batch <= 5000; batch += 1) times.note(batch, batch * 100)
  expect(times.behindMs(4999, 500_000)).toBe(100)
  expect(times.behindMs(3000, 500_000)).toBeUndefined()
})

test('an end that goes back, as a late look may tell, changes nothing', () => {
  const times = createCommitTimes()
  times.note(7, 100)
  times.note(5, 200)
  expect(times.behindMs(7, 300)).toBe(0)
  expect(times.behindMs(6, 300)).toBeUndefined()
})
