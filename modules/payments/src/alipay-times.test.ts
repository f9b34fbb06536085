import { expect, test } from 'vitest'
import { alipayTime, endOfLife, readAlipayLife, readAlipayTime } from './alipay-times.ts'

const MINUTE = 60_000_000
// 12:34:56.789012 in Beijing
const NOW = Date.UTC(2026, 10, 22, 4, 34, 56, 789) * 1000 + 12

test('times are written as in Beijing, the milliseconds only where they are wanted', () => {
  expect(alipayTime(NOW)).toBe('2026-11-22 12:34:56')
  expect(alipayTime(NOW, { millis: true })).toBe('2026-11-22 12:34:56.789')
  expect(alipayTime(Date.UTC(2026, 11, 31, 16, 0, 0) * 1000)).toBe('2027-01-01 00:00:00')
})

test('a time that is read is the one that was written', () => {
  const read = readAlipayTime('2026-11-22 12:34:56')
  expect(read.ok && alipayTime(read.value)).toBe('2026-11-22 12:34:56')
})

test.each(['2026-02-30 00:00:00', '2026-11-22 24:00:00', '2026-11-22T12:34:56', '2026-11-22', '26-11-22 12:34:56', ''])(
  '%j is no time',
  (written) => {
    expect(readAlipayTime(written).ok).toBe(false)
  },
)

test.each([
  ['1m', MINUTE],
  ['90m', 90 * MINUTE],
  ['2h', 120 * MINUTE],
  ['15d', 15 * 1440 * MINUTE],
])('%s lasts %d µs', (written, micros) => {
  const read = readAlipayLife(written)
  expect(read).toEqual({ ok: true, value: { micros } })
  expect(read.ok && endOfLife(read.value, NOW)).toBe(NOW + micros)
})

test('1c lasts until the day ends in Beijing', () => {
  const read = readAlipayLife('1c')
  expect(read.ok && alipayTime(endOfLife(read.value, NOW))).toBe('2026-11-23 00:00:00')
})

test.each(['0m', '-1m', '1.5h', '16d', '361h', '21601m', '2c', '1s', 'm', '1', ' 1m', '1M', '01m'])(
  '%j is no length of time',
  (written) => {
    expect(readAlipayLife(written).ok).toBe(false)
  },
)
