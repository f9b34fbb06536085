import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tieClosedDays } from '../src/day-jobs.ts'
import { ALL_STAFF, itemsOf, type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let fees: string

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  fees = await api.open('5001')
  await api.open('4002')
})

afterAll(() => api.stop())

const put = (year: string, state: string) => api.call('PUT', `/v1/ledger/years/${year}`, { body: { state } })

describe('years over HTTP', () => {
  it('are closed when their last day is final, once, and opened again', async () => {
    await api.post([{ type: 'transfer', debit: bank, credit: fees, amount: '5.00', currency: 'CNY' }])
    const early = await put('2026', 'closed')
    expect([early.status, early.body.code]).toEqual([422, 'year_not_final'])
    const { committer, commands, institution } = api.world
    for (const next of ['2026-12-31', '2027-01-01'])
      await committer.submit({ kind: commands.closeDay, input: { next } })
    await tieClosedDays({ db: institution.db, committer, commands })
    await api.call('POST', '/v1/ledger/days/finalize', { key: 'final', body: { through: '2026-12-31' } })
    expect(await put('2026', 'closed')).toMatchObject({ status: 200, body: { year: 2026, state: 'closed', count: 1 } })
    expect((await put('2026', 'closed')).body).toMatchObject({ count: 0 })
    const years = itemsOf(await api.get('/v1/ledger/years'))
    expect(years).toMatchObject([{ year: 2026, state: 'closed', entries: [expect.stringMatching(/^tran_/)] }])
    expect((await put('2026', 'open')).body).toMatchObject({ state: 'open', count: 1 })
    expect((await put('2026', 'open')).body.code).toBe('year_not_closed')
    expect((await put('2026', 'closed')).body).toMatchObject({ count: 1 })
  })

  it.each([
    ['26', 'closed', 'year'],
    ['1970', 'closed', 'year'],
    ['9999', 'closed', 'year'],
    ['2026', 'shut', 'state'],
  ])('do not take %s and %s', async (year, state, field) => {
    expect(await put(year, state)).toMatchObject({ status: 400, body: { errors: [{ field }] } })
  })

  it.each(['year_end', 'year_end_reversal'])('are the only way to post with the code %s', async (code) => {
    const leg = { type: 'transfer', debit: bank, credit: fees, amount: '5.00', currency: 'CNY', code }
    expect(await api.post([leg])).toMatchObject({ status: 400, body: { errors: [{ rule: 'known_code' }] } })
    const lines = ['debit', 'credit'].map((side) => ({ side, account: bank, amount: '1.00', currency: 'CNY' }))
    const entry = await api.call('POST', '/v1/ledger/entries', { key: `e ${code}`, body: { lines, code } })
    expect(entry).toMatchObject({ status: 400, body: { errors: [{ field: 'code', rule: 'known_code' }] } })
    const template = { code, parameters: { amount: 'amount' }, lines: [] }
    const published = await api.call('PUT', '/v1/ledger/templates/year', { body: { definition: template } })
    expect(JSON.stringify(published.body)).toContain('known_code')
  })
})

describe('reports over HTTP', () => {
  const csv = async (path: string) => {
    const headers = { authorization: `Bearer ${ALL_STAFF}` }
    const answer = await api.http.inject({ method: 'GET', url: path, headers })
    return { status: answer.statusCode, type: answer.headers['content-type'], text: answer.body }
  }

  it('come as CSV too, before and after closing', async () => {
    const day = 'from=2026-12-31&to=2026-12-31&basis=value'
    const after = await csv(`/v1/ledger/reports/trial-balance.csv?${day}`)
    expect([after.status, after.type]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(after.text).toContain('CNY,5001,"Payment fees","支付手续费收入",subject,5.00,10.00,5.00,0.00\r\n')
    const before = await csv(`/v1/ledger/reports/trial-balance.csv?${day}&closing=before`)
    expect(before.text).toContain('CNY,5001,"Payment fees","支付手续费收入",subject,5.00,0.00,0.00,5.00\r\n')
    const income = await csv('/v1/ledger/reports/income-statement.csv?from=2026-01-01&to=2026-12-31&basis=value')
    expect(income.text).toContain('CNY,5001,"Payment fees","支付手续费收入",subject,0.00,0.00,5.00,5.00\r\n')
    expect((await csv('/v1/ledger/reports/balance-sheet.csv')).text).toContain('CNY,4002,')
  })

  it.each(['basis=soon', 'closing=never', 'from=2026-02-30', 'from=2027-02-01&to=2027-01-01', 'day=1', 'to=a&to=b'])(
    'do not take %s',
    async (query) => {
      expect((await csv(`/v1/ledger/reports/trial-balance.csv?${query}`)).status).toBe(400)
    },
  )
})
