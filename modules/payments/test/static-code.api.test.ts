import { readEmvMerchantCode } from '@huitong/formats'
import { findCustomer } from '@huitong/party'
import { adoptLimits } from '@huitong/pricing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueCode } from '../src/index.ts'
import { type PaymentsHttp, startPaymentsHttp } from './payments-http.ts'
import { MINUTE, type PaymentsWorld, START, startPaymentsWorld } from './payments-world.ts'

let world: PaymentsWorld
let api: PaymentsHttp
let merchant: number
let payer: number
let shop: string
let me: string

beforeAll(async () => {
  world = await startPaymentsWorld(21)
  api = await startPaymentsHttp(world)
  merchant = await world.merchant(6000)
  payer = await world.customer(200_000n)
  shop = `merchant ${merchant}`
  me = `customer ${payer}`
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await api.http.drain()
  await world.committer.stop()
})

const yuan = (value: string) => ({ currency: 'CNY', value })

async function code(as = shop, label = 'Counter 1'): Promise<{ reference: string; emv: string; payeeName: string }> {
  const { status, body } = await api.call(as, 'POST', '/v1/static-codes', label === '' ? {} : { label })
  expect(status).toBe(201)
  return { reference: String(body.reference), emv: String(body.emv), payeeName: String(body.payeeName) }
}

function pay(reference: string, value: string, payeeName: string, as = me, key?: string) {
  return api.call(as, 'POST', `/v1/static-codes/${reference}/payments`, { amount: yuan(value), payeeName }, key)
}

const told = ({ status, body }: { status: number; body: Readonly<Record<string, unknown>> }) => [
  status,
  String(body.type).split(':').at(-1),
]

describe('a static code', () => {
  it('is an EMVCo code that says who is paid, is resolved to the registered name, and paid', async () => {
    const { reference, emv, payeeName } = await code()
    expect(readEmvMerchantCode(emv)).toMatchObject({
      ok: true,
      value: { use: 'static', amount: null, name: 'Tea house' },
    })
    const resolved = await api.call(me, 'POST', '/v1/codes/resolve', { code: emv })
    expect(resolved).toMatchObject({
      status: 200,
      body: { ...{ kind: 'static', institution: 'yunhe', reference, token: null, payeeName }, amount: null },
    })
    const paid = await pay(reference, '8.88', payeeName, me, 'K1')
    expect(paid).toMatchObject({ status: 201, body: { payment: { state: 'paid', total: '8.88' }, transfer: null } })
    expect(await pay(reference, '8.88', payeeName, me, 'K1')).toMatchObject(paid)
    expect([await world.walletOf(payer), await world.merchantHas(merchant)]).toEqual(['1991.12', '8.83'])
    const refund = { merchant, trade: null, orderNumber: String(Object(paid.body.payment).orderNumber) }
    const refunded = await world.committer.submit({
      kind: world.payments.refund,
      input: { ...refund, refundNumber: 'R', amountMinor: 888n, reason: null },
    })
    expect(refunded.status).toBe('done')
  })

  it('of a person shows a masked name and makes a transfer', async () => {
    const friend = await world.customer(0n)
    const row = await world.institution.db.read((tx) => findCustomer(tx, friend))
    const { reference, payeeName } = await code(`customer ${friend}`, '')
    expect(payeeName).toBe('C****** 2')
    expect(row?.displayName).toBe('Customer 2')
    const paid = await pay(reference, '1.50', payeeName)
    expect(paid).toMatchObject({ status: 201, body: { payment: null, transfer: { amount: '1.50' } } })
    expect(await world.walletOf(friend)).toBe('1.50')
    expect(told(await pay(reference, '1.00', payeeName, `customer ${friend}`))).toEqual([422, 'payer_is_payee'])
  })

  it('pays nobody whose name the payer did not confirm', async () => {
    const { reference } = await code()
    const before = await world.walletOf(payer)
    for (const name of ['Coffee house', 'tea house', 'Tea house.']) {
      expect(told(await pay(reference, '1.00', name))).toEqual([409, 'payee_name_not_confirmed'])
    }
    expect(await world.walletOf(payer)).toBe(before)
  })

  it('that another put over it leads to the other one’s name, whatever is printed in it', async () => {
    const thief = await world.merchant(0)
    const { reference } = await code(`merchant ${thief}`)
    const issuer = { institution: 'yunhe', country: 'CN', city: 'HANGZHOU' }
    const issued = { kind: 'static', institution: 'yunhe', reference } as const
    const sticker = issueCode(issuer, issued, { name: 'Bank of Everybody', number: '1' }, null)
    const resolved = await api.call(me, 'POST', '/v1/codes/resolve', { code: sticker })
    expect(resolved.body.payeeName).toBe('Tea house')
  })

  it('is replaced in one step, and the old one is dead at once', async () => {
    const { reference, payeeName } = await code()
    const next = await api.call(shop, 'POST', `/v1/static-codes/${reference}/reissue`, {}, 'R1')
    expect(next.status).toBe(201)
    expect(await api.call(shop, 'GET', `/v1/static-codes/${reference}`)).toMatchObject({
      body: { state: 'revoked', replacedBy: next.body.reference },
    })
    expect(told(await pay(reference, '1.00', payeeName))).toEqual([404, 'static_code_invalid'])
    expect((await pay(String(next.body.reference), '1.00', payeeName)).status).toBe(201)
    const again = await api.call(shop, 'POST', `/v1/static-codes/${reference}/reissue`, {}, 'R1')
    expect(again.body.reference).toBe(next.body.reference)
    expect(told(await api.call(shop, 'POST', `/v1/static-codes/${reference}/reissue`, {}))).toEqual([
      404,
      'static_code_invalid',
    ])
  })

  it('is revoked by its owner or by staff, once', async () => {
    const first = await code()
    expect((await api.call(shop, 'POST', `/v1/static-codes/${first.reference}/revoke`)).body.state).toBe('revoked')
    expect((await api.call(shop, 'POST', `/v1/static-codes/${first.reference}/revoke`)).status).toBe(200)
    const second = await code()
    expect((await api.call('staff', 'POST', `/v1/static-codes/${second.reference}/revoke`)).status).toBe(200)
    expect((await api.page('', `/c/${second.reference}`)).status).toBe(404)
  })

  it('of somebody else looks like none', async () => {
    const { reference } = await code()
    const other = `merchant ${await world.merchant(0)}`
    for (const [method, end] of [
      ['GET', ''],
      ['POST', '/revoke'],
      ['POST', '/reissue'],
      ['GET', '/code.svg'],
      ['GET', '/code.png'],
    ] as const) {
      const url = `/v1/static-codes/${reference}${end}`
      const { statusCode: status } = await api.http.inject({
        ...{ method, url, headers: { authorization: other, 'idempotency-key': end } },
        ...(end === '/reissue' ? { payload: {} } : {}),
      })
      expect([url, status]).toEqual([url, 404])
    }
  })

  it('is listed for its owner, newest first, page by page', async () => {
    const owner = `merchant ${await world.merchant(0)}`
    const made = [await code(owner, 'a'), await code(owner, 'b'), await code(owner, 'c')]
    const first = await api.call(owner, 'GET', '/v1/static-codes?limit=2')
    expect(Object(first.body).items.map((one: { label: string }) => one.label)).toEqual(['c', 'b'])
    const rest = await api.call(owner, 'GET', `/v1/static-codes?limit=2&cursor=${String(first.body.nextCursor)}`)
    expect(Object(rest.body).items.map((one: { reference: string }) => one.reference)).toEqual([made[0]?.reference])
  })

  it('is drawn as SVG and PNG', async () => {
    const { reference } = await code()
    const headers = { authorization: shop }
    const svg = await api.http.inject({ url: `/v1/static-codes/${reference}/code.svg`, headers })
    expect([svg.headers['content-type'], svg.body.startsWith('<svg')]).toEqual(['image/svg+xml', true])
    const png = await api.http.inject({ url: `/v1/static-codes/${reference}/code.png`, headers })
    expect([png.headers['content-type'], png.rawPayload.subarray(1, 4).toString()]).toEqual(['image/png', 'PNG'])
  })
})

describe('limits', () => {
  beforeAll(async () => {
    await adoptLimits({ db: world.institution.db, committer: world.committer, commands: world.pricing.commands })
  })

  it('hold per payment and per day in Beijing over all codes, and a refused payment takes nothing of them', async () => {
    const spender = await world.customer(1_000_000n)
    const as = `customer ${spender}`
    const [one, two] = [await code(), await code()]
    expect(told(await pay(one.reference, '500.01', one.payeeName, as))).toEqual([409, 'payer_day_limit'])
    expect((await pay(one.reference, '300.00', one.payeeName, as)).status).toBe(201)
    expect(told(await pay(two.reference, '200.01', two.payeeName, as))).toEqual([409, 'payer_day_limit'])
    const poor = `customer ${await world.customer(100n)}`
    expect(told(await pay(one.reference, '499.00', one.payeeName, poor))).toEqual([409, 'payer_without_funds'])
    expect((await pay(one.reference, '1.00', one.payeeName, poor)).status).toBe(201)
    expect((await pay(two.reference, '200.00', two.payeeName, as)).status).toBe(201)
    // Twelve hours after noon in Beijing, less a microsecond: still the same day. Then it is the next.
    world.clock.set(START + 12 * 60 * MINUTE - 60_000_000)
    expect(told(await pay(two.reference, '0.01', two.payeeName, as))).toEqual([409, 'payer_day_limit'])
    world.clock.set(START + 12 * 60 * MINUTE)
    expect((await pay(two.reference, '500.00', two.payeeName, as)).status).toBe(201)
  })

  it('hold when many payments come at once', async () => {
    const as = `customer ${await world.customer(1_000_000n)}`
    const { reference, payeeName } = await code()
    const answers = await Promise.all(Array.from({ length: 12 }, () => pay(reference, '60.00', payeeName, as)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(8)
  })
})

describe('a dynamic code', () => {
  it('wraps an order code: it is resolved with amount and subject, scanned and paid', async () => {
    const order = { orderNumber: 'DYN-1', amount: yuan('12.50'), subject: 'Green tea' }
    const shown = await api.call(shop, 'POST', '/v1/order-codes', order)
    const emv = String(shown.body.emv)
    expect(readEmvMerchantCode(emv)).toMatchObject({ value: { use: 'dynamic', amount: '12.50' } })
    for (const text of [emv, String(shown.body.url)]) {
      expect(await api.call(me, 'POST', '/v1/codes/resolve', { code: text })).toMatchObject({
        status: 200,
        body: { kind: 'order', payeeName: 'Tea house', amount: '12.50', subject: 'Green tea', token: shown.body.token },
      })
    }
    const trade = await api.call(me, 'POST', `/v1/order-codes/${String(shown.body.token)}/scan`)
    expect((await api.call(me, 'POST', `/v1/payments/${String(trade.body.id)}/confirm`)).body.state).toBe('paid')
    expect((await api.call(me, 'POST', '/v1/codes/resolve', { code: emv })).status).toBe(404)
  })
})

describe('a scanned text that cannot be paid is refused with the reason', () => {
  const foreign =
    '00020101021126390015com.example.pay011620880000000000015204541153031565802CN5911TEST MARKET6008HANGZHOU630486D9'
  it.each([
    ['a wrong check sum', (emv: string) => `${emv.slice(0, -1)}${emv.endsWith('0') ? '1' : '0'}`, 'crc_wrong'],
    ['half of it', (emv: string) => emv.slice(0, 40), 'crc_missing'],
    ['a code of another scheme', () => foreign, 'scheme_unknown'],
    ['a page of somebody else', () => 'https://evil.example/c/7K3M9QX2A4BC5DEF', 'crc_missing'],
    ['nothing', () => '', 'too_short'],
  ])('%s', async (_, change, rule) => {
    const { emv } = await code()
    const answer = await api.call(me, 'POST', '/v1/codes/resolve', { code: change(emv) })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'code', rule }] } })
  })

  it('a code of an institution that is not known here', async () => {
    const issuer = { institution: 'lijiang', country: 'CN', city: 'LIJIANG' }
    const issued = { kind: 'static', institution: 'lijiang', reference: '7K3M9QX2A4BC5DEF' } as const
    const emv = issueCode(issuer, issued, { name: 'Shop', number: '1' }, null)
    const answer = await api.call(me, 'POST', '/v1/codes/resolve', { code: emv })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'code', rule: 'institution_unknown' }] } })
  })
})

describe('the page of a static code', () => {
  it('shows the registered name, asks again with the amount, pays once however often it is clicked', async () => {
    const { reference } = await code()
    const before = Number(await world.walletOf(payer))
    const page = await api.page(me, `/c/${reference}`)
    for (const shown of ['Tea house', 'Counter 1', 'name="amount"']) expect(page.text).toContain(shown)
    const asked = await api.form(me, `/c/${reference}/check`, { amount: '3.20' })
    expect(asked.text).toContain('Pay Tea house · 确认付款')
    const hidden = [...asked.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    const fields = Object.fromEntries(hidden.map(([, name, value]) => [name, value]))
    const clicks = await Promise.all([1, 2, 3].map(() => api.form(me, `/c/${reference}/pay`, fields)))
    for (const { status, text } of clicks) expect([status, text.includes('role="status"')]).toEqual([200, true])
    expect(before - Number(await world.walletOf(payer))).toBeCloseTo(3.2)
    const other = await api.form(me, `/c/${reference}/pay`, { ...fields, amount: '9.99' })
    expect([other.status, other.text.includes('role="status"')]).toEqual([409, false])
  })

  it.each([
    ['no amount', {}],
    ['a negative one', { amount: '-1' }],
    ['words', { amount: '<script>' }],
    ['three decimals', { amount: '1.001' }],
  ])('asks again for %s', async (_, fields) => {
    const { reference } = await code()
    const asked = await api.form(me, `/c/${reference}/check`, fields)
    expect([asked.status, asked.text.includes('Enter an amount'), asked.text.includes('<script')]).toEqual([
      409,
      true,
      false,
    ])
  })

  it('tells whoever is no customer to sign in, and takes no step for them', async () => {
    const { reference } = await code()
    expect((await api.page('', `/c/${reference}`)).text).toContain(`href="/signin?next=%2Fc%2F${reference}"`)
    for (const step of ['check', 'pay']) expect((await api.form('', `/c/${reference}/${step}`, {})).status).toBe(303)
  })

  it('of an unknown code says so', async () => {
    for (const reference of ['0000000000000000', 'x', '%3Cscript%3E']) {
      const page = await api.page(me, `/c/${reference}`)
      expect([page.status, page.text.includes('Do not pay by it')]).toEqual([404, true])
    }
  })
})
