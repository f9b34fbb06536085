import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { StartStopped, within } from './start-patience.ts'

const never = new Promise<string>(() => undefined)
const patience = (millis: number, stop = new AbortController().signal) => ({ folder: tmpdir(), millis, stop })

test('work that ends in time is all that is heard of', async () => {
  expect(await within(Promise.resolve('ready'), patience(1000))).toBe('ready')
  await expect(within(Promise.reject(new Error('its own fault')), patience(1000))).rejects.toThrow('its own fault')
})

test('work that takes too long is given up', async () => {
  await expect(within(never, patience(1))).rejects.toMatchObject({ code: 'start_failed' })
})

test('a stop that is asked for ends the wait at once, before it began or while it goes on', async () => {
  await expect(within(never, patience(60_000, AbortSignal.abort()))).rejects.toBeInstanceOf(StartStopped)
  const stop = new AbortController()
  const waiting = within(never, patience(60_000, stop.signal))
  stop.abort()
  await expect(waiting).rejects.toBeInstanceOf(StartStopped)
})
