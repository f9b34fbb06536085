import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Velocity, velocityAt, withPayment } from './velocity.ts'

const at = (iso: string) => Date.parse(iso) * 1000

describe('counters of payments', () => {
  it('begin anew at midnight in Beijing, which is 16:00 in UTC, and not at midnight in UTC', () => {
    const evening = withPayment(velocityAt(undefined, at('2026-11-22T15:59:59.999Z')), 100n)
    expect(evening).toMatchObject({ day: '2026-11-22', dayCount: 1, dayMinor: 100n })
    const before = velocityAt(evening, at('2026-11-22T15:59:59.999Z'))
    expect([before.dayCount, before.hourCount]).toEqual([1, 1])
    const midnight = velocityAt(evening, at('2026-11-22T16:00:00Z'))
    expect(midnight).toMatchObject({ day: '2026-11-23', dayCount: 0, dayMinor: 0n, hourCount: 0 })
    const morning = withPayment(velocityAt(midnight, at('2026-11-22T23:59:59Z')), 7n)
    expect(velocityAt(morning, at('2026-11-23T00:00:00Z'))).toMatchObject({
      day: '2026-11-23',
      dayCount: 1,
      hourCount: 0,
    })
  })

  it('are not opened again by a clock that was set back', () => {
    const late = withPayment(velocityAt(undefined, at('2026-11-23T01:00:00Z')), 5n)
    expect(velocityAt(late, at('2026-11-22T01:00:00Z'))).toEqual(late)
  })

  it('are what the payments of the newest hour and day come to, whatever went before', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 30_000_000_000 }), minor: fc.bigInt(1n, 1_000_000n) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        let now = at('2026-11-22T15:00:00Z')
        let row: Velocity | undefined
        const made: { readonly at: number; readonly minor: bigint }[] = []
        for (const { wait, minor } of steps) {
          now += wait
          row = withPayment(velocityAt(row, now), minor)
          made.push({ at: now, minor })
        }
        // Beijing is eight hours ahead, all year.
        const dayOf = (micros: number) => Math.floor((micros / 1_000_000 + 8 * 3600) / 86_400)
        const hourOf = (micros: number) => Math.floor(micros / 3_600_000_000)
        const today = made.filter((one) => dayOf(one.at) === dayOf(now))
        const thisHour = made.filter((one) => hourOf(one.at) === hourOf(now))
        const sum = (list: typeof made) => list.reduce((total, one) => total + one.minor, 0n)
        expect([row?.dayCount, row?.dayMinor]).toEqual([today.length, sum(today)])
        expect([row?.hourCount, row?.hourMinor]).toEqual([thisHour.length, sum(thisHour)])
      }),
    )
  })
})
