import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { itemsOf, type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let transit: string

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  transit = await api.open('2003')
})

afterAll(() => api.stop())

function leg(effectiveOn?: string) {
  const fields = { type: 'transfer', debit: bank, credit: transit, amount: '5.00', currency: 'CNY' }
  return effectiveOn === undefined ? fields : { ...fields, effectiveOn }
}

describe('accounting days over HTTP', () => {
  it('are closed by staff, listed with who closed them, and take back-dated transfers', async () => {
    expect((await api.post([leg()])).status).toBe(201)
    const close = await api.call('POST', '/v1/ledger/days/close', { key: 'close', body: {} })
    expect([close.status, close.body.next]).toEqual([200, '2026-11-23'])
    // A repeat closes no further day, though another one is open now.
    const again = await api.call('POST', '/v1/ledger/days/close', { key: 'close', body: {} })
    expect([again.status, again.body]).toEqual([200, close.body])
    const [day] = itemsOf(await api.get('/v1/ledger/days'))
    expect(day).toMatchObject({ day: '2026-11-22', state: 'closing', nextDay: '2026-11-23', closedBy: 'staff:1' })
    expect((await api.post([leg('2026-11-22')])).status).toBe(201)
    const late = await api.post([leg('2026-11-30')])
    expect([late.status, late.body.code]).toEqual([422, 'effective_day_in_future'])
    const untied = await api.call('POST', '/v1/ledger/days/finalize', { key: 'f', body: { through: '2026-11-22' } })
    expect(untied.body.code).toBe('day_not_tied')
  })

  it.each([
    ['/v1/ledger/days/close', { next: '9999-01-01' }, 'next'],
    ['/v1/ledger/days/close', { next: '2026-02-30' }, 'next'],
    ['/v1/ledger/days/finalize', { through: 'soon' }, 'through'],
  ])('%s refuses %j', async (url, body, field) => {
    const answer = await api.call('POST', url, { key: JSON.stringify(body), body })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toMatchObject([{ field }])
  })
})

describe('reports over HTTP', () => {
  it('differ by booking and value date, and the tie holds', async () => {
    const at = async (query: string) => {
      const { status, body } = await api.get(`/v1/ledger/reports/trial-balance?${query}`)
      expect(status).toBe(200)
      const { reports } = body
      if (!Array.isArray(reports)) throw new Error('no reports')
      return reports[0]
    }
    expect(await at('to=2026-11-22')).toMatchObject({ debits: '5.00', balanced: true })
    expect(await at('to=2026-11-22&basis=value')).toMatchObject({ debits: '10.00', balanced: true })
    expect((await api.get('/v1/ledger/tie')).body).toMatchObject({ tied: true, differences: [] })
    expect((await api.get('/v1/ledger/reports/balance-sheet?from=2026-11-24&to=2026-11-23')).status).toBe(400)
  })
})
