import { type ManualClock, manualClock } from '@huitong/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { finalizeOldDays, tieClosedDays } from '../src/day-jobs.ts'
import { allDays } from '../src/day-store.ts'
import { allDayTotals } from '../src/day-total-store.ts'
import { readTie } from '../src/tie-store.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

const NOON = 1_795_312_800_000_000

let clock: ManualClock
let world: LedgerWorld
let bank: number
let transit: number
let fees: number

beforeEach(async () => {
  clock = manualClock(NOON)
  world = await startLedgerWorld({ clock })
  bank = await world.open('1002')
  transit = await world.open('2003')
  fees = await world.open('5001')
})

afterEach(() => world.committer.stop())

async function post(debit: number, credit: number, amountMinor: bigint, effectiveOn?: string): Promise<string> {
  const leg = { ...move(debit, credit, amountMinor), ...(effectiveOn === undefined ? {} : { effectiveOn }) }
  const outcome = await world.committer.submit({ kind: world.commands.post, input: { legs: [leg], raw: true } })
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

function closeDay(next: string) {
  return world.committer.submit({ kind: world.commands.closeDay, input: { next, by: 'staff:7' } })
}

function jobs() {
  return { db: world.institution.db, committer: world.committer, commands: world.commands }
}

async function totals(): Promise<readonly string[]> {
  await world.committer.flush()
  const { known } = await world.institution.db.read(allDayTotals)
  return known
    .map(
      ({ day, effectiveOn, subject, debitsMinor, creditsMinor, entries }) =>
        `${day} ${effectiveOn} ${subject} ${debitsMinor}/${creditsMinor} ${entries}`,
    )
    .sort()
}

describe('the totals of a day', () => {
  it('are added to however many a batch has, none of which was in memory', async () => {
    const days = Array.from({ length: 24 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`).slice(21)
    const later = Array.from({ length: 25 }, (_, index) => `2026-12-${String(index + 1).padStart(2, '0')}`)
    for (const next of [...days.slice(1), ...later]) expect(await closeDay(next)).toMatchObject({ status: 'done' })
    const told = await Promise.all([...days, ...later].map((day) => post(bank, transit, 1n, day)))
    expect(new Set(told)).toEqual(new Set(['done']))
    expect(await totals()).toHaveLength(2 * told.length)
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('count debits and credits by subject, each on the day of its batch', async () => {
    await post(bank, transit, 100n)
    await post(bank, transit, 20n)
    await post(transit, fees, 5n)
    await closeDay('2026-11-23')
    await post(transit, bank, 7n)
    expect(await totals()).toEqual([
      '2026-11-22 2026-11-22 1002 120/0 2',
      '2026-11-22 2026-11-22 2003 5/120 3',
      '2026-11-22 2026-11-22 5001 0/5 1',
      '2026-11-23 2026-11-23 1002 0/7 1',
      '2026-11-23 2026-11-23 2003 7/0 1',
    ])
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('count what a hold captures and not what it promises', async () => {
    const held = promise(bank, transit, 50n)
    const outcome = await world.committer.submit({ kind: world.commands.post, input: { legs: [held], raw: true } })
    const hold = outcome.status === 'done' ? (outcome.answer.transfers[0] ?? 0) : 0
    expect(await totals()).toEqual([])
    const capture = { type: 'capture', hold, amountMinor: 30n, final: true } as const
    await world.committer.submit({ kind: world.commands.post, input: { legs: [capture], raw: true } })
    expect(await totals()).toEqual(['2026-11-22 2026-11-22 1002 30/0 1', '2026-11-22 2026-11-22 2003 0/30 1'])
  })

  it('leave out what was refused', async () => {
    await post(bank, transit, 1n)
    expect(await post(bank, bank, 5n)).toBe('same_account')
    expect(await totals()).toEqual(['2026-11-22 2026-11-22 1002 1/0 1', '2026-11-22 2026-11-22 2003 0/1 1'])
  })

  it('are rebuilt by the next holder when the last one died before it wrote them', async () => {
    await post(bank, transit, 100n)
    await world.committer.flush()
    await post(bank, transit, 11n)
    await post(transit, fees, 1n)
    const successor = await startLedgerWorld({ clock, institution: world.institution })
    await world.committer.stop()
    world = successor
    await post(bank, transit, 1000n)
    expect(await totals()).toEqual([
      '2026-11-22 2026-11-22 1002 1111/0 3',
      '2026-11-22 2026-11-22 2003 1/1111 4',
      '2026-11-22 2026-11-22 5001 0/1 1',
    ])
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })
})

describe('a closed day', () => {
  it('says who closed it, is closing until its accounts were tied, and is tied once', async () => {
    await post(bank, transit, 100n)
    await closeDay('2026-11-23')
    await post(bank, transit, 1n)
    const [closing] = await world.institution.db.read(allDays)
    expect(closing).toMatchObject({ day: '2026-11-22', nextDay: '2026-11-23', closedBy: 'staff:7', tiedBatch: null })
    // Nothing was written back yet: the sums are made of the journal's tail.
    expect(await tieClosedDays(jobs())).toEqual({ days: ['2026-11-22'], differences: [] })
    const { batch } = world.committer.status()
    const [closed] = await world.institution.db.read(allDays)
    expect(closed?.tiedBatch).toBe(batch - 1)
    expect(await tieClosedDays(jobs())).toEqual({ days: [], differences: [] })
    expect(world.committer.status().batch).toBe(batch)
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('is tied with what was buffered, which counts on both sides as the summary of its day', async () => {
    await post(bank, fees, 7n)
    const policy = { account: fees, policy: 'summarised' } as const
    await world.committer.submit({ kind: world.commands.setPostingPolicy, input: policy })
    for (const amount of [5n, 6n]) await post(bank, fees, amount)
    await post(fees, bank, 1n)
    const open = await world.institution.db.read(readTie)
    expect(open.differences).toEqual([])
    expect(open.lines.find(({ subject }) => subject === '5001')).toMatchObject({ accountCreditsMinor: 7n })
    // The close and a posting that misses the summary may share a batch, which still belongs to the old day.
    await Promise.all([post(bank, fees, 100n), closeDay('2026-11-23'), post(bank, fees, 1000n)])
    await post(bank, fees, 20n)
    expect(await tieClosedDays(jobs())).toEqual({ days: ['2026-11-22'], differences: [] })
    await closeDay('2026-11-24')
    expect(await tieClosedDays(jobs())).toEqual({ days: ['2026-11-23'], differences: [] })
    const rows = await totals()
    const credits = (day: string) =>
      rows
        .filter((row) => row.startsWith(`${day} ${day} 5001`))
        .map((row) => Number(/\d+\/(\d+)/.exec(row)?.[1] ?? 0))
        .reduce((sum, one) => sum + one, 0)
    expect(credits('2026-11-22') + credits('2026-11-23')).toBe(7 + 5 + 6 + 100 + 1000 + 20)
    expect(credits('2026-11-22')).toBeGreaterThanOrEqual(7 + 5 + 6 + 100)
    expect((await world.institution.db.read(readTie)).differences).toEqual([])
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('is not tied when the accounts of a subject do not add up to it, and the difference is told', async () => {
    await post(bank, transit, 100n)
    await closeDay('2026-11-23')
    await world.committer.flush()
    const owner = (await world.institution.dedicated({})).sql
    await owner`update ledger_balances set credits_posted = credits_posted + 1 where account_id = ${transit}`
    const { days, differences } = await tieClosedDays(jobs())
    expect(days).toEqual([])
    expect(differences).toMatchObject([{ subject: '2003', accountCreditsMinor: 101n, subjectCreditsMinor: 100n }])
    await owner`update ledger_balances set credits_posted = credits_posted - 1 where account_id = ${transit}`
    await owner`update ledger_day_totals set debits_minor = debits_minor + 2 where subject = '1002'`
    const tie = await world.institution.db.read(readTie)
    expect(tie.differences).toMatchObject([{ subject: '1002', accountDebitsMinor: 100n, subjectDebitsMinor: 102n }])
    expect((await verifyLedger(world.institution.db)).findings).toMatchObject([
      { code: 'day_total_differs', expected: '100', found: '102' },
    ])
  })

  it('cannot be tied or made final by name when it is none', async () => {
    const { committer, commands } = world
    const tie = await committer.submit({ kind: commands.tieDay, input: { day: '2026-11-22', batch: 4 } })
    expect(tie).toMatchObject({ status: 'refused', refusal: { code: 'day_not_closed' } })
    await closeDay('2026-11-23')
    const finalize = (through: string) => committer.submit({ kind: commands.finalizeDays, input: { through } })
    expect(await finalize('2026-11-21')).toMatchObject({ refusal: { code: 'day_not_closed' } })
    expect(await finalize('2026-11-22')).toMatchObject({ refusal: { code: 'day_not_tied' } })
    await tieClosedDays(jobs())
    expect(await finalize('2026-11-22')).toMatchObject({ status: 'done' })
    expect(await finalize('2026-11-22')).toMatchObject({ refusal: { code: 'day_already_final' } })
  })
})

describe('a back-dated transfer', () => {
  it('stands in its posting day and in the day that it belongs to', async () => {
    await post(bank, transit, 100n)
    await closeDay('2026-11-23')
    expect(await post(transit, fees, 9n, '2026-11-22')).toBe('done')
    expect(await post(transit, fees, 1n, '2026-11-23')).toBe('done')
    expect(await totals()).toEqual([
      '2026-11-22 2026-11-22 1002 100/0 1',
      '2026-11-22 2026-11-22 2003 0/100 1',
      '2026-11-23 2026-11-22 2003 9/0 1',
      '2026-11-23 2026-11-22 5001 0/9 1',
      '2026-11-23 2026-11-23 2003 1/0 1',
      '2026-11-23 2026-11-23 5001 0/1 1',
    ])
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('is refused for a day to come, a day on which an account was not there, and a final day, in this order', async () => {
    await closeDay('2026-11-23')
    const late = await world.open('2003')
    expect(await post(bank, late, 0n, '2026-11-24')).toBe('effective_day_in_future')
    expect(await post(bank, late, 0n, '2026-11-22')).toBe('account_not_open_then')
    expect(await post(late, bank, 5n, '2026-11-22')).toBe('account_not_open_then')
    expect(await post(bank, transit, 5n, '2026-11-21')).toBe('account_not_open_then')
    expect(await post(bank, 999 * 1024, 5n, '2026-11-22')).toBe('credit_account_unknown')
    await tieClosedDays(jobs())
    await world.committer.submit({ kind: world.commands.finalizeDays, input: { through: '2026-11-22' } })
    expect(await post(bank, late, 0n, '2026-11-22')).toBe('effective_day_final')
    expect(await post(bank, transit, 5n, '2026-11-22')).toBe('effective_day_final')
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('may touch an account that is opened in the same batch only on its own day', async () => {
    await closeDay('2026-11-23')
    const { committer, commands } = world
    const [opened, late] = await Promise.all([world.open('2003'), post(bank, transit, 5n, '2026-11-22')])
    expect(late).toBe('done')
    const leg = { ...move(bank, opened, 1n), effectiveOn: '2026-11-22' }
    expect(await committer.submit({ kind: commands.post, input: { legs: [leg], raw: true } })).toMatchObject({
      refusal: { code: 'account_not_open_then', facts: { opened_on: '2026-11-23' } },
    })
  })
})

describe('the days that stay open for back-dating', () => {
  it('are the newest closed ones; older days become final once they are tied', async () => {
    for (const next of ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26']) await closeDay(next)
    expect(await finalizeOldDays(jobs(), 2)).toBeUndefined()
    await tieClosedDays(jobs())
    expect(await finalizeOldDays(jobs(), 2)).toBe('2026-11-23')
    expect(await finalizeOldDays(jobs(), 2)).toBeUndefined()
    expect(await post(bank, transit, 1n, '2026-11-24')).toBe('done')
    expect(await post(bank, transit, 1n, '2026-11-23')).toBe('effective_day_final')
    await closeDay('2026-11-27')
    await tieClosedDays(jobs())
    expect(await finalizeOldDays(jobs(), 2)).toBe('2026-11-24')
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })
})

describe('verification', () => {
  it('finds days and totals that were changed by hand', async () => {
    await post(bank, transit, 100n)
    await closeDay('2026-11-23')
    await post(bank, transit, 1n)
    await world.committer.flush()
    const owner = (await world.institution.dedicated({})).sql
    const found = async () => [...(await verifyLedger(world.institution.db)).counts.keys()]
    await owner`update ledger_days set closed_by = 'staff:8'`
    expect(await found()).toEqual(['day_differs'])
    await owner`update ledger_days set closed_by = 'staff:7'`
    await owner`create table kept as select * from ledger_day_totals where day = '2026-11-22' and subject = '1002'`
    await owner`delete from ledger_day_totals where day = '2026-11-22' and subject = '1002'`
    expect(await found()).toEqual(['day_total_missing'])
    await owner`insert into ledger_day_totals select * from kept`
    await owner`insert into ledger_day_totals select '2026-11-21', '2026-11-21', year_end, subject, currency,
      debits_minor, credits_minor, entries, through from kept`
    expect(await found()).toEqual(['day_total_not_journaled'])
    await owner`delete from ledger_day_totals where day = '2026-11-21'`
    await owner`update ledger_day_totals set debits_minor = 90, through = 3 where day = '2026-11-22' and subject = '1002'`
    expect(await found()).toContain('day_total_behind_flushed')
  })
})
