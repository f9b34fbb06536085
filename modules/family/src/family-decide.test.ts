import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allowanceMinor,
  decideStep,
  type FamilyActor,
  type FamilyStep,
  giveBack,
  isWider,
  onDay,
  spend,
} from './family-decide.ts'
import { type FamilyLink, LINK_STATES, type LinkState } from './family-link.ts'

const NOW = 1_800_000_000_000_000
const BOUNDS = { singleMinor: 5_000n, dayMinor: 8_000n, monthMinor: 20_000n }

function link(state: LinkState, changes: Partial<FamilyLink> = {}): FamilyLink {
  const ended = state === 'ended' ? { endedAt: NOW - 1, ending: 'by_owner' as const } : { endedAt: null, ending: null }
  return {
    ...{ id: 7, owner: 1, member: 2, relation: 'child', state, bounds: BOUNDS, onDay: '2026-11-22' },
    ...{ spentDayMinor: 0n, spentMonthMinor: 0n, createdAt: NOW - 10, expiresAt: NOW + 10 },
    ...{ openedAt: state === 'invited' ? null : NOW - 5, ...ended },
    ...changes,
  }
}

describe('what becomes of a link, by who does what in which state', () => {
  const NO = 'family_not_allowed'
  // In the order of the states: invited, active, paused, ended.
  const TABLE: readonly (readonly [FamilyStep['action'], FamilyActor, readonly string[]])[] = [
    ['accept', 'owner', [NO, NO, NO, NO]],
    ['accept', 'member', ['active', 'active', 'paused', NO]],
    ['accept', 'staff', [NO, NO, NO, NO]],
    ['bound', 'owner', [NO, 'active', 'paused', NO]],
    ['bound', 'member', [NO, NO, NO, NO]],
    ['bound', 'staff', [NO, NO, NO, NO]],
    ['pause', 'owner', [NO, 'paused', 'paused', NO]],
    ['pause', 'member', [NO, NO, NO, NO]],
    ['pause', 'staff', [NO, NO, NO, NO]],
    ['resume', 'owner', [NO, 'active', 'active', NO]],
    ['resume', 'member', [NO, NO, NO, NO]],
    ['resume', 'staff', [NO, NO, NO, NO]],
    ['end', 'owner', ['ended withdrawn', 'ended by_owner', 'ended by_owner', 'ended by_owner']],
    ['end', 'member', ['ended declined', 'ended by_member', 'ended by_member', 'ended by_owner']],
    ['end', 'staff', ['ended by_staff', 'ended by_staff', 'ended by_staff', 'ended by_owner']],
  ]
  it.each(TABLE)('%s by %s', (action, actor, expected) => {
    const step: FamilyStep = action === 'bound' ? { action, bounds: BOUNDS } : { action }
    const told = LINK_STATES.map((state) => {
      const after = decideStep(link(state), step, actor, NOW)
      if (!after.ok) return after.error.code
      return after.value.ending === null ? after.value.state : `${after.value.state} ${after.value.ending}`
    })
    expect(told).toEqual(expected)
  })

  it('is nothing when the invitation is over', () => {
    const late = link('invited', { expiresAt: NOW })
    expect(decideStep(late, { action: 'accept' }, 'member', NOW)).toMatchObject({ error: { code: 'invitation_over' } })
  })
})

describe('what may be spent', () => {
  it('is the least of payment, day and month', () => {
    const active = link('active')
    expect(allowanceMinor(active, '2026-11-22')).toBe(5_000n)
    const spent = spend(active, 5_000n, '2026-11-22')
    expect(allowanceMinor(spent, '2026-11-22')).toBe(3_000n)
    expect(allowanceMinor(spent, '2026-11-23')).toBe(5_000n)
    const much = { ...spent, spentMonthMinor: 19_000n }
    expect(allowanceMinor(much, '2026-11-30')).toBe(1_000n)
    expect(allowanceMinor(much, '2026-12-01')).toBe(5_000n)
    expect(allowanceMinor({ ...much, bounds: { ...BOUNDS, monthMinor: 100n } }, '2026-11-30')).toBe(0n)
  })

  it('is given back in the day and month that it was taken from, and in no other', () => {
    const spent = spend(link('active'), 3_000n, '2026-11-22')
    expect(giveBack(spent, 1_000n, '2026-11-22')).toMatchObject({ spentDayMinor: 2_000n, spentMonthMinor: 2_000n })
    const next = spend(spent, 500n, '2026-11-23')
    expect(giveBack(next, 1_000n, '2026-11-22')).toMatchObject({ spentDayMinor: 500n, spentMonthMinor: 2_500n })
    const later = spend(next, 500n, '2026-12-01')
    expect(giveBack(later, 1_000n, '2026-11-22')).toMatchObject({ spentDayMinor: 500n, spentMonthMinor: 500n })
  })

  it('is what a recount of payments and refunds says, whatever their days', () => {
    const day = fc.integer({ min: 0, max: 70 })
    const step = fc.record({ day, amount: fc.bigInt(1n, 1_000n), back: fc.bigInt(0n, 1_000n) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const dayText = (offset: number) =>
          new Date(Date.UTC(2026, 10, 1) + offset * 86_400_000).toISOString().slice(0, 10)
        let now = link('active', { onDay: '2026-11-01' })
        const uses: { day: string; left: bigint }[] = []
        for (const { day: offset, amount, back } of steps.toSorted((a, b) => a.day - b.day)) {
          const today = dayText(offset)
          now = spend(now, amount, today)
          uses.push({ day: today, left: amount })
          const [old] = uses
          if (old === undefined || back > old.left) continue
          old.left -= back
          now = giveBack(now, back, old.day)
        }
        const sum = (of: readonly { left: bigint }[]) => of.reduce((total, one) => total + one.left, 0n)
        expect(now.spentDayMinor).toBe(sum(uses.filter((use) => use.day === now.onDay)))
        expect(now.spentMonthMinor).toBe(sum(uses.filter((use) => use.day.slice(0, 7) === now.onDay.slice(0, 7))))
      }),
    )
  })

  it('opens no old window again when the clock is set back', () => {
    const spent = spend(link('active'), 3_000n, '2026-11-22')
    expect(onDay(spent, '2026-10-01')).toBe(spent)
  })

  it.each([
    [BOUNDS, BOUNDS, false],
    [BOUNDS, { ...BOUNDS, monthMinor: 20_001n }, true],
    [BOUNDS, { ...BOUNDS, dayMinor: null }, true],
    [BOUNDS, { ...BOUNDS, singleMinor: 4_999n }, false],
    [{ ...BOUNDS, dayMinor: null }, { ...BOUNDS, dayMinor: 20_000n }, false],
  ])('%o to %o is wider: %s', (before, after, wider) => {
    expect(isWider(before, after)).toBe(wider)
  })
})
