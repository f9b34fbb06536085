import { manualClock } from '@huitong/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import { type BankGate, createBankGate } from './bank-gate.ts'
import type { OrderOutcome } from './bank-health.ts'

const SECOND = 1_000_000
const BANK = '990100000011'
let clock: ReturnType<typeof manualClock>
let waits: number[]
let gate: BankGate

beforeEach(() => {
  clock = manualClock(1_000 * SECOND)
  waits = []
  gate = createBankGate({ clock, wait: async (ms) => waits.push(ms) })
})

function outcomes(end: OrderOutcome['end'], count: number, took = SECOND): OrderOutcome[] {
  return Array.from({ length: count }, () => ({ end, madeAt: clock.now(), took }))
}

describe('the gate to a bank', () => {
  it('lets in as many a second as the bank takes, in the order of asking, and sends the rest away', async () => {
    const entries = await Promise.all(Array.from({ length: 120 }, () => gate.enter(BANK, 50)))
    // 2 s at 50 a second wait, and the one that does not have to.
    expect(entries.filter((entry) => entry === 'go')).toHaveLength(101)
    expect(entries.slice(101).every((entry) => entry === 'busy')).toBe(true)
    expect(waits).toEqual(Array.from({ length: 100 }, (_, index) => (index + 1) * 20))
    clock.advance(SECOND)
    const later = await Promise.all(Array.from({ length: 60 }, () => gate.enter(BANK, 50)))
    expect(later.filter((entry) => entry === 'go')).toHaveLength(50)
  })

  it('holds nobody back where the bank did not say, and other banks wait for nobody', async () => {
    await Promise.all(Array.from({ length: 500 }, () => gate.enter(BANK, null)))
    await Promise.all(Array.from({ length: 200 }, () => gate.enter(BANK, 10)))
    const before = waits.length
    expect([await gate.enter('990200000028', 10), waits.length]).toEqual(['go', before])
  })

  it('does not let what was not used be used at once', async () => {
    clock.advance(100 * SECOND)
    await Promise.all([gate.enter(BANK, 1), gate.enter(BANK, 1)])
    expect(waits).toEqual([1_000])
  })

  it.each([
    ['failed', 10, 'resting'],
    ['failed', 9, 'open'],
    ['declined', 50, 'open'],
    ['settled', 50, 'open'],
  ] as const)('after orders that %s, %i of them, is %s', (end, count, state) => {
    gate.look(BANK, outcomes(end, count))
    expect(gate.stateOf(BANK)).toBe(state)
  })

  it('counts orders that should have ended, and as many good ones against bad ones', () => {
    gate.look(BANK, [...outcomes('open', 10, 19 * SECOND), ...outcomes('open', 5, 21 * SECOND)])
    expect([gate.stateOf(BANK), gate.healthOf(BANK).failed]).toEqual(['open', 5])
    gate.look(BANK, [...outcomes('failed', 6), ...outcomes('settled', 6)])
    expect(gate.stateOf(BANK)).toBe('open')
    gate.look(BANK, [...outcomes('open', 7, 21 * SECOND), ...outcomes('settled', 6)])
    expect(gate.stateOf(BANK)).toBe('resting')
  })

  it('rests half a minute, tries two a second, and opens with the first that settles', async () => {
    const bad = outcomes('failed', 10)
    gate.look(BANK, bad)
    expect([await gate.enter(BANK, null), gate.restsFor(BANK)]).toEqual(['resting', 30_000])
    clock.advance(29 * SECOND)
    expect([await gate.enter(BANK, null), gate.restsFor(BANK)]).toEqual(['resting', 1_000])
    clock.advance(SECOND)
    expect([await gate.enter(BANK, 300), gate.stateOf(BANK)]).toEqual(['go', 'trying'])
    await gate.enter(BANK, 300)
    expect(waits).toEqual([500])
    // What made it rest does not count any more.
    gate.look(BANK, bad)
    expect(gate.stateOf(BANK)).toBe('trying')
    gate.look(BANK, [...bad, ...outcomes('settled', 1)])
    expect(gate.stateOf(BANK)).toBe('open')
  })

  it('rests again when those that were tried come to nothing', async () => {
    gate.look(BANK, outcomes('failed', 10))
    clock.advance(30 * SECOND)
    await gate.enter(BANK, null)
    gate.look(BANK, outcomes('failed', 10))
    expect([gate.stateOf(BANK), gate.restsFor(BANK)]).toEqual(['resting', 30_000])
  })
})

describe('the health of a bank', () => {
  it('says how long it takes, and is well where nothing is known', () => {
    expect(gate.healthOf(BANK)).toEqual({
      ...{ settled: 0, declined: 0, failed: 0, success: 1, medianTook: null, p99Took: null },
    })
    gate.look(
      BANK,
      Array.from({ length: 100 }, (_, index) => ({ end: 'settled' as const, madeAt: clock.now(), took: index })),
    )
    expect(gate.healthOf(BANK)).toMatchObject({ settled: 100, medianTook: 50, p99Took: 99 })
  })
})
