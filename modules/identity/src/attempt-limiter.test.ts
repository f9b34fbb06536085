import { manualClock } from '@huitong/kernel'
import { expect, test } from 'vitest'
import { attemptLimiter, network } from './attempt-limiter.ts'

const LIMITS = { failuresMax: 2, windowMicros: 1000, addressesMax: 3 }

test('an address is blocked by failures and free again when the window is over', () => {
  const clock = manualClock(0)
  const limiter = attemptLimiter(clock, LIMITS)
  limiter.failed('192.0.2.1')
  expect(limiter.isBlocked('192.0.2.1')).toBe(false)
  limiter.failed('192.0.2.1')
  expect(limiter.isBlocked('192.0.2.1')).toBe(true)
  expect(limiter.isBlocked('192.0.2.2')).toBe(false)
  clock.advance(400)
  expect(limiter.blockedFor('192.0.2.1')).toBe(600)
  clock.advance(600)
  expect(limiter.isBlocked('192.0.2.1')).toBe(false)
  expect(limiter.blockedFor('192.0.2.1')).toBe(0)
})

test('no more addresses are remembered than allowed', () => {
  const limiter = attemptLimiter(manualClock(0), LIMITS)
  for (const address of ['a', 'a', 'b', 'c', 'd']) limiter.failed(address)
  expect(limiter.isBlocked('a')).toBe(false)
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:DB8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('the network of %s is %s', (address, expected) => {
  expect(network(address)).toBe(expected)
})
