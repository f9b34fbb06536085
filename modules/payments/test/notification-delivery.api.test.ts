import { createServer, type Server } from 'node:http'
import type { Caller } from '@huitong/contract'
import { createHttp, createLog } from '@huitong/http'
import type { Relay } from '@huitong/jobs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { claimDue, deliverDue } from '../src/notification-delivery.ts'
import { addNotificationRoutes } from '../src/notification-routes.ts'
import { notificationDelivery, startNotificationRelay, startNotifications } from '../src/notification-service.ts'
import type { Notification } from '../src/notification-state.ts'
import { selectNotifications } from '../src/notification-store.ts'
import { type AlipayWorld, exec, startAlipayWorld } from './alipay-world.ts'
import { MINUTE } from './payments-world.ts'

/* A merchant's server of our own takes the notifications, and the platform's own client judges their signatures. */

type Form = Record<string, string>

let world: AlipayWorld
let relay: Relay
let shopServer: Server
let origin: string
let buyer: number
let received: { readonly path: string; readonly form: Form; readonly contentType: string }[] = []
let answer: { readonly status: number; readonly body: string; readonly location?: string } | 'silence'
const faults: unknown[] = []

const SUCCESS = { status: 200, body: 'success' } as const

beforeAll(async () => {
  world = await startAlipayWorld(15)
  buyer = await world.customer(1_000_000n)
  shopServer = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
      received.push({ path: request.url ?? '', form, contentType: request.headers['content-type'] ?? '' })
      if (answer === 'silence') return
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location })
      response.end(answer.body)
    })
  })
  await new Promise<void>((resolve) => shopServer.listen(0, '127.0.0.1', resolve))
  const address = shopServer.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  origin = `http://127.0.0.1:${address.port}`
  relay = startNotificationRelay(deps())
})

afterEach(() => {
  received = []
  expect(faults).toEqual([])
})

afterAll(async () => {
  await relay.stop()
  shopServer.closeAllConnections()
  shopServer.close()
  await world.stop()
})

function deps(allowPrivateNotifyTargets = true) {
  const { clock, chance, platformPrivateKey } = world
  const onError = (error: unknown) => faults.push(error)
  return { db: world.institution.db, clock, chance, platformPrivateKey, allowPrivateNotifyTargets, onError }
}

/** Pays and waits until the notification of it waits for delivery; gives the trade's id. */
async function pay(outTradeNo: string, options: { readonly notifyUrl?: string; readonly more?: object } = {}) {
  const { notifyUrl = `${origin}/notify?shop=1`, more = {} } = options
  const request = { outTradeNo, totalAmount: '10.00', subject: '茶 a+b "sign" 100%', ...more }
  const authCode = await world.digits(buyer)
  const paid = await exec(world.sdk(), 'alipay.trade.pay', { ...request, authCode }, notifyUrl)
  expect(paid.code).toBe('10000')
  const trade = await world.queries.tradeByNumber(String(paid.tradeNo))
  if (trade === undefined) throw new Error('the trade is not there')
  await waiting(trade.id, 1)
  return trade.id
}

async function notificationsOf(trade: number): Promise<readonly Notification[]> {
  return world.institution.db.read((tx) => selectNotifications(tx, { trade, limit: 100 }))
}

async function waiting(trade: number, count: number): Promise<void> {
  relay.wake()
  await vi.waitFor(async () => expect(await notificationsOf(trade)).toHaveLength(count), { timeout: 10_000 })
}

function deliver(allowPrivate = true, timeoutMs = 5000): Promise<number> {
  return deliverDue({ ...notificationDelivery(deps(allowPrivate)), timeoutMs }, world.clock.now())
}

test('a payment is told once, signed so that the client trusts it, and not again when it was acknowledged', async () => {
  answer = SUCCESS
  const trade = await pay('N_1', { more: { passbackParams: 'a%3D1', body: '两杯', storeId: 'S1' } })
  expect(await deliver()).toBe(1)
  expect(received).toHaveLength(1)
  const [first] = received
  expect(first?.path).toBe('/notify?shop=1')
  expect(first?.contentType).toBe('application/x-www-form-urlencoded; charset=utf-8')
  const form = first?.form ?? {}
  expect(world.sdk().checkNotifySignV2(form)).toBe(true)
  expect(world.sdk().checkNotifySignV2({ ...form, total_amount: '1.00' })).toBe(false)
  expect(form).toMatchObject({
    notify_type: 'trade_status_sync',
    notify_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    app_id: world.shop.appId,
    auth_app_id: world.shop.appId,
    out_trade_no: 'N_1',
    trade_status: 'TRADE_SUCCESS',
    total_amount: '10.00',
    receipt_amount: '10.00',
    buyer_id: expect.stringMatching(/^2088\d{12}$/),
    buyer_logon_id: expect.stringMatching(/^\d{3}\*{4}\d{4}$/),
    seller_id: world.shop.sellerNumber,
    subject: '茶 a+b "sign" 100%',
    body: '两杯',
    passback_params: 'a%3D1',
    fund_bill_list: '[{"amount":"10.00","fundChannel":"ALIPAYACCOUNT"}]',
    gmt_payment: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
  })
  expect(Object.values(form)).not.toContain('')
  for (const absent of ['refund_fee', 'gmt_refund', 'gmt_close', 'out_biz_no']) expect(form).not.toHaveProperty(absent)
  world.clock.advance(48 * 60 * MINUTE)
  expect(await deliver()).toBe(0)
  expect(received).toHaveLength(1)
  expect(await notificationsOf(trade)).toMatchObject([{ state: 'acknowledged', attempts: 1, lastFault: null }])
})

test('is repeated with the same id after 4, 10, 10 minutes, 1, 2, 6 and 15 hours, and is dead then', async () => {
  answer = { status: 200, body: 'SUCCESS' }
  const trade = await pay('N_2')
  for (const minutes of [0, 4, 10, 10, 60, 120, 360, 900]) {
    if (minutes > 0) {
      world.clock.advance(minutes * MINUTE - 1)
      expect(await deliver(), `just before ${minutes} minutes`).toBe(0)
      world.clock.advance(1)
    }
    expect(await deliver(), `after ${minutes} minutes`).toBe(1)
  }
  expect(received).toHaveLength(8)
  expect(new Set(received.map(({ form }) => form.notify_id)).size).toBe(1)
  world.clock.advance(10_000 * MINUTE)
  expect(await deliver()).toBe(0)
  const dead = await world.institution.db.read((tx) => selectNotifications(tx, { state: 'dead', limit: 10 }))
  expect(dead).toMatchObject([{ trade, state: 'dead', attempts: 8, lastFault: 'not_acknowledged' }])
})

test('staff see what died, and nobody else does', async () => {
  const staff: Caller = { kind: 'staff', id: 'staff:1', scopes: new Set(['payments:read']) }
  const customer: Caller = { kind: 'customer', id: 'customer:1', scopes: new Set(['payments:read']) }
  for (const [caller, status] of [
    [staff, 200],
    [customer, 403],
  ] as const) {
    const http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [async () => caller] })
    addNotificationRoutes(http, { db: world.institution.db })
    const listed = await http.inject({ method: 'GET', url: '/v1/payments/notifications?state=dead&limit=5' })
    expect(listed.statusCode).toBe(status)
    if (status === 200) {
      const only = { state: 'dead', attempts: 8, lastFault: 'not_acknowledged', nextAttemptAt: null }
      expect(listed.json()).toMatchObject({ items: [only], nextCursor: null })
    }
    await http.drain(100)
  }
})

test('the list of notifications comes in pages', async () => {
  answer = SUCCESS
  for (const number of ['N_P1', 'N_P2', 'N_P3']) await pay(number)
  await deliver()
  const read = (limit: number, before?: Notification) =>
    world.institution.db.read((tx) => selectNotifications(tx, { limit, ...(before === undefined ? {} : { before }) }))
  const all = await read(100)
  const paged: Notification[] = []
  for (let rows = await read(1); rows[0] !== undefined; rows = await read(1, rows[0])) paged.push(rows[0])
  expect(paged).toEqual(all)
})

test('a failure is repeated, and a success ends it', async () => {
  answer = { status: 500, body: 'success' }
  const trade = await pay('N_3')
  await deliver()
  expect(await notificationsOf(trade)).toMatchObject([{ state: 'waiting', attempts: 1, lastFault: 'status_500' }])
  answer = SUCCESS
  world.clock.advance(4 * MINUTE)
  expect(await deliver()).toBe(1)
  expect(await notificationsOf(trade)).toMatchObject([{ state: 'acknowledged', attempts: 2, lastFault: null }])
})

test('redirects are not followed, long answers not read, and silence ends at the time limit', async () => {
  answer = { status: 302, body: '', location: `${origin}/elsewhere` }
  const trade = await pay('N_4')
  await deliver()
  expect(received.map(({ path }) => path)).toEqual(['/notify?shop=1'])
  expect(await notificationsOf(trade)).toMatchObject([{ lastFault: 'status_302' }])
  answer = { status: 200, body: `success${'x'.repeat(5_000_000)}` }
  world.clock.advance(4 * MINUTE)
  await deliver()
  expect(await notificationsOf(trade)).toMatchObject([{ attempts: 2, lastFault: 'not_acknowledged' }])
  answer = 'silence'
  world.clock.advance(10 * MINUTE)
  await deliver(true, 200)
  expect(await notificationsOf(trade)).toMatchObject([{ attempts: 3, lastFault: 'timeout' }])
  answer = SUCCESS
  world.clock.advance(10 * MINUTE)
  await deliver()
})

test('a refund of a part is told as success with its sum, the rest as closed', async () => {
  answer = SUCCESS
  const trade = await pay('N_5')
  await deliver()
  const refund = (refundAmount: string, outRequestNo: string) =>
    exec(world.sdk(), 'alipay.trade.refund', { outTradeNo: 'N_5', refundAmount, outRequestNo })
  await refund('4.00', 'R1')
  await refund('6.00', 'R2')
  await waiting(trade, 3)
  await deliver()
  const told = received.map(({ form }) => form).slice(1)
  for (const form of told) expect(world.sdk().checkNotifySignV2(form)).toBe(true)
  const byNumber = told.toSorted((a, b) => String(a.out_biz_no).localeCompare(String(b.out_biz_no)))
  expect(byNumber).toMatchObject([
    { out_biz_no: 'R1', trade_status: 'TRADE_SUCCESS', refund_fee: '4.00', total_amount: '10.00' },
    { out_biz_no: 'R2', trade_status: 'TRADE_CLOSED', refund_fee: '10.00', gmt_close: expect.any(String) },
  ])
  expect(byNumber[0]?.gmt_refund).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/)
})

test('orders without an address are told to the application’s, and to nobody when it has none', async () => {
  answer = SUCCESS
  const shop = await world.openShop(`${origin}/of-the-application`)
  const authCode = await world.digits(buyer)
  const request = { outTradeNo: 'N_6', totalAmount: '1.00', subject: 'tea', authCode }
  await exec(world.sdk(shop), 'alipay.trade.pay', request)
  const silent = { ...request, outTradeNo: 'N_7', authCode: await world.digits(buyer) }
  const { tradeNo } = await exec(world.sdk(), 'alipay.trade.pay', silent)
  await pay('N_8')
  await deliver()
  expect(received.map(({ path }) => path).toSorted()).toEqual(['/notify?shop=1', '/of-the-application'])
  const trade = await world.queries.tradeByNumber(String(tradeNo))
  expect(await notificationsOf(trade?.id ?? 0)).toEqual([])
})

test.each([
  ['127.0.0.1', (port: string) => `http://127.0.0.1:${port}/`],
  ['a short form of it', (port: string) => `http://127.1:${port}/`],
  ['a number for it', (port: string) => `http://2130706433:${port}/`],
  ['a name that leads to it', (port: string) => `http://localhost:${port}/`],
  ['IPv6 for it', (port: string) => `http://[::ffff:127.0.0.1]:${port}/`],
])('%s is not called unless that is allowed', async (_, url) => {
  answer = SUCCESS
  const notifyUrl = url(new URL(origin).port)
  const trade = await pay(`N_P_${notifyUrl.replaceAll(/\W/g, '_')}`, { notifyUrl })
  await deliver(false)
  expect(received).toEqual([])
  expect(await notificationsOf(trade)).toMatchObject([{ attempts: 1, lastFault: 'address_not_allowed' }])
  world.clock.advance(4 * MINUTE)
  await deliver()
  if (!notifyUrl.includes('[')) expect(received).toHaveLength(1)
})

test('what another process takes is left to it, and taken over when that process died', async () => {
  answer = SUCCESS
  await pay('N_11')
  const both = await Promise.all([deliver(), deliver()])
  expect(both.toSorted()).toEqual([0, 1])
  expect(received).toHaveLength(1)

  const trade = await pay('N_12')
  expect(await claimDue(notificationDelivery(deps()), world.clock.now(), 10)).toHaveLength(1)
  expect(await deliver()).toBe(0)
  world.clock.advance(MINUTE)
  expect(await deliver()).toBe(1)
  expect(await notificationsOf(trade)).toMatchObject([{ state: 'acknowledged', attempts: 1 }])
})

test('a server that is not there is tried again', async () => {
  const trade = await pay('N_9', { notifyUrl: 'http://127.0.0.1:9/' })
  await deliver()
  expect(await notificationsOf(trade)).toMatchObject([{ state: 'waiting', attempts: 1, lastFault: 'unreachable' }])
})

test('the running service tells by itself', async () => {
  answer = SUCCESS
  await relay.stop()
  const service = startNotifications(deps())
  const request = { outTradeNo: 'N_10', totalAmount: '1.00', subject: 'tea', authCode: await world.digits(buyer) }
  await exec(world.sdk(), 'alipay.trade.pay', request, `${origin}/by-itself`)
  service.wake()
  await vi.waitFor(() => expect(received.filter(({ path }) => path === '/by-itself')).toHaveLength(1), {
    timeout: 10_000,
  })
  await service.stop()
  relay = startNotificationRelay(deps())
})

test('what is done to an authorisation is told, in the platform’s words, and a charge as the payment that it is', async () => {
  answer = SUCCESS
  const sdk = world.sdk()
  const notifyUrl = `${origin}/auth`
  const frozen = { outOrderNo: 'NA_1', outRequestNo: 'NA_1F', orderTitle: 'Deposit', amount: '50.00' }
  const freezing = { ...frozen, authCode: await world.digits(buyer) }
  const { authNo, operationId } = await exec(sdk, 'alipay.fund.auth.order.freeze', freezing, notifyUrl)
  const order = { outTradeNo: 'NA_1C', totalAmount: '20.00', subject: 'Room', authNo, productCode: 'PRE_AUTH' }
  expect(await exec(sdk, 'alipay.trade.pay', order, notifyUrl)).toMatchObject({ code: '10000' })
  const back = { authNo, outRequestNo: 'NA_1U', amount: '5.00', remark: 'less' }
  expect(await exec(sdk, 'alipay.fund.auth.order.unfreeze', back)).toMatchObject({ code: '10000' })
  const off = { authNo, operationId, remark: 'off' }
  expect(await exec(sdk, 'alipay.fund.auth.operation.cancel', off)).toMatchObject({ code: '10000' })
  relay.wake()
  await vi.waitFor(
    async () => {
      await deliver()
      expect(received).toHaveLength(4)
    },
    { timeout: 10_000 },
  )
  for (const { form } of received) expect(sdk.checkNotifySignV2(form)).toBe(true)
  const told = (type: string) => received.map(({ form }) => form).filter((form) => form.notify_type === type)
  const common = { auth_no: authNo, out_order_no: 'NA_1', status: 'SUCCESS', total_freeze_amount: '50.00' }
  expect(told('fund_auth_freeze')).toMatchObject([
    {
      ...{ ...common, operation_id: operationId, out_request_no: 'NA_1F', operation_type: 'FREEZE', amount: '50.00' },
      ...{ total_pay_amount: '0.00', total_unfreeze_amount: '0.00', rest_amount: '50.00' },
      ...{ payer_user_id: expect.stringMatching(/^2088/), payee_user_id: world.shop.sellerNumber },
    },
  ])
  expect(told('fund_auth_unfreeze')).toMatchObject([
    { ...common, out_request_no: 'NA_1U', operation_type: 'UNFREEZE', amount: '5.00', rest_amount: '25.00' },
  ])
  const [cancelled] = told('fund_auth_operation_cancel')
  expect(cancelled).toMatchObject({ ...common, amount: '25.00', total_unfreeze_amount: '30.00', rest_amount: '0.00' })
  expect(cancelled).not.toHaveProperty('out_request_no')
  expect(told('trade_status_sync')).toMatchObject([{ out_trade_no: 'NA_1C', total_amount: '20.00' }])
})
