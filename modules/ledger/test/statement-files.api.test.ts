import { readFileSync } from 'node:fs'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALL_STAFF, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let shop: string

function leg(debit: string, credit: string, amount: string, more: object = {}) {
  return { type: 'transfer', debit, credit, amount, currency: 'CNY', ...more }
}

/** Two accounting days: 100.00 in and 0.01 to 0.90 out; then a hold of 5.00, of which 2.00 are captured, and 1.50 in. */
beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  shop = await api.open('2003', '0')
  transfersOf(await api.post([leg(bank, shop, '100.00', { code: 'top_up' })]))
  for (let n = 1; n <= 90; n += 1) transfersOf(await api.post([leg(shop, bank, (n / 100).toFixed(2))]))
  const { committer, commands } = api.world
  await committer.submit({ kind: commands.closeDay, input: { next: '2026-11-23' } })
  const [hold] = transfersOf(await api.post([leg(shop, bank, '5.00', { type: 'hold' })]))
  transfersOf(await api.post([{ type: 'capture', hold, amount: '2.00', currency: 'CNY' }]))
  transfersOf(await api.post([leg(bank, shop, '1.50')]))
}, 240_000)

afterAll(() => api.stop())

async function file(path: string): Promise<{ status: number; type: string; bytes: Buffer; name: string }> {
  const answer = await api.http.inject({ method: 'GET', url: path, headers: { authorization: `Bearer ${ALL_STAFF}` } })
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type']),
    name: String(answer.headers['content-disposition']),
    bytes: answer.rawPayload,
  }
}

const statement = (ending: string, from: string, to: string, account = shop) =>
  file(`/v1/ledger/accounts/${account}/statement.${ending}?from=${from}&to=${to}`)

describe('a statement as CSV', () => {
  it('leads from the opening over each entry to the closing balance', async () => {
    const { status, type, bytes, name } = await statement('csv', '2026-11-22', '2026-11-22')
    expect([status, type]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(name).toBe(`attachment; filename="${shop}-20261122-20261122.csv"`)
    const lines = bytes.toString().trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 1 + 91 + 1)
    expect(lines[1]).toBe(`opening,2026-11-22,,,,,,${shop},,,0.00,CNY`)
    expect(lines[2]).toMatch(/^1,2026-11-22,2026-11-22,\S+,\d+,tran_\w+,top_up,acct_\w+,,100\.00,100\.00,CNY$/)
    expect(lines[92]).toMatch(/^91,.*,adjustment,acct_\w+,0\.90,,59\.05,CNY$/)
    expect(lines[93]).toBe(`closing,2026-11-22,,,,,,${shop},40.95,100.00,59.05,CNY`)
  })

  it('of an open day is an interim one, without what only holds promise', async () => {
    const { bytes } = await statement('csv', '2026-11-23', '2026-11-30')
    const lines = bytes.toString().trimEnd().split('\r\n')
    expect(lines[1]).toContain(',59.05,')
    expect(lines.slice(2, 4).map((line) => line.split(',')[0])).toEqual(['93', '94'])
    expect(lines[4]).toBe(`interim,2026-11-30,,,,,,${shop},2.00,1.50,58.55,CNY`)
  })

  it('of an account that grows by debits shows the same amounts on the other side', async () => {
    const { bytes } = await statement('csv', '2026-11-22', '2026-11-22', bank)
    expect(bytes.toString()).toContain('closing,2026-11-22,,,,,,')
    expect(bytes.toString()).toContain(',100.00,40.95,59.05,CNY')
  })

  it('before the account was opened is empty', async () => {
    const { bytes } = await statement('csv', '2020-01-01', '2020-12-31')
    expect(bytes.toString().trimEnd().split('\r\n')).toHaveLength(3)
  })
})

describe('a statement as camt.053', () => {
  it('is valid, and its balances and entries add up', async () => {
    const path = new URL('../../../packages/iso20022/xsd/camt.053.001.08.xsd', import.meta.url)
    using schema = XmlDocument.fromBuffer(readFileSync(path))
    using validator = XsdValidator.fromDoc(schema)
    for (const [account, from, to] of [
      [shop, '2026-11-22', '2026-11-22'],
      [bank, '2026-11-22', '2026-11-23'],
      [shop, '2020-01-01', '2020-01-01'],
    ] as const) {
      const { status, type, bytes } = await statement('xml', from, to, account)
      expect([status, type]).toEqual([200, 'application/xml; charset=utf-8'])
      using document = XmlDocument.fromBuffer(bytes)
      validator.validate(document)
      const cents = (path: string) =>
        document.find(path, { c: NAMESPACE }).map((node) => {
          const amount = Number(node.get('c:Amt', { c: NAMESPACE })?.content.replace('.', ''))
          return node.get('c:CdtDbtInd', { c: NAMESPACE })?.content === 'CRDT' ? amount : -amount
        })
      const [opening = 0, closing = 0] = cents('//c:Bal')
      expect(opening + cents('//c:Ntry').reduce((sum, amount) => sum + amount, 0)).toBe(closing)
    }
  })
})

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'

describe('a statement as PDF', () => {
  it('is drawn with its own font, page after page', { timeout: 300_000 }, async () => {
    const first = await statement('pdf', '2026-11-22', '2026-11-23')
    expect([first.status, first.type]).toEqual([200, 'application/pdf'])
    expect(first.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    const text = first.bytes.toString('latin1')
    expect(text.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(3)
    expect(text).toContain('NotoSans')
    // A part of the font and not all of it.
    expect(first.bytes.length).toBeLessThan(120_000)
  })
})

describe('a statement that cannot be had', () => {
  it.each([
    ['from=2026-11-22', 'to', 'required'],
    ['to=2026-11-22', 'from', 'required'],
    ['from=2026-11-22&to=2026-11-21', 'to', 'not_before_from'],
    ['from=2026-02-30&to=2026-11-21', 'from', 'malformed_date'],
    ['from=2026-11-22&to=2026-11-22&day=1', 'day', 'unknown_field'],
    ['from=2026-11-22&from=2026-11-23&to=2026-11-22', 'from', 'type'],
  ])('asked for with %s is refused: %s %s', async (query, field, rule) => {
    for (const ending of ['csv', 'xml', 'pdf']) {
      const answer = await api.get(`/v1/ledger/accounts/${shop}/statement.${ending}?${query}`)
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field, rule }] } })
    }
  })

  it('is 404 of an account that is not there, and needs the scope to read', async () => {
    const path = (id: string) => `/v1/ledger/accounts/${id}/statement.csv?from=2026-11-22&to=2026-11-22`
    expect((await api.get(path('acct_000000000012'))).status).toBe(404)
    expect((await api.get(path('x'))).status).toBe(404)
    expect((await api.call('GET', path(shop), { as: 'staff ledger:post' })).status).toBe(403)
    expect((await api.call('GET', path(shop), { as: 'customer ledger:read' })).status).toBe(403)
    expect((await api.call('GET', path(shop), { as: null })).status).toBe(401)
  })
})

describe('a statement with sums of 19 digits', () => {
  it('is a CSV but no camt.053, which has 18 digits for an amount', async () => {
    const large = await api.open('2003')
    const wide = () => statement('xml', '2026-11-01', '2026-11-30', large)
    transfersOf(await api.post([leg(bank, large, '9999999999999999.99')]))
    expect((await wide()).status).toBe(200)
    transfersOf(await api.post([leg(large, bank, '9999999999999999.98')]))
    expect((await wide()).status).toBe(200)
    transfersOf(await api.post([leg(bank, large, '0.01')]))
    const refused = await wide()
    expect([refused.status, refused.bytes.toString()]).toEqual([422, expect.stringContaining('amounts_too_long')])
    const { status, bytes } = await statement('csv', '2026-11-01', '2026-11-30', large)
    expect([status, bytes.toString()]).toEqual([200, expect.stringContaining(',10000000000000000.00,')])
  })
})
