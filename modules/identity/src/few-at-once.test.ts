import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { fewAtOnce } from './few-at-once.ts'

test('no more than allowed run at once, and all of them end in their order', async () => {
  const limited = fewAtOnce(2)
  const ended: number[] = []
  let running = 0
  let most = 0
  const work = (index: number) => async () => {
    running += 1
    most = Math.max(most, running)
    await turn()
    running -= 1
    ended.push(index)
    return index
  }
  const indices = [0, 1, 2, 3, 4]
  expect(await Promise.all(indices.map((index) => limited(work(index))))).toEqual(indices)
  expect([most, ended]).toEqual([2, indices])
})

test('work that fails gives its place to the next', async () => {
  const limited = fewAtOnce(1)
  const failing = limited(() => Promise.reject(new Error('no database')))
  const next = limited(async () => 'done')
  await expect(failing).rejects.toThrow('no database')
  expect(await next).toBe('done')
})
