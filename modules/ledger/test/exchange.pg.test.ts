import { CNY, type CurrencyCode, currencyCode } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Exact } from '../src/exact.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerApi, startLedgerApi } from './ledger-api-world.ts'
import { type LedgerWorld, startLedgerWorld } from './ledger-world.ts'

const USD = currency('USD')
const EUR = currency('EUR')

function currency(text: string): CurrencyCode {
  const code = currencyCode(text)
  if (!code.ok) throw new Error(text)
  return code.value
}

let api: LedgerApi
const accounts = new Map<string, string>()
beforeAll(async () => {
  api = await startLedgerApi()
  for (const subject of ['1002', '2003', '3002', '5101', '5102', '6101']) {
    for (const code of ['CNY', 'USD']) accounts.set(`${subject} ${code}`, await api.open(subject, undefined, code))
  }
})
afterAll(() => api.stop())

const account = (subject: string, code: string) => accounts.get(`${subject} ${code}`) ?? ''
const balance = async (subject: string, code: string) =>
  (await api.get(`/v1/ledger/accounts/${account(subject, code)}`)).body.balance
let keys = 0
function freshKey(): string {
  keys += 1
  return `key ${keys}`
}
const exchange = (body: unknown, key = freshKey()) => api.call('POST', '/v1/ledger/fx/exchanges', { key, body })
const revalue = (body: unknown) => api.call('POST', '/v1/ledger/fx/revaluations', { key: freshKey(), body })
const dollars = (change: object = {}) => ({
  sell: { account: account('2003', 'USD'), currency: 'USD', amount: '100.00' },
  buy: { account: account('2003', 'CNY'), currency: 'CNY' },
  ...{ base: 'USD', midRate: '7.2', spreadBps: '50', rounding: 'half_even', postSpread: true, ...change },
})

describe('exchange over HTTP', () => {
  it('goes through the positions, with rates, spread and remainder recorded', async () => {
    const answer = await exchange(dollars({ midRate: '7.20001' }), 'first')
    // 7.20001 less 50 bps is 7.16400995 exactly; 716.400995 CNY is rounded to 716.40.
    expect(answer).toMatchObject({
      status: 201,
      body: { sold: '100.00', bought: '716.40', appliedRate: '7.16400995' },
    })
    expect((await exchange(dollars({ midRate: '7.20001' }), 'first')).body).toEqual(answer.body)
    expect((await exchange(dollars({ midRate: '7.3' }), 'first')).body.errors).toMatchObject([
      { field: 'applied_rate' },
      { field: 'mid_rate' },
    ])
    const entry = await api.get(`/v1/ledger/entries/${answer.body.entry}`)
    expect(entry.body).toMatchObject({
      lines: [
        { side: 'debit', account: account('2003', 'USD'), amount: '100.00', currency: 'USD' },
        { side: 'credit', account: account('2003', 'CNY'), amount: '716.40', currency: 'CNY' },
        { side: 'credit', account: account('5101', 'CNY'), amount: '3.60', currency: 'CNY' },
        { side: 'credit', account: account('3002', 'USD'), amount: '100.00', currency: 'USD' },
        { side: 'debit', account: account('3002', 'CNY'), amount: '720.00', currency: 'CNY' },
      ],
      facts: {
        exchange: {
          ...{ mid_rate: '7.20001', applied_rate: '7.16400995', spread: '0.03600005', spread_minor: '360' },
          ...{ base: 'USD', counter: 'CNY', rounding: 'half_even', spread_posted: true, fixed: 'sold' },
          ...{ remainder: '0.000995', remainder_to: 'institution' },
          ...{ sold: { currency: 'USD', minor: '10000' }, bought: { currency: 'CNY', minor: '71640' } },
        },
      },
    })
    const positions = await api.get('/v1/ledger/fx/positions')
    expect(positions.body.positions).toEqual([
      { account: account('3002', 'CNY'), currency: 'CNY', position: '-720.00' },
      { account: account('3002', 'USD'), currency: 'USD', position: '100.00' },
    ])
  })

  it('makes an asset that gives poorer by a credit', async () => {
    const body = {
      sell: { account: account('1002', 'USD'), currency: 'USD', amount: '40.00' },
      buy: { account: account('1002', 'CNY'), currency: 'CNY' },
      ...{ base: 'USD', midRate: '7.25', appliedRate: '7.25', rounding: 'down' },
    }
    expect((await exchange(body)).status).toBe(201)
    expect(await balance('1002', 'USD')).toBe('-40.00')
    expect(await balance('1002', 'CNY')).toBe('290.00')
    expect(await balance('3002', 'USD')).toBe('60.00')
    expect(await balance('3002', 'CNY')).toBe('-430.00')
  })

  it('revalues the positions to the base currency and posts gain or loss', async () => {
    // 60 USD at 7.3 are 438.00, carried at 430.00.
    const gain = await revalue({ base: 'CNY', rates: [{ currency: 'USD', rate: '7.3' }], rounding: 'half_even' })
    expect(gain).toMatchObject({ status: 201, body: { gain: '8.00' } })
    expect(await balance('5102', 'CNY')).toBe('8.00')
    expect(await balance('3002', 'CNY')).toBe('-438.00')
    const none = await revalue({ base: 'CNY', rates: [{ currency: 'USD', rate: '7.3' }], rounding: 'half_even' })
    expect(none.body).toMatchObject({ gain: '0.00', entry: null })
    const loss = await revalue({ base: 'CNY', rates: [{ currency: 'USD', rate: '7.25' }], rounding: 'half_even' })
    expect(loss.body).toMatchObject({ gain: '-3.00' })
    expect(await balance('6101', 'CNY')).toBe('3.00')
    const entry = await api.get(`/v1/ledger/entries/${loss.body.entry}`)
    expect(entry.body.facts).toMatchObject({
      revaluation: { gain_minor: '-300', positions: { USD: { position_minor: '6000', rate: '7.25' } } },
    })
    const report = await verifyLedger(api.world.institution.db)
    expect(report.findings).toEqual([])
  })

  it('tells what is wrong', async () => {
    const wallet = await api.openWallet()
    const cases: readonly (readonly [object, number, string | undefined])[] = [
      [{ base: 'EUR' }, 400, 'base'],
      [{ spreadBps: undefined }, 400, 'appliedRate'],
      [{ appliedRate: '7' }, 400, 'appliedRate'],
      [{ spreadBps: '10000' }, 400, 'spreadBps'],
      [{ midRate: '0.0' }, 400, 'midRate'],
      [{ rounding: 'nicely' }, 400, 'rounding'],
      [{ buy: { account: account('2003', 'USD'), currency: 'USD' } }, 400, 'buy.currency'],
      [{ buy: { account: account('2003', 'CNY'), currency: 'CNY', amount: '1.00' } }, 400, 'sell.amount'],
      [{ buy: { account: wallet, currency: 'CNY' } }, 422, 'buy.account'],
      [{ sell: { account: account('2003', 'CNY'), currency: 'USD', amount: '1.00' } }, 422, 'sell.account'],
    ]
    for (const [change, status, field] of cases) {
      expect(await exchange(dollars(change)), field).toMatchObject({ status, body: { errors: [{ field }] } })
    }
    const tiny = dollars({
      sell: { account: account('2003', 'USD'), currency: 'USD', amount: '0.01' },
      midRate: '0.0001',
    })
    expect(await exchange(tiny)).toMatchObject({ status: 422, body: { code: 'amount_not_positive' } })
    const eur = await api.open('2003', undefined, 'EUR')
    const noPosition = dollars({ buy: { account: eur, currency: 'EUR' }, postSpread: false })
    expect(await exchange(noPosition)).toMatchObject({ status: 422, body: { code: 'subject_account_missing' } })
    const rates = [{ currency: 'EUR', rate: '7.9' }]
    expect(await revalue({ base: 'CNY', rates, rounding: 'up' })).toMatchObject({
      ...{ status: 422, body: { code: 'rate_missing', errors: [{ field: 'rates' }] } },
    })
  })
})

describe('the accounts of a subject', () => {
  let world: LedgerWorld
  beforeAll(async () => {
    world = await startLedgerWorld()
  })
  afterAll(() => world.committer.stop())

  it('are known to commands of the batch that opens them, and of those after it', async () => {
    const from = await world.open('2003', null, USD)
    const to = await world.open('2003', null, EUR)
    const open = (subject: '3002', of: CurrencyCode) =>
      world.committer.submit({
        kind: world.commands.openAccount,
        input: { slot: 0, subject, currency: of, owner: null, floorMinor: null },
      })
    const swap = () =>
      world.committer.submit({
        kind: world.commands.exchange,
        input: {
          ...{ from, to, sold: USD, bought: EUR, fixed: 'sold', base: 'sold', amountMinor: 100n },
          ...{ midRate: new Exact('0.9'), appliedRate: new Exact('0.9'), rounding: 'half_even' },
          ...{ postSpread: false, reference: null, raw: true },
        },
      })
    // All at once: whatever batches they fall into, they are decided in this order.
    const outcomes = await Promise.all([
      ...[swap(), open('3002', USD), swap(), open('3002', EUR), swap(), open('3002', CNY), swap()],
      ...[open('3002', EUR), swap()],
    ])
    const told = outcomes.map((one) => (one.status === 'refused' ? one.refusal.code : one.status))
    expect(told).toEqual([
      ...['subject_account_missing', 'done', 'subject_account_missing', 'done', 'done', 'done', 'done'],
      ...['done', 'subject_account_ambiguous'],
    ])
  })
})
