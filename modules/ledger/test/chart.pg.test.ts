import { CNY, err, ok } from '@huitong/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adoptChart, ChartFixed } from '../src/adopt-chart.ts'
import type { InstitutionKind } from '../src/institution-kind.ts'
import { readKind } from '../src/settings-store.ts'
import type { SubjectCode } from '../src/subjects.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, startLedgerWorld } from './ledger-world.ts'

let world: LedgerWorld

beforeEach(async () => {
  world = await startLedgerWorld()
})

afterEach(() => world.committer.stop())

function adopt(kind: InstitutionKind) {
  return world.committer.submit({ kind: world.commands.adoptChart, input: { kind } })
}

function settle(kind: InstitutionKind): Promise<void> {
  return adoptChart({ db: world.institution.db, committer: world.committer, commands: world.commands, kind })
}

async function refusalOf(subject: SubjectCode): Promise<string> {
  const input = { slot: 0, subject, currency: CNY, owner: null, floorMinor: null }
  const outcome = await world.committer.submit({ kind: world.commands.openAccount, input })
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

describe('the chart of accounts', () => {
  it('is that of a wallet platform until another is adopted', async () => {
    expect(await world.institution.db.read(readKind)).toBe('wallet_platform')
    expect(await refusalOf('1001')).toBe('done')
    expect(await refusalOf('1201')).toBe('subject_not_in_chart')
    expect(await refusalOf('1010')).toBe('subject_is_heading')
  })

  it('decides which accounts can be opened, for the next holder, too', async () => {
    await settle('bank')
    expect(await refusalOf('1201')).toBe('done')
    expect(await refusalOf('1001')).toBe('subject_not_in_chart')
    await world.committer.stop()
    world = await startLedgerWorld({ institution: world.institution })
    expect(await refusalOf('1202')).toBe('done')
    expect(await refusalOf('1001')).toBe('subject_not_in_chart')
    expect(await world.institution.db.read(readKind)).toBe('bank')
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('is adopted once; the same again changes nothing and writes nothing', async () => {
    await settle('insurer')
    const { batch } = world.committer.status()
    await settle('insurer')
    expect(world.committer.status().batch).toBe(batch)
    expect(await adopt('insurer')).toMatchObject({ status: 'done', answer: 'insurer' })
    await expect(settle('bank')).rejects.toThrow(ChartFixed)
    expect(await adopt('bank')).toMatchObject({
      status: 'refused',
      refusal: { code: 'chart_fixed', facts: { kind: 'insurer' } },
    })
  })

  it('cannot become another once there are accounts', async () => {
    await world.open('1002')
    expect(await adopt('clearing_house')).toMatchObject({
      status: 'refused',
      refusal: { code: 'chart_fixed', facts: { kind: 'wallet_platform' } },
    })
    // What the books are kept by already may still be said.
    await settle('wallet_platform')
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('keeps money of others out of income, in transfers and holds', async () => {
    const { books, committer } = world
    const wallet = { slot: 3, subject: '2001', currency: CNY, owner: 'customer:3', floorMinor: null } as const
    const income = await world.open('5001')
    const charge = (code: 'merchant_fee' | 'transfer', asHold: boolean) =>
      committer.submit({
        kind: {
          name: 'test.charge',
          need: () => books.needAccount(income),
          decide: () => {
            const opened = books.openAccount(wallet)
            if (!opened.ok) return opened
            const request = {
              debit: opened.value.id,
              credit: income,
              amountMinor: 5n,
              currency: CNY,
              code,
              reference: null,
            }
            const moved = asHold ? books.placeHold({ ...request, expiresAt: null }) : books.transfer(request)
            return moved.ok ? ok(moved.value.id) : err(moved.error)
          },
          form: String,
          encode: String,
          decode: Number,
        },
        input: 0,
      })
    for (const asHold of [false, true]) {
      expect(await charge('transfer', asHold)).toMatchObject({
        status: 'refused',
        refusal: { code: 'pair_not_in_chart' },
      })
      expect(await charge('merchant_fee', asHold)).toMatchObject({ status: 'done' })
    }
  })
})

describe('verification', () => {
  it('finds a chart that was changed by hand, and accounts that it does not allow', async () => {
    await settle('bank')
    await world.open('1201')
    const owner = (await world.institution.dedicated({})).sql
    await owner`update ledger_settings set kind = 'wallet_platform'`
    expect((await verifyLedger(world.institution.db)).findings).toMatchObject([
      { code: 'settings_differ', what: 'kind', expected: 'bank', found: 'wallet_platform' },
    ])
    await owner`update ledger_settings set kind = 'bank'`
    await owner`update ledger_events set data = replace(data, '1201', '1010') where kind = 'account_opened'`
    const report = await verifyLedger(world.institution.db)
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'account_breaks_chart', what: 'subject_is_heading', found: '1010' }),
    )
  })
})
