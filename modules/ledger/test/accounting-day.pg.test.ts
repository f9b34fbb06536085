import { type LocalDate, localDate, type ManualClock, manualClock, startOfBeijingDay } from '@huitong/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { followCalendar } from '../src/ledger-jobs.ts'
import { findTransfer, readHead } from '../src/ledger-read-store.ts'
import { type LedgerWorld, move, startLedgerWorld } from './ledger-world.ts'

function day(text: string): LocalDate {
  const read = localDate(text)
  if (!read.ok) throw new Error(text)
  return read.value
}

// The first accounting day of the world is 2026-11-22; the clock starts an hour before the end of it.
const MIDNIGHT = startOfBeijingDay(day('2026-11-23'))
const HOUR = 3_600_000_000
const DAY = 24 * HOUR

let clock: ManualClock
let world: LedgerWorld
let bank: number
let wallet: number

beforeEach(async () => {
  clock = manualClock(MIDNIGHT - HOUR)
  world = await startLedgerWorld({ clock })
  bank = await world.open('1002')
  wallet = await world.open('2003', 0n)
})

afterEach(() => world.committer.stop())

function follow(): Promise<boolean> {
  return followCalendar({ committer: world.committer, commands: world.commands, clock })
}

function closeDay(next: string) {
  return world.committer.submit({ kind: world.commands.closeDay, input: { next } })
}

function pay() {
  return world.committer.submit({ kind: world.commands.post, input: { legs: [move(bank, wallet, 1n)], raw: true } })
}

/** The accounting day of the batch in which a posting is. */
async function dayOf(outcome: Awaited<ReturnType<typeof pay>>): Promise<string | undefined> {
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
  return batchDay(outcome.batch)
}

async function batchDay(number: number): Promise<string | undefined> {
  const [row] = await world.institution.db.read(
    (tx) => tx.sql<{ accounting_day: string }[]>`select accounting_day from ledger_batches where number = ${number}`,
  )
  return row?.accounting_day
}

async function closings(): Promise<readonly string[]> {
  const rows = await world.institution.db.read(
    (tx) =>
      tx.sql<{ data: string }[]>`select data from ledger_events where kind = 'day_closed' order by batch, position`,
  )
  return rows.map((row) => row.data)
}

describe('the accounting day', () => {
  it('does not end before midnight in Beijing', async () => {
    clock.set(MIDNIGHT - 1)
    const { batch } = world.committer.status()
    expect(await follow()).toBe(false)
    // Looking at the calendar every minute must not fill the journal with refused closings.
    expect(world.committer.status()).toMatchObject({ accountingDay: '2026-11-22', batch })
    expect(await closings()).toEqual([])
  })

  it('ends at midnight in Beijing, once', async () => {
    clock.set(MIDNIGHT)
    expect(await Promise.all([follow(), follow(), follow()])).toEqual([true, false, false])
    expect(await follow()).toBe(false)
    expect(await closings()).toEqual(['{"closed":"2026-11-22","next":"2026-11-23","by":"calendar"}'])
    const head = await world.institution.db.read(readHead)
    expect(head.accountingDay).toBe('2026-11-23')
  })

  it('is that of the batch: before the close the old one, after it the new one, in the closing batch the old one', async () => {
    const before = await pay()
    clock.set(MIDNIGHT)
    const late = await pay()
    const [closed, beside] = await Promise.all([closeDay('2026-11-23'), pay()])
    const after = await pay()
    if (closed.status !== 'done' || beside.status !== 'done') throw new Error(JSON.stringify([closed, beside]))
    expect(beside.batch).toBe(closed.batch)
    // Until the day is closed, what comes after midnight still belongs to it.
    const days = [before, late, beside, after].map(dayOf)
    expect(await Promise.all(days)).toEqual(['2026-11-22', '2026-11-22', '2026-11-22', '2026-11-23'])
    expect(await batchDay(closed.batch)).toBe('2026-11-22')
  })

  it('moves on over days on which nobody was there', async () => {
    clock.set(MIDNIGHT + 3 * DAY)
    expect(await follow()).toBe(true)
    expect(world.committer.status().accountingDay).toBe('2026-11-26')
    expect(await dayOf(await pay())).toBe('2026-11-26')
  })

  it('never goes back, whatever the clock does', async () => {
    clock.set(MIDNIGHT + DAY)
    expect(await follow()).toBe(true)
    clock.set(MIDNIGHT - DAY)
    expect(await follow()).toBe(false)
    for (const next of ['2026-11-24', '2026-11-23', '2026-11-01']) {
      expect(await closeDay(next)).toMatchObject({
        status: 'refused',
        refusal: { code: 'day_not_next', facts: { accounting_day: '2026-11-24' } },
      })
    }
    expect(await dayOf(await pay())).toBe('2026-11-24')
  })

  it('is still the same for the next holder', async () => {
    clock.set(MIDNIGHT)
    await follow()
    await world.committer.stop()
    world = await startLedgerWorld({ clock, institution: world.institution })
    expect(world.committer.status().accountingDay).toBe('2026-11-23')
    expect(await follow()).toBe(false)
    expect(await dayOf(await pay())).toBe('2026-11-23')
  })
})

describe('the time of a batch', () => {
  it('grows from batch to batch, also while the clock stands still or goes back', async () => {
    const times: number[] = []
    for (const at of [MIDNIGHT, MIDNIGHT, MIDNIGHT - HOUR, MIDNIGHT + 5]) {
      clock.set(at)
      const outcome = await pay()
      if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
      const [id = 0] = outcome.answer.transfers
      const transfer = await world.institution.db.read((tx) => findTransfer(tx, id))
      times.push(transfer?.at ?? 0)
    }
    expect(times).toEqual([MIDNIGHT, MIDNIGHT + 1, MIDNIGHT + 2, MIDNIGHT + 5])
  })
})
