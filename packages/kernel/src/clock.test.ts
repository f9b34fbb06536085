import { afterEach, describe, expect, test, vi } from 'vitest'
import { InvariantError } from './assert.ts'
import { manualClock, microsFromSeconds, shiftedClock, systemClock } from './clock.ts'

describe('the system clock', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('is near the wall clock and never steps back', () => {
    const clock = systemClock()
    let last = clock.now()
    expect(Math.abs(last - Date.now() * 1000)).toBeLessThan(1_000_000)
    for (let look = 0; look < 10_000; look += 1) {
      const now = clock.now()
      if (now < last) throw new Error(`stepped back from ${last} to ${now}`)
      last = now
    }
  })

  test('tells moments within one millisecond apart', () => {
    const clock = systemClock()
    const seen = new Set<number>()
    for (let look = 0; look < 10_000; look += 1) seen.add(clock.now() % 1000)
    expect(seen.size).toBeGreaterThan(5)
  })

  test('stands still while the machine is set back, and follows when it is set forward', () => {
    const start = Date.now()
    const clock = systemClock()
    const before = clock.now()
    const wall = vi.spyOn(Date, 'now').mockReturnValue(start - 3_600_000)
    const during = clock.now()
    expect(during).toBeGreaterThanOrEqual(before)
    expect(clock.now()).toBe(during)
    wall.mockReturnValue(start + 3_600_000)
    expect(clock.now()).toBe((start + 3_600_000) * 1000)
  })
})

describe('other clocks', () => {
  test('a manual clock moves only when told to', () => {
    const clock = manualClock(1_000)
    expect(clock.now()).toBe(1_000)
    clock.advance(5)
    expect(clock.now()).toBe(1_005)
    clock.set(7)
    expect(clock.now()).toBe(7)
    expect(() => clock.advance(0.5)).toThrow(InvariantError)
    expect(clock.now()).toBe(7)
  })

  test('a shifted clock keeps its distance', () => {
    const base = manualClock(1_000)
    const clock = shiftedClock(base, -400)
    expect(clock.now()).toBe(600)
    base.advance(1)
    expect(clock.now()).toBe(601)
  })

  test('seconds become whole microseconds', () => {
    expect(microsFromSeconds(1.5)).toBe(1_500_000)
    expect(microsFromSeconds(0.1 + 0.2)).toBe(300_000)
  })
})
