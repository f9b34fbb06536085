import type { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { readEmvMerchantCode, signHttpAnswer, signHttpRequest } from '@huitong/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askPartners } from '../src/index.ts'
import { agree, type Platform, platform, yuan } from './partner-world.ts'
import type { Answer } from './payments-http.ts'

/* Two wallet platforms, each with its own books, server and key, which pay each other's codes. */

let yunhe: Platform
let lijiang: Platform
let payer: number
let shop: number

beforeAll(async () => {
  yunhe = await platform('yunhe', 51)
  lijiang = await platform('lijiang', 52)
  await agree(yunhe, lijiang, lijiang.url)
  await agree(lijiang, yunhe, yunhe.url)
  payer = await yunhe.world.customer(1_000_000n)
  shop = await lijiang.world.merchant(6000)
})

afterAll(async () => {
  for (const { api, world } of [yunhe, lijiang]) {
    expect(await world.imbalance()).toEqual([0n, 0n])
    await api.http.drain()
    await world.committer.stop()
  }
})

const told = ({ status, body }: Answer) => [status, String(body.type).split(':').at(-1)]

async function shopCode(as = `merchant ${shop}`): Promise<string> {
  return String((await lijiang.api.call(as, 'POST', '/v1/static-codes', {})).body.emv)
}

function pay(code: string, value: string, payeeName = 'Tea house', key?: string, who = payer) {
  return yunhe.api.call(
    `customer ${who}`,
    'POST',
    '/v1/partner-payments',
    { code, amount: yuan(value), payeeName },
    key,
  )
}

const jobs = () => ({ ...yunhe.world, db: yunhe.world.institution.db, partners: yunhe.api.partners })

async function positions(): Promise<readonly unknown[]> {
  await Promise.all([yunhe.world.committer.flush(), lijiang.world.committer.flush()])
  const owed = (await yunhe.api.call('staff', 'GET', '/v1/partners/lijiang')).body.owed
  return [owed, (await lijiang.api.call('staff', 'GET', '/v1/partners/yunhe')).body.owing]
}

async function settle(): Promise<void> {
  const [owed] = await positions()
  if (owed === '0.00') return
  const body = (direction: string) => ({ settlementNumber: `S-${Date.now()}`, direction, amount: yuan(String(owed)) })
  expect((await yunhe.api.call('staff', 'POST', '/v1/partners/lijiang/settlements', body('paid'))).status).toBe(201)
  const received = await lijiang.api.call('staff', 'POST', '/v1/partners/yunhe/settlements', body('received'))
  expect(received.status).toBe(201)
}

describe('a code of one platform, scanned by a customer of another', () => {
  it('shows the registered name from over there, is paid at once, and both books say who owes whom', async () => {
    const code = await shopCode()
    const resolved = await yunhe.api.call(`customer ${payer}`, 'POST', '/v1/codes/resolve', { code })
    expect(resolved).toMatchObject({ status: 200, body: { institution: 'lijiang', payeeName: 'Tea house' } })
    const before = Number(await yunhe.world.walletOf(payer))
    const paid = await pay(code, '100.00')
    expect(paid).toMatchObject({ status: 201, body: { state: 'paid', theirNumber: expect.stringMatching(/^prcp_/) } })
    expect(before - Number(await yunhe.world.walletOf(payer))).toBe(100)
    expect(await lijiang.world.merchantHas(shop)).toBe('99.40')
    expect(await positions()).toEqual(['100.00', '100.00'])
    await settle()
    expect(await positions()).toEqual(['0.00', '0.00'])
  })

  it('is paid to a person over there, too', async () => {
    const friend = await lijiang.world.customer(0n)
    const code = await shopCode(`customer ${friend}`)
    const resolved = await yunhe.api.call(`customer ${payer}`, 'POST', '/v1/codes/resolve', { code })
    expect((await pay(code, '2.00', String(resolved.body.payeeName))).body.state).toBe('paid')
    expect(await lijiang.world.walletOf(friend)).toBe('2.00')
  })

  it('asked for a hundred times under one key is paid once', async () => {
    const code = await shopCode()
    const before = [await positions(), await lijiang.world.merchantHas(shop)] as const
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(code, '1.00', 'Tea house', 'ONCE')))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(Number((await positions())[0]) - Number(before[0][0])).toBeCloseTo(1)
    expect(Number(await lijiang.world.merchantHas(shop)) - Number(before[1])).toBeCloseTo(0.99)
  })
})

describe('what the other platform refuses is given back', () => {
  it.each<[string, () => Promise<Answer>, string]>([
    ['another name', async () => pay(await shopCode(), '1.00', 'Coffee house'), 'payee_name_not_confirmed'],
    [
      'a code that was revoked',
      async () => {
        const made = await lijiang.api.call(`merchant ${shop}`, 'POST', '/v1/static-codes', {})
        const url = `/v1/static-codes/${String(made.body.reference)}/revoke`
        await lijiang.api.call(`merchant ${shop}`, 'POST', url)
        return pay(String(made.body.emv), '1.00')
      },
      'static_code_invalid',
    ],
  ])('%s', async (_, attempt, refusal) => {
    const before = [await yunhe.world.walletOf(payer), await positions()]
    expect(await attempt()).toMatchObject({ status: 201, body: { state: 'refused', refusal } })
    expect([await yunhe.world.walletOf(payer), await positions()]).toEqual(before)
  })
})

describe('an answer that nobody knows', () => {
  it('leaves the money held, is asked for again, and comes once', async () => {
    const code = await shopCode()
    const before = [await positions(), Number(await yunhe.world.walletOf(payer))] as const
    // The address leads nowhere: the request may have arrived, for all that anybody knows here.
    const nowhere = createServer((request) => request.socket.destroy())
    await new Promise<void>((done) => nowhere.listen(0, '127.0.0.1', done))
    const { port } = Object(nowhere.address())
    await agree(yunhe, lijiang, `http://127.0.0.1:${port}`)
    const sent = await pay(code, '3.00', 'Tea house', 'LOST')
    expect(sent.body.state).toBe('sending')
    expect([await askPartners(jobs()), (await pay(code, '3.00', 'Tea house', 'LOST')).body.state]).toEqual([
      0,
      'sending',
    ])
    expect(before[1] - Number(await yunhe.world.walletOf(payer))).toBeCloseTo(3)
    nowhere.close()
    await agree(yunhe, lijiang, lijiang.url)
    yunhe.world.clock.advance(60_000_000)
    await Promise.all([askPartners(jobs()), askPartners(jobs()), pay(code, '3.00', 'Tea house', 'LOST')])
    const url = `/v1/partner-payments/${String(sent.body.id)}`
    expect((await yunhe.api.call(`customer ${payer}`, 'GET', url)).body.state).toBe('paid')
    expect(Number((await positions())[0]) - Number(before[0][0])).toBeCloseTo(3)
    expect((await positions())[0]).toBe((await positions())[1])
  })

  it('of a partner that is away keeps nobody else’s payments from being sent', async () => {
    const away = await platform('away', 53)
    await agree(yunhe, away, away.url)
    const theirShop = await away.world.merchant(0)
    const made = await away.api.call(`merchant ${theirShop}`, 'POST', '/v1/static-codes', {})
    await away.api.http.drain()
    await away.world.committer.stop()
    for (let count = 0; count < 21; count += 1) {
      expect((await pay(String(made.body.emv), '0.01')).body.state).toBe('sending')
    }
    expect(yunhe.api.partners.rests(away.url)).toBe(true)
    const code = { code: String(made.body.emv) }
    expect((await yunhe.api.call(`customer ${payer}`, 'POST', '/v1/codes/resolve', code)).status).toBe(503)
    const nowhere = createServer((request) => request.socket.destroy())
    await new Promise<void>((done) => nowhere.listen(0, '127.0.0.1', done))
    await agree(yunhe, lijiang, `http://127.0.0.1:${Object(nowhere.address()).port}`)
    const sent = await pay(await shopCode(), '1.00')
    expect(sent.body.state).toBe('sending')
    nowhere.close()
    await agree(yunhe, lijiang, lijiang.url)
    yunhe.world.clock.advance(60_000_000)
    expect(await askPartners(jobs())).toBe(1)
    const url = `/v1/partner-payments/${String(sent.body.id)}`
    expect((await yunhe.api.call(`customer ${payer}`, 'GET', url)).body.state).toBe('paid')
  })

  it('that was given is the same when asked again', async () => {
    const code = await shopCode()
    const before = Number(await lijiang.world.merchantHas(shop))
    const first = await pay(code, '4.00', 'Tea house', 'TWICE')
    const again = await signed({ ...numbered(String(first.body.id), code), amount: yuan('4.00') })
    expect([again.status, Object(await again.json()).number]).toEqual([200, first.body.theirNumber])
    expect(Number(await lijiang.world.merchantHas(shop)) - before).toBeCloseTo(3.98)
  })
})

/** Somebody between the two, who says yes to everything; signed with the key, as an answer to the request or to another. */
async function answering(content: object, key?: { id: string; privateKey: KeyObject; toUrl?: string }) {
  const body = Buffer.from(JSON.stringify(content))
  const server = createServer(async (request, answer) => {
    const asked: Buffer[] = []
    for await (const part of request) asked.push(part)
    const contentType = 'application/json'
    const url = key?.toUrl ?? `http://${request.headers.host}${request.url}`
    const to = { method: 'POST', url, body: Buffer.concat(asked) }
    const signature =
      key === undefined ? {} : await signHttpAnswer({ status: 201, contentType, body }, to, key, new Date())
    answer.writeHead(201, { 'content-type': contentType, ...signature }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { server, url: `http://127.0.0.1:${Object(server.address()).port}` }
}

function numbered(paymentNumber: string, emv: string) {
  const read = readEmvMerchantCode(emv)
  const reference = read.ok ? (read.value.accounts[0]?.fields?.get('02') ?? '') : ''
  return { paymentNumber, reference, payeeName: 'Tea house' }
}

/** A request of yunhe's own making, as a partner's program would sign it. */
async function signed(
  content: object,
  change: Partial<{ id: string; key: typeof yunhe.api.privateKey; body: string }> = {},
) {
  const url = `${lijiang.url}/v1/partner/payments`
  const body = JSON.stringify(content)
  const key = { id: change.id ?? 'yunhe', privateKey: change.key ?? yunhe.api.privateKey }
  const headers = await signHttpRequest({ method: 'POST', url, body: Buffer.from(body) }, key, new Date())
  return fetch(url, { method: 'POST', headers, body: change.body ?? body })
}

describe('the partner API', () => {
  it('answers a number as it did the first time, and refuses it with other data', async () => {
    const content = { ...numbered('N-1', await shopCode()), amount: yuan('5.00') }
    const before = Number(await lijiang.world.merchantHas(shop))
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await signed(content)).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await signed({ ...content, amount: yuan('6.00') })).status).toBe(409)
    expect(Number(await lijiang.world.merchantHas(shop)) - before).toBeCloseTo(4.97)
    // Not through yunhe's books: a payment that its own program made up, which the position here shows.
    const [owed, owing] = await positions()
    expect(Number(owing) - Number(owed)).toBeCloseTo(5)
  })

  it('remembers a refusal, also when it could be granted by now', async () => {
    const made = await lijiang.api.call(`merchant ${shop}`, 'POST', '/v1/static-codes', {})
    const content = { ...numbered('N-2', String(made.body.emv)), payeeName: 'Coffee house', amount: yuan('1.00') }
    for (let count = 0; count < 2; count += 1) {
      expect(Object(await (await signed(content)).json()).code).toBe('payee_name_not_confirmed')
    }
  })

  it.each<[string, () => Promise<Response>]>([
    ['unsigned', async () => fetch(`${lijiang.url}/v1/partner/payments`, { method: 'POST', body: '{}' })],
    ['signed by somebody else', async () => signed({}, { key: lijiang.api.privateKey })],
    ['in an unknown name', async () => signed({}, { id: 'nobody' })],
    ['with another body', async () => signed({ a: 1 }, { body: '{"a":2}' })],
  ])('knows nobody who asks %s', async (_, ask) => {
    expect((await ask()).status).toBe(401)
  })

  it('is for partners only', async () => {
    for (const who of [`customer ${payer}`, `merchant ${shop}`, 'staff']) {
      expect((await lijiang.api.call(who, 'POST', '/v1/partner/payments', {})).status).toBe(403)
    }
  })
})

describe('the agreed limit', () => {
  it('holds in the payer’s books, promises counted, until money was settled', async () => {
    await agree(yunhe, lijiang, lijiang.url, '50.00')
    await settle().catch(() => undefined)
    const rich = await yunhe.world.customer(1_000_000n)
    const code = await shopCode()
    const [owed] = await positions()
    const room = (50 - Number(owed)).toFixed(2)
    expect((await pay(code, room, 'Tea house', undefined, rich)).body.state).toBe('paid')
    expect(told(await pay(code, '0.01', 'Tea house', undefined, rich))).toEqual([409, 'partner_limit_exceeded'])
    const body = { settlementNumber: 'L-1', direction: 'paid', amount: yuan('10.00') }
    const url = '/v1/partners/lijiang/settlements'
    expect((await yunhe.api.call('staff', 'POST', url, body)).body).toEqual({ open: '40.00', changed: true })
    expect((await yunhe.api.call('staff', 'POST', url, body)).body).toEqual({ open: '40.00', changed: false })
    expect(told(await yunhe.api.call('staff', 'POST', url, { ...body, amount: yuan('11.00') }))).toEqual([
      409,
      'partner_inconsistent',
    ])
    expect((await pay(code, '10.00', 'Tea house', undefined, rich)).body.state).toBe('paid')
    const more = { settlementNumber: 'L-2', direction: 'paid', amount: yuan('50.01') }
    expect(told(await yunhe.api.call('staff', 'POST', url, more))).toEqual([409, 'settlement_above_position'])
  })

  it('holds in the payee’s books, too', async () => {
    await agree(lijiang, yunhe, yunhe.url, '0.01')
    await agree(yunhe, lijiang, lijiang.url, '400.00')
    const rich = await yunhe.world.customer(1_000_000n)
    const sent = await pay(await shopCode(), '1.00', 'Tea house', undefined, rich)
    expect(sent.body).toMatchObject({ state: 'refused', refusal: 'partner_limit_exceeded' })
    expect(await yunhe.world.walletOf(rich)).toBe('10000.00')
  })
})

describe('what is not paid from here', () => {
  it.each<[string, () => Promise<Answer>, number]>([
    ['an own code', async () => pay(String((await ownCode()).body.emv), '1.00'), 400],
    ['no code', async () => pay('hello', '1.00'), 400],
    ['more than there is', async () => pay(await shopCode(), '100.00', 'Tea house', undefined, await poor()), 409],
    ['more than static codes may be paid', async () => pay(await shopCode(), '500.01'), 409],
  ])('%s', async (_, attempt, status) => {
    expect((await attempt()).status).toBe(status)
  })

  it('a partner whose key is none, or that is ourselves', async () => {
    const body = { partner: 'third', name: 'Third', baseUrl: 'https://third.example', publicKey: yunhe.api.publicKey }
    const limits = { payableMax: yuan('1.00'), receivableMax: yuan('1.00') }
    for (const change of [{ publicKey: 'x' }, { baseUrl: 'ftp://x' }, { partner: 'yunhe' }, { partner: 'Third!' }]) {
      const answer = await yunhe.api.call('staff', 'POST', '/v1/partners', { ...body, ...limits, ...change })
      expect([change, answer.status]).toEqual([change, 400])
    }
  })
})

// Last: a yes that nobody over there gave leaves the two books apart.
describe('a yes of somebody in between', () => {
  it.each<[string, (() => { id: string; privateKey: KeyObject; toUrl?: string }) | undefined, string]>([
    ['unsigned', undefined, 'sending'],
    ['signed by somebody else', () => ({ id: 'lijiang', privateKey: yunhe.api.privateKey }), 'sending'],
    ['signed in another name', () => ({ id: 'yunhe', privateKey: lijiang.api.privateKey }), 'sending'],
    [
      'signed as one to another request',
      () => ({ id: 'lijiang', privateKey: lijiang.api.privateKey, toUrl: 'https://elsewhere.example/' }),
      'sending',
    ],
    // What the others differ from is believed.
    ['signed by the partner', () => ({ id: 'lijiang', privateKey: lijiang.api.privateKey }), 'paid'],
  ])('is worth what its signature is: %s', async (_, key, state) => {
    const before = Number(await yunhe.world.walletOf(payer))
    const between = await answering({ number: 'prcp_between' }, key?.())
    await agree(yunhe, lijiang, between.url)
    expect((await pay(await shopCode(), '0.10')).body.state).toBe(state)
    expect(before - Number(await yunhe.world.walletOf(payer))).toBeCloseTo(0.1)
    between.server.close()
    await agree(yunhe, lijiang, lijiang.url)
  })
})

const poor = () => yunhe.world.customer(100n)

async function ownCode(): Promise<Answer> {
  return yunhe.api.call(`customer ${await poor()}`, 'POST', '/v1/static-codes', {})
}
