import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

let api: LedgerApi

beforeAll(async () => {
  api = await startLedgerApi()
})

afterAll(() => api.stop())

describe('GET /v1/ledger/chart', () => {
  it('tells the subjects of the institution in the order of a report', async () => {
    const { status, body } = await api.get('/v1/ledger/chart')
    expect([status, body.kind, body.kindZh]).toEqual([200, 'wallet_platform', '支付机构'])
    const { subjects } = body
    if (!Array.isArray(subjects)) throw new Error('no subjects')
    const codes = subjects.map((subject) => subject.code)
    expect(codes.slice(0, 3)).toEqual(['1000', '1010', '1001'])
    expect(codes).not.toContain('1201')
    expect(subjects.find((subject) => subject.code === '2001')).toEqual({
      ...{ code: '2001', name: 'Customer wallets', nameZh: '个人支付账户余额', class: 'liability', parent: '2010' },
      ...{ depth: 2, heldFor: 'customer', posting: true, currencies: null },
    })
  })

  it.each([
    ['1010', 'subject_is_heading'],
    ['1201', 'subject_not_in_chart'],
  ])('names why no account can be opened on %s', async (subject, code) => {
    const request = { key: `open ${subject}`, body: { subject, currency: 'CNY' } }
    const answer = await api.call('POST', '/v1/ledger/accounts', request)
    expect([answer.status, answer.body.code]).toEqual([422, code])
  })
})
