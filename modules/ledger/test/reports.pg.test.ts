import { CNY, formatAmount, manualClock } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countsYearEnd, makeReports, REPORTS, type ReportName } from '../src/report.ts'
import { type ReportBasis, readMovements } from '../src/report-store.ts'
import { reportCsv } from '../src/report-views.ts'
import { readTie } from '../src/tie-store.ts'
import { type LedgerWorld, move, startLedgerWorld } from './ledger-world.ts'

const NOON = 1_795_312_800_000_000

async function reportsOf(
  world: LedgerWorld,
  name: ReportName,
  from: string,
  to: string,
  basis: ReportBasis = 'booking',
) {
  const yearEnd = countsYearEnd(name, 'after')
  const movements = await world.institution.db.read((tx) => readMovements(tx, { from, to, basis, yearEnd }))
  return makeReports(name, 'wallet_platform', movements)
}

async function linesOf(world: LedgerWorld, name: ReportName, from: string, to: string, basis?: ReportBasis) {
  const [report] = await reportsOf(world, name, from, to, basis)
  const text = (minor: bigint) => formatAmount(minor, CNY)
  return (report?.lines ?? []).map(
    ({ line, openingMinor, debitsMinor, creditsMinor, closingMinor }) =>
      `${line.code} ${text(openingMinor)} ${text(debitsMinor)} ${text(creditsMinor)} ${text(closingMinor)}`,
  )
}

async function post(world: LedgerWorld, debit: number, credit: number, amountMinor: bigint, effectiveOn?: string) {
  const leg = { ...move(debit, credit, amountMinor), ...(effectiveOn === undefined ? {} : { effectiveOn }) }
  return world.committer.submit({ kind: world.commands.post, input: { legs: [leg], raw: true } })
}

function closeDay(world: LedgerWorld, next: string) {
  return world.committer.submit({ kind: world.commands.closeDay, input: { next } })
}

describe('the worked example of docs/concepts/accounting.md', () => {
  it('comes out as it says', async () => {
    const world = await startLedgerWorld({ clock: manualClock(NOON) })
    const bank = await world.open('1002')
    const capital = await world.open('4001')
    const fees = await world.open('5001')
    const costs = await world.open('6001')
    await post(world, bank, capital, 100_000n)
    await post(world, bank, fees, 500n)
    await closeDay(world, '2026-11-23')
    await post(world, costs, bank, 200n)
    await post(world, bank, fees, 30n, '2026-11-22')
    // Nothing was written back yet: the reports are exact all the same.
    expect(await linesOf(world, 'trial-balance', '2026-11-23', '2026-11-23')).toEqual([
      '1000 1005.00 0.30 2.00 1003.30',
      '1010 1005.00 0.30 2.00 1003.30',
      '1002 1005.00 0.30 2.00 1003.30',
      '4000 1000.00 0.00 0.00 1000.00',
      '4001 1000.00 0.00 0.00 1000.00',
      '5000 5.00 0.00 0.30 5.30',
      '5001 5.00 0.00 0.30 5.30',
      '6000 0.00 2.00 0.00 2.00',
      '6001 0.00 2.00 0.00 2.00',
    ])
    expect(await linesOf(world, 'income-statement', '2026-11-22', '2026-11-22', 'value')).toEqual([
      '5000 0.00 0.00 5.30 5.30',
      '5001 0.00 0.00 5.30 5.30',
    ])
    const [sheet] = await reportsOf(world, 'balance-sheet', '2026-11-23', '2026-11-23')
    expect(sheet).toMatchObject({ balanced: true, resultMinor: 330n })
    await world.committer.flush()
    const after = await reportsOf(world, 'balance-sheet', '2026-11-23', '2026-11-23')
    expect(after).toEqual([sheet])
    expect(reportCsv(after).split('\r\n').slice(0, 2)).toEqual([
      'currency,subject,name,name_zh,kind,opening,debits,credits,closing',
      'CNY,1000,"Assets","资产",heading,1005.00,0.30,2.00,1003.30',
    ])
    await world.committer.stop()
  })
})

interface Step {
  readonly type: 'post' | 'close' | 'back' | 'flush'
  readonly from: number
  readonly to: number
  readonly amountMinor: bigint
  readonly back: number
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom('post', 'post', 'post', 'back', 'close', 'flush'),
  from: fc.nat({ max: 4 }),
  to: fc.nat({ max: 4 }),
  amountMinor: fc.bigInt({ min: 1n, max: 10_000n }),
  back: fc.integer({ min: 1, max: 3 }),
})

describe('books of any history', { timeout: 300_000 }, () => {
  it('come to zero on every day by either date, go on where they ended, and tie with the accounts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const world = await startLedgerWorld({ clock: manualClock(NOON) })
        const accounts: number[] = []
        for (const subject of ['1002', '2003', '4001', '5001', '6001'] as const)
          accounts.push(await world.open(subject))
        const days = ['2026-11-22']
        for (const { type, from, to, amountMinor, back } of steps) {
          const [debit = 0, credit = 0] = [accounts[from], accounts[to]]
          if (type === 'post') await post(world, debit, credit, amountMinor)
          else if (type === 'back') await post(world, debit, credit, amountMinor, days.at(-1 - back) ?? days[0])
          else if (type === 'flush') await world.committer.flush()
          else {
            const next = `2026-12-${String(days.length).padStart(2, '0')}`
            await closeDay(world, next)
            days.push(next)
          }
        }
        for (const basis of ['booking', 'value'] as const) {
          const closings = new Map<string, bigint>()
          for (const day of days) {
            for (const name of REPORTS) {
              for (const report of await reportsOf(world, name, day, day, basis)) expect(report.balanced).toBe(true)
            }
            for (const { lines } of await reportsOf(world, 'trial-balance', day, day, basis)) {
              for (const { line, openingMinor, closingMinor } of lines) {
                expect(openingMinor, `${basis} ${day} ${line.code}`).toBe(closings.get(line.code) ?? 0n)
                closings.set(line.code, closingMinor)
              }
            }
          }
        }
        const tie = await world.institution.db.read(readTie)
        expect(tie.differences).toEqual([])
        await world.committer.stop()
        await world.institution.drop()
      }),
      { numRuns: 12 },
    )
  })
})
