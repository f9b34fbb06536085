import { findCustomer } from '@huitong/party'
import type { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AlipayWorld, startAlipayWorld } from './alipay-world.ts'

/* The platform's own client from npm, unmodified, over v3; it checks the signature of every answer below status 400. */

let world: AlipayWorld
let sdk: AlipaySdk
let buyer: number
let buyerNumber: string

beforeAll(async () => {
  world = await startAlipayWorld(12)
  sdk = world.sdk()
  buyer = await world.customer(100_000n)
  await world.committer.flush()
  const row = await world.institution.db.read((tx) => findCustomer(tx, buyer))
  buyerNumber = row?.userNumber ?? ''
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

const order = (out_trade_no: string, total_amount: string | number = '10.00') => ({
  out_trade_no,
  total_amount,
  subject: '茶',
})

function post(path: string, body: Record<string, unknown>) {
  return sdk.curl('POST', `/v3/alipay/${path}`, { body })
}

async function pay(out_trade_no: string, total_amount: string | number = '10.00') {
  return post('trade/pay', { ...order(out_trade_no, total_amount), auth_code: await world.digits(buyer) })
}

describe('alipay-sdk over v3', () => {
  test('pays, asks, refunds a part and asks for the refund', async () => {
    const paid = await pay('V3_1')
    expect(paid).toMatchObject({
      responseHttpStatus: 200,
      data: { out_trade_no: 'V3_1', total_amount: '10.00', buyer_user_id: buyerNumber },
    })
    expect(paid.data).not.toHaveProperty('code')
    const refund = { out_trade_no: 'V3_1', refund_amount: '4.00', out_request_no: 'R1' }
    expect((await post('trade/refund', refund)).data).toMatchObject({ fund_change: 'Y', refund_fee: '4.00' })
    expect((await post('trade/query', { out_trade_no: 'V3_1' })).data).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
    const asked = await post('trade/fastpay/refund/query', { out_trade_no: 'V3_1', out_request_no: 'R1' })
    expect(asked.data).toMatchObject({ refund_amount: '4.00', refund_status: 'REFUND_SUCCESS' })
  })

  test('takes amounts as number tokens', async () => {
    expect((await pay('V3_NUMBER', 88.8)).data).toMatchObject({ total_amount: '88.80' })
  })

  test('shows an order code, makes, closes and cancels trades', async () => {
    expect((await post('trade/precreate', order('V3_QR'))).data).toMatchObject({
      out_trade_no: 'V3_QR',
      qr_code: expect.stringMatching(/^https:/),
    })
    const made = await post('trade/create', { ...order('V3_NEW'), buyer_id: buyerNumber })
    expect(made.data).toMatchObject({ out_trade_no: 'V3_NEW', trade_no: expect.any(String) })
    expect((await post('trade/close', { out_trade_no: 'V3_NEW' })).responseHttpStatus).toBe(200)
    await pay('V3_CANCEL')
    expect((await post('trade/cancel', { out_trade_no: 'V3_CANCEL' })).data).toMatchObject({ action: 'refund' })
  })

  test('transfers, and asks for the transfer with GET', async () => {
    await pay('V3_INCOME', '50.00')
    const transfer = {
      out_biz_no: 'V3-T-1',
      trans_amount: '1.00',
      product_code: 'TRANS_ACCOUNT_NO_PWD',
      biz_scene: 'DIRECT_TRANSFER',
      payee_info: { identity: buyerNumber, identity_type: 'ALIPAY_USER_ID' },
    }
    expect((await post('fund/trans/uni/transfer', transfer)).data).toMatchObject({ status: 'SUCCESS' })
    const query = { out_biz_no: 'V3-T-1', product_code: 'TRANS_ACCOUNT_NO_PWD', biz_scene: 'DIRECT_TRANSFER' }
    const found = await sdk.curl('GET', '/v3/alipay/fund/trans/common/query', { query })
    expect(found.data).toMatchObject({ trans_amount: '1.00', status: 'SUCCESS' })
  })

  test.each<readonly [string, string, Record<string, unknown>, string]>([
    ['an unknown trade', 'trade/query', { out_trade_no: 'V3_NOWHERE' }, 'ACQ.TRADE_NOT_EXIST'],
    ['a malformed amount', 'trade/precreate', order('V3_X', '1.001'), 'ACQ.INVALID_PARAMETER'],
    ['an unknown field', 'trade/precreate', { ...order('V3_X'), surprise: 1 }, 'ACQ.INVALID_PARAMETER'],
  ])('%s is told with status 400', async (_, path, body, code) => {
    await expect(post(path, body)).rejects.toMatchObject({ code, responseHttpStatus: 400 })
  })

  test.each([
    ['POST', '/v3/alipay/trade/surprise'],
    ['GET', '/v3/alipay/trade/pay'],
  ] as const)('%s %s is no method', async (method, path) => {
    await expect(sdk.curl(method, path)).rejects.toMatchObject({ code: 'invalid-method', responseHttpStatus: 404 })
  })

  test('an unknown application and a foreign key are refused', async () => {
    const foreign = world.sdk({ ...world.shop, privateKey: (await world.openShop()).privateKey })
    const query = { body: { out_trade_no: 'V3_1' } }
    const call = foreign.curl('POST', '/v3/alipay/trade/query', query)
    await expect(call).rejects.toMatchObject({ code: 'invalid-signature', responseHttpStatus: 400 })
    const unknown = world.sdk({ ...world.shop, appId: '2021000000000002' })
    const other = unknown.curl('POST', '/v3/alipay/trade/query', query)
    await expect(other).rejects.toMatchObject({ code: 'invalid-app-id', responseHttpStatus: 400 })
  })
})

describe('a request that is sent again as it is', () => {
  async function capture(path: string, body: Record<string, unknown>): Promise<RequestInit> {
    let seen: RequestInit = {}
    const { createServer } = await import('node:http')
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' }
        seen = { method: 'POST', headers, body: Buffer.concat(chunks).toString() }
        response.writeHead(400).end('{"code":"x","message":"y"}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const spy = world.sdk(world.shop, { endpoint: `http://127.0.0.1:${address.port}` })
    await spy.curl('POST', path, { body }).catch(() => undefined)
    server.close()
    return seen
  }

  test.each([
    ['command', 'trade/precreate', order('V3_REPLAY')],
    ['query', 'trade/query', { out_trade_no: 'V3_1' }],
  ])('is refused, be it a %s', async (_, path, body) => {
    const request = await capture(`/v3/alipay/${path}`, body)
    const first = await fetch(`${world.origin}/v3/alipay/${path}`, request)
    expect(first.status).toBe(200)
    const second = await fetch(`${world.origin}/v3/alipay/${path}`, request)
    expect(second.status).toBe(400)
    expect(await second.json()).toMatchObject({ code: 'suspected-attack', message: 'The nonce was used before' })
  })

  test('is refused after a restart too when it could change something', async () => {
    const path = '/v3/alipay/trade/precreate'
    const request = await capture(path, order('V3_RESTART'))
    expect((await fetch(`${world.origin}${path}`, request)).status).toBe(200)
    const restarted = await world.serve()
    const second = await fetch(`${restarted}${path}`, request)
    expect(await second.json()).toMatchObject({ code: 'suspected-attack' })
  })

  test('is refused as stale after ten minutes', async () => {
    const path = '/v3/alipay/trade/precreate'
    const request = await capture(path, order('V3_STALE'))
    world.wallClock.advance(11 * 60_000_000)
    const late = await fetch(`${world.origin}${path}`, request)
    expect(await late.json()).toMatchObject({ code: 'invalid-timestamp' })
    world.wallClock.advance(-11 * 60_000_000)
  })

  test('is known by the real time where the platform lives ten days ahead', async () => {
    const ahead = 10 * 86_400_000_000
    world.clock.advance(ahead)
    const path = '/v3/alipay/trade/precreate'
    const request = await capture(path, order('V3_AHEAD'))
    const first = await fetch(`${world.origin}${path}`, request)
    expect(first.status).toBe(200)
    const seconds = Number(first.headers.get('alipay-timestamp')) / 1000
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(600)
    expect(await (await fetch(`${world.origin}${path}`, request)).json()).toMatchObject({ code: 'suspected-attack' })
    world.clock.advance(-ahead)
  })
})

test('errors are signed too', async () => {
  const response = await fetch(`${world.origin}/v3/alipay/trade/query`, { method: 'POST', body: '{}' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'missing-timestamp' })
  for (const name of ['alipay-signature', 'alipay-timestamp', 'alipay-nonce', 'alipay-trace-id']) {
    expect(response.headers.get(name), name).not.toBeNull()
  }
})
