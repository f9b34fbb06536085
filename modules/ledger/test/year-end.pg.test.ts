import { CNY, type CurrencyCode, currencyCode, formatAmount, manualClock } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tieClosedDays } from '../src/day-jobs.ts'
import { LEDGER_REFUSALS } from '../src/ledger-refusals.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { countsYearEnd, makeReports, type ReportClosing, type ReportName } from '../src/report.ts'
import { type ReportBasis, readMovements } from '../src/report-store.ts'
import { verifyLedger } from '../src/verify.ts'
import { closeYear, listYears, reopenYear } from '../src/year-end-jobs.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

const NOON = 1_795_312_800_000_000

async function startYear() {
  const world = await startLedgerWorld({ clock: manualClock(NOON) })
  const { committer, commands, institution } = world
  const told = (outcome: { readonly status: string; readonly refusal?: { readonly code: string } }) =>
    outcome.refusal?.code ?? outcome.status
  return {
    ...world,
    jobs: { db: institution.db, committer, commands, accountsPerCommand: 2 },
    post: async (debit: number, credit: number, amountMinor: bigint, more: Partial<PostingLeg> = {}) => {
      const leg = Object.assign(move(debit, credit, amountMinor), more)
      return told(await committer.submit({ kind: commands.post, input: { legs: [leg], raw: true } }))
    },
    closeDay: async (next: string) => told(await committer.submit({ kind: commands.closeDay, input: { next } })),
    finalize: async (through: string) => {
      await tieClosedDays({ db: institution.db, committer, commands })
      return told(await committer.submit({ kind: commands.finalizeDays, input: { through } }))
    },
    close: async (year: number) => {
      const { outcome, count } = await closeYear(
        { db: institution.db, committer, commands, accountsPerCommand: 2 },
        year,
        'staff:7',
      )
      return outcome.status === 'done' ? count : told(outcome)
    },
    reopen: async (year: number) => {
      const { outcome, count } = await reopenYear({ db: institution.db, committer, commands }, year, 'staff:7')
      return outcome.status === 'done' ? count : told(outcome)
    },
    years: async () =>
      (await institution.db.read(listYears)).map(({ year, state, entries }) => `${year} ${state} ${entries.length}`),
    findings: async () => (await verifyLedger(institution.db)).findings,
  }
}

type Year = Awaited<ReturnType<typeof startYear>>

async function report(
  { institution }: Pick<LedgerWorld, 'institution'>,
  name: ReportName,
  from: string,
  to: string,
  basis: ReportBasis = 'value',
  closing: ReportClosing = 'after',
) {
  const period = { from, to, basis, yearEnd: countsYearEnd(name, closing) }
  const movements = await institution.db.read((tx) => readMovements(tx, period))
  return makeReports(name, 'wallet_platform', movements)
}

/** Subjects that are no headings, with their closing. */
async function closings(...asked: Parameters<typeof report>) {
  return (await report(...asked)).flatMap(({ lines, currency }) =>
    lines
      .filter(({ line }) => line.subject.posting)
      .map(({ line, closingMinor }) => `${line.code} ${formatAmount(closingMinor, currency)}`),
  )
}

describe('the worked example of a year in docs/concepts/accounting.md', () => {
  it('comes out as it says', async () => {
    const year = await startYear()
    const bank = await year.open('1002')
    const capital = await year.open('4001')
    const retained = await year.open('4002')
    const fees = await year.open('5001')
    const costs = await year.open('6001')
    await year.post(bank, capital, 100_000n)
    await year.closeDay('2026-12-31')
    await year.post(bank, fees, 500n)
    await year.post(costs, bank, 200n)
    await year.closeDay('2027-01-01')
    await year.post(bank, fees, 70n)
    expect(await year.post(bank, fees, 30n, { effectiveOn: '2026-12-31' })).toBe('done')
    expect(await year.finalize('2026-12-31')).toBe('done')
    expect(await year.close(2026)).toBe(2)

    const ofYear = ['2026-01-01', '2026-12-31'] as const
    const income = await report(year, 'income-statement', ...ofYear)
    expect(income).toMatchObject([{ resultMinor: 330n, balanced: true }])
    expect(await closings(year, 'income-statement', ...ofYear)).toEqual(['5001 5.30', '6001 2.00'])
    const last = ['2026-12-31', '2026-12-31'] as const
    expect(await closings(year, 'trial-balance', ...last, 'value', 'before')).toEqual([
      ...['1002 1003.30', '4001 1000.00', '5001 5.30', '6001 2.00'],
    ])
    expect(await closings(year, 'trial-balance', ...last)).toEqual([
      ...['1002 1003.30', '4001 1000.00', '4002 3.30', '5001 0.00', '6001 0.00'],
    ])
    const first = ['2027-01-01', '2027-01-01'] as const
    expect(await closings(year, 'income-statement', ...first)).toEqual(['5001 0.70', '6001 0.00'])
    expect(await report(year, 'balance-sheet', ...last)).toMatchObject([{ resultMinor: 0n, balanced: true }])
    expect(await report(year, 'balance-sheet', ...first)).toMatchObject([{ resultMinor: 70n, balanced: true }])
    // By booking date the entry stands on the day on which it was posted, and no income statement shows it there either.
    expect(await closings(year, 'income-statement', ...ofYear, 'booking')).toEqual(['5001 5.00', '6001 2.00'])
    expect(await closings(year, 'income-statement', ...first, 'booking')).toEqual(['5001 1.00', '6001 0.00'])

    expect(await year.findings()).toEqual([])
    expect(await year.years()).toEqual(['2026 closed 1'])
    expect(year.books.peekBalance(retained)).toMatchObject({ creditsPosted: 530n, debitsPosted: 200n })
    await year.committer.stop()
  })
})

describe('closing a year', () => {
  it('is refused in order, changes nothing a second time, and is taken back by opening the year again', async () => {
    const year = await startYear()
    const bank = await year.open('1002')
    const fees = await year.open('5001')
    const others: number[] = []
    for (let index = 0; index < 4; index += 1) others.push(await year.open('5007'))
    await year.post(bank, fees, 500n)
    for (const account of others) await year.post(bank, account, 10n)
    const told = [await year.close(2026)]
    expect(await year.reopen(2026)).toBe('year_not_closed')
    await year.closeDay('2027-01-01')
    told.push(await year.close(2026))
    await year.closeDay('2028-01-01')
    await year.finalize('2027-01-01')
    // Its last day was no accounting day, and is final with the one after it.
    told.push(await year.close(2026))
    expect(told).toEqual(['year_not_final', 'year_not_final', 'subject_account_missing'])
    await year.open('4002')
    const another = await year.open('4002')
    expect(await year.close(2026)).toBe('subject_account_ambiguous')
    await year.committer.submit({ kind: year.commands.setState, input: { account: another, state: 'closed' } })
    // Five accounts, two in a command.
    expect(await year.close(2026)).toBe(5)
    expect(await year.years()).toEqual(['2026 closed 3'])
    const before = await report(year, 'trial-balance', '2026-01-01', '2028-01-01')
    expect(await year.close(2026)).toBe(0)
    expect(await report(year, 'trial-balance', '2026-01-01', '2028-01-01')).toEqual(before)
    expect(await year.findings()).toEqual([])

    await year.closeDay('2028-01-02')
    await year.finalize('2028-01-01')
    expect(await year.close(2027)).toBe(0)
    expect(await year.reopen(2026)).toBe('later_year_closed')
    expect(await year.reopen(2027)).toBe(0)
    expect(await year.reopen(2026)).toBe(3)
    expect(await year.reopen(2026)).toBe('year_not_closed')
    expect(await year.years()).toEqual(['2027 open 0', '2026 open 0'])
    expect(await closings(year, 'trial-balance', '2026-12-31', '2026-12-31')).toEqual([
      ...['1002 5.40', '4002 0.00', '5001 5.00', '5007 0.40'],
    ])
    expect(await year.findings()).toEqual([])
    // A later year takes what an earlier one left open.
    expect(await year.close(2027)).toBe(5)
    expect(await year.close(2026)).toBe('later_year_closed')
    expect(await year.findings()).toEqual([])
    const order = Object.keys(LEDGER_REFUSALS)
    const places = [
      'code_reserved',
      'year_not_final',
      'later_year_closed',
      'year_end_overtaken',
      'subject_account_missing',
    ]
    expect(places.map((code) => order.indexOf(code))).toEqual(
      places.map((code) => order.indexOf(code)).sort((a, b) => a - b),
    )
    await year.committer.stop()
  })

  it('carries each currency by itself, and losses the other way', async () => {
    const year = await startYear()
    const usd = currencyCode('USD')
    if (!usd.ok) throw new Error('no dollars')
    const currencies: readonly (readonly [CurrencyCode, bigint])[] = [
      [CNY, 5n],
      [usd.value, 900n],
    ]
    for (const [currency, costs] of currencies) {
      const bank = await year.open('1002', null, currency)
      const fees = await year.open('5001', null, currency)
      const expense = await year.open('6001', null, currency)
      await year.open('4002', null, currency)
      await year.post(bank, fees, 100n, { currency })
      await year.post(expense, bank, costs, { currency })
    }
    await year.closeDay('2027-01-01')
    await year.closeDay('2027-01-02')
    await year.finalize('2027-01-01')
    expect(await year.close(2026)).toBe(4)
    expect(await closings(year, 'trial-balance', '2026-12-31', '2026-12-31')).toEqual([
      ...['1002 0.95', '4002 0.95', '5001 0.00', '6001 0.00'],
      ...['1002 -8.00', '4002 -8.00', '5001 0.00', '6001 0.00'],
    ])
    expect(await year.findings()).toEqual([])
    await year.committer.stop()
  })

  it('goes on where it was interrupted, and not from amounts that were read before', async () => {
    const year = await startYear()
    const bank = await year.open('1002')
    await year.open('4002')
    const fees: number[] = []
    for (let index = 0; index < 3; index += 1) fees.push(await year.open('5001'))
    for (const account of fees) await year.post(bank, account, 100n)
    await year.closeDay('2027-01-01')
    await year.closeDay('2027-01-02')
    await year.finalize('2027-01-01')
    const some = (revision: number) => ({
      ...{ year: 2026, revision, complete: false, by: null },
      results: [{ account: fees[0] ?? 0, currency: CNY, amountMinor: 100n }],
    })
    const submit = (revision: number) => year.committer.submit({ kind: year.commands.closeYear, input: some(revision) })
    expect(await submit(0)).toMatchObject({ status: 'done', answer: { done: false } })
    expect(await submit(0)).toMatchObject({ status: 'refused', refusal: { code: 'year_end_overtaken' } })
    expect(await year.years()).toEqual(['2026 closing 1'])
    expect(await year.findings()).toEqual([])
    expect(await year.close(2026)).toBe(2)
    expect(await year.years()).toEqual(['2026 closed 2'])
    expect(await year.findings()).toEqual([])
    await year.committer.stop()
  })

  it('is taken back by what comes in the same batch, and in the one after it', async () => {
    const year = await startYear()
    const { committer, commands } = year
    const bank = await year.open('1002')
    const fees = await year.open('5001')
    await year.open('4002')
    await year.post(bank, fees, 100n)
    await year.closeDay('2027-01-01')
    await year.closeDay('2027-01-02')
    await year.finalize('2027-01-01')
    const results = [{ account: fees, currency: CNY, amountMinor: 100n }]
    const close = (revision: number) =>
      committer.submit({
        kind: commands.closeYear,
        input: { year: 2026, revision, results, complete: true, by: null },
      })
    const reopen = (revision: number) =>
      committer.submit({ kind: commands.reopenYear, input: { year: 2026, revision, by: null } })
    const before = committer.status().batch
    const outcomes = await Promise.all([close(0), reopen(1), close(2)])
    expect(committer.status().batch).toBe(before + 1)
    expect([...outcomes, await reopen(3)].map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done'])
    expect(await year.years()).toEqual(['2026 open 0'])
    expect(year.books.peekBalance(fees)).toMatchObject({ creditsPosted: 300n, debitsPosted: 200n })
    expect(await year.findings()).toEqual([])
    await committer.stop()
  })

  it('is the only thing that posts under its codes', async () => {
    const year = await startYear()
    const { committer, commands, books } = year
    const bank = await year.open('1002')
    const fees = await year.open('5001')
    await year.open('4002')
    for (const code of ['year_end', 'year_end_reversal'] as const) {
      expect(await year.post(bank, fees, 5n, { code })).toBe('code_reserved')
      const hold = Object.assign(promise(bank, fees, 5n), { code })
      const held = await committer.submit({ kind: commands.post, input: { legs: [hold], raw: true } })
      expect(held).toMatchObject({ status: 'refused', refusal: { code: 'code_reserved' } })
    }
    await committer.submit({ kind: commands.setPostingPolicy, input: { account: fees, policy: 'summarised' } })
    expect(await year.post(bank, fees, 5n, { code: 'year_end' })).toBe('code_reserved')
    expect(await year.post(bank, fees, 5n)).toBe('done')
    await year.closeDay('2027-01-01')
    await year.closeDay('2027-01-02')
    await year.finalize('2027-01-01')
    expect(await year.close(2026)).toBe(1)
    const [row] = await year.institution.db.read(
      (tx) => tx.sql<{ id: bigint; entry: bigint }[]>`select id, entry from ledger_transfers where code = 30`,
    )
    for (const of of [{ transfer: Number(row?.id) }, { entry: Number(row?.entry) }]) {
      const reversed = await committer.submit({ kind: commands.reverse, input: { of, raw: true } })
      expect(reversed).toMatchObject({ status: 'refused', refusal: { code: 'transfer_closes_year' } })
      const corrected = await committer.submit({ kind: commands.correct, input: { of, raw: true, legs: [] } })
      expect(corrected).toMatchObject({ status: 'refused', refusal: { code: 'transfer_closes_year' } })
    }
    expect(books.peekBalance(fees)).toMatchObject({ creditsPosted: 5n, debitsPosted: 5n })
    expect(await year.findings()).toEqual([])
    await committer.stop()
  })

  it('is found wrong by verification when a row or an amount was changed', async () => {
    const year = await startYear()
    const bank = await year.open('1002')
    const fees = await year.open('5001')
    await year.open('4002')
    await year.post(bank, fees, 500n)
    await year.closeDay('2027-01-01')
    await year.closeDay('2027-01-02')
    await year.finalize('2027-01-01')
    // Four of five: the books add up, and the year is not closed all the same.
    const results = [{ account: fees, currency: CNY, amountMinor: 400n }]
    const input = { year: 2026, revision: 0, complete: true, by: null, results }
    await year.committer.submit({ kind: year.commands.closeYear, input })
    expect(await year.findings()).toMatchObject([{ code: 'year_not_carried', what: '2026 5001 CNY', found: '100' }])
    await year.committer.flush()
    const { sql } = await year.institution.dedicated({})
    await sql`update ledger_years set revision = 2`
    expect((await year.findings()).map(({ code }) => code)).toEqual(['year_differs', 'year_not_carried'])
    await sql`update ledger_years set revision = 1`
    await sql`update ledger_transfers set entry = null, effective_on = '2026-12-30' where code = 30`
    const codes = (await year.findings()).map(({ code }) => code)
    expect(codes).toContain('year_end_breaks_rule')
    expect(codes).toContain('batch_root_wrong')
    await year.committer.stop()
  })
})

interface Step {
  readonly type: 'post' | 'back' | 'day' | 'year' | 'reopen' | 'flush'
  readonly from: number
  readonly to: number
  readonly amountMinor: bigint
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom('post', 'post', 'post', 'back', 'day', 'year', 'reopen', 'flush'),
  from: fc.nat({ max: 6 }),
  to: fc.nat({ max: 6 }),
  amountMinor: fc.bigInt({ min: 1n, max: 10_000n }),
})

/** Assets less liabilities, equity and result: nothing, whatever happened. */
async function outOfBalance(year: Year, day: string, basis: ReportBasis): Promise<bigint> {
  const [sheet] = await report(year, 'balance-sheet', day, day, basis)
  if (sheet === undefined) return 0n
  let minor = -sheet.resultMinor
  for (const { line, closingMinor } of sheet.lines) {
    if (line.depth === 0) minor += line.subject.class === 'asset' ? closingMinor : -closingMinor
  }
  return minor
}

describe('years of any history', { timeout: 180_000 }, () => {
  it('leave assets equal to liabilities and equity, and income of earlier years at zero', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
        const year = await startYear()
        const accounts: number[] = []
        for (const subject of ['1002', '2003', '4001', '5001', '5001', '6001', '6002'] as const) {
          accounts.push(await year.open(subject))
        }
        await year.open('4002')
        let day = '2026-11-22'
        let at = 2026
        for (const { type, from, to, amountMinor } of steps) {
          const [debit = 0, credit = 0] = [accounts[from], accounts[to]]
          if (type === 'post') await year.post(debit, credit, amountMinor)
          else if (type === 'back') await year.post(debit, credit, amountMinor, { effectiveOn: `${at - 1}-12-31` })
          else if (type === 'flush') await year.committer.flush()
          else if (type === 'day') {
            at += 1
            day = `${at}-01-05`
            await year.closeDay(day)
          } else if (type === 'reopen') await year.reopen(at - 1)
          else {
            const next = `${at}-${day.endsWith('01-05') ? '01-06' : '12-31'}`
            if (next <= day) continue
            await year.closeDay(next)
            await year.finalize(day)
            day = next
            await year.close(at - 1)
          }
          for (const basis of ['booking', 'value'] as const) expect(await outOfBalance(year, day, basis)).toBe(0n)
        }
        for (const closed of (await year.years()).filter((text) => text.includes('closed'))) {
          const end = `${closed.slice(0, 4)}-12-31`
          const lines = (await closings(year, 'trial-balance', end, end)).filter((text) => /^[56]/.test(text))
          expect(lines.filter((text) => !text.endsWith(' 0.00'))).toEqual([])
        }
        expect(await year.findings()).toEqual([])
        await year.committer.stop()
        await year.institution.drop()
      }),
      { numRuns: 10 },
    )
  })
})
