import type { Caller, Scope } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addEscrowRoutes } from '../src/index.ts'
import { type EscrowWorld, startEscrowWorld } from './escrow-world.ts'

const SCOPES: readonly Scope[] = ['payments:read', 'payments:write', 'escrow:judge']

let world: EscrowWorld
let http: HttpApp
let buyer: number
const callers = new Map<string, Caller>()
let keys = 0

beforeAll(async () => {
  world = await startEscrowWorld(41)
  const { committer, escrow, payments, queries } = world
  http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [async ({ headers }) => callers.get(headers.authorization ?? '') ?? undefined],
  })
  addEscrowRoutes(http, { committer, escrow, outlays: payments.outlays, queries })
  buyer = await world.customer(1_000_000n)
  signIn('buyer', { kind: 'customer', customerId: buyer })
  signIn('shop', { kind: 'merchant', merchantId: await world.merchant(6000) })
  signIn('other-buyer', { kind: 'customer', customerId: await world.customer(500n) })
  signIn('other-shop', { kind: 'merchant', merchantId: await world.merchant(0) })
  signIn('staff:1', { kind: 'staff' })
  signIn('staff:2', { kind: 'staff' })
  callers.set('auditor', { kind: 'staff', id: 'staff:3', scopes: new Set<Scope>(['payments:read']) })
})

afterAll(async () => {
  expect(await world.imbalance()).toBe(0n)
  expect(await world.untied()).toEqual([])
  await http.drain()
  await world.stop()
})

function signIn(name: string, caller: Pick<Caller, 'kind' | 'customerId' | 'merchantId'>): void {
  callers.set(name, { ...caller, id: name, scopes: new Set(SCOPES) })
}

async function call(as: string, method: 'GET' | 'POST', path: string, body?: object, key?: string) {
  keys += 1
  const response = await http.inject({
    method,
    url: `/v1/escrow-trades${path}`,
    headers: {
      authorization: as,
      ...(method === 'POST' ? { 'idempotency-key': key ?? `key-${keys}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: response.statusCode, body: response.json() }
}

const cny = (value: string) => ({ currency: 'CNY', value })
const parcel = { carrier: '顺丰速运', trackingNumber: 'SF1020304050' }
const request = (orderNumber: string, value: string) => ({
  ...{ orderNumber, amount: cny(value), subject: 'Longjing tea', customer: publicId('cust', buyer) },
})

async function shipped(orderNumber: string, value: string): Promise<string> {
  const made = await call('shop', 'POST', '', request(orderNumber, value))
  const path = `/${made.body.id}`
  expect((await call('buyer', 'POST', `${path}/pay`)).status).toBe(200)
  expect((await call('shop', 'POST', `${path}/shipments`, parcel)).status).toBe(201)
  return path
}

describe('a guaranteed trade over HTTP', () => {
  it('is asked for, paid, shipped in parts, confirmed and refunded, each by its own side', async () => {
    const made = await call('shop', 'POST', '', request('A-1', '100.01'), 'open-1')
    expect([made.status, made.body.state, made.body.fee]).toEqual([201, 'awaiting_payment', '0.00'])
    expect((await call('shop', 'POST', '', request('A-1', '100.01'))).status).toBe(200)
    const path = `/${made.body.id}`
    expect((await call('shop', 'POST', `${path}/pay`)).status).toBe(403)
    const paid = await call('buyer', 'POST', `${path}/pay`, undefined, 'pay-1')
    expect(paid.body).toMatchObject({ state: 'awaiting_shipment', held: '100.01', unshipped: '100.01' })
    expect(paid.body.fee).toBeUndefined()
    expect((await call('buyer', 'POST', `${path}/pay`, undefined, 'pay-1')).body).toEqual(paid.body)
    expect((await call('buyer', 'POST', `${path}/pay`)).body.code).toBe('trade_already_paid')
    const part = await call('shop', 'POST', `${path}/shipments`, { ...parcel, amount: cny('40.00') })
    expect(part.body.shipments[0]).toMatchObject({ number: 1, ...parcel, amount: '40.00', open: '40.00' })
    expect((await call('buyer', 'POST', `${path}/shipments/1/extend`)).body.shipments[0].extensions).toBe(1)
    expect((await call('buyer', 'POST', `${path}/shipments/1/extend`)).body.code).toBe('extended_already')
    expect((await call('buyer', 'POST', `${path}/shipments/1/confirm`)).body).toMatchObject({ released: '40.00' })
    expect((await call('buyer', 'POST', `${path}/confirm`)).body.code).toBe('nothing_shipped')
    expect((await call('shop', 'POST', `${path}/shipments`, parcel)).status).toBe(201)
    const done = await call('buyer', 'POST', `${path}/confirm`)
    expect(done.body).toMatchObject({ state: 'completed', held: '0.00', released: '100.01' })
    const refund = await call('shop', 'POST', `${path}/refunds`, { amount: cny('50.00') })
    expect([refund.status, refund.body.refunded, refund.body.feeReturned]).toEqual([201, '50.00', '0.30'])
    const steps = await call('buyer', 'GET', `${path}/steps`)
    expect(steps.body.items.map((step: { kind: string }) => step.kind)).toEqual([
      ...['opened', 'paid', 'shipped', 'extended', 'confirmed', 'shipped', 'confirmed', 'refunded'],
    ])
    expect(steps.body.items[0].actorId).toBeUndefined()
    expect((await call('staff:1', 'GET', `${path}/steps`)).body.items[1].actorId).toBe('buyer')
  })

  it('is disputed, argued over and judged by two members of staff', async () => {
    const path = await shipped('A-2', '88.88')
    const claim = { shipment: 1, amount: cny('88.88'), reason: 'The tea is stale' }
    const opened = await call('buyer', 'POST', `${path}/disputes`, claim)
    expect([opened.status, opened.body.disputed]).toEqual([201, '88.88'])
    expect((await call('buyer', 'POST', `${path}/confirm`)).body.code).toBe('nothing_shipped')
    const dispute = `${path}/disputes/1`
    const evidence = { statement: 'It was packed last week', documents: ['https://shop.example/packing.jpg'] }
    expect((await call('shop', 'POST', `${dispute}/evidence`, evidence)).status).toBe(201)
    expect((await call('buyer', 'POST', `${dispute}/evidence`, { statement: 'It smells of dust' })).status).toBe(201)
    const shown = await call('staff:1', 'GET', `${dispute}/evidence`)
    expect(shown.body.items).toMatchObject([
      { side: 'merchant', ...evidence },
      { side: 'buyer', documents: [] },
    ])
    const refused = await call('shop', 'POST', `${dispute}/offers`, { refund: cny('0.00') })
    expect(refused.body.disputes[0]).toMatchObject({ state: 'awaiting_buyer', merchantOffer: '0.00' })
    expect((await call('buyer', 'POST', `${dispute}/escalate`)).body.disputes[0].state).toBe('judging')
    const judgement = { refund: cny('40.00'), reason: 'Both have a point' }
    expect((await call('auditor', 'POST', `${dispute}/judgement`, judgement)).status).toBe(403)
    expect((await call('buyer', 'POST', `${dispute}/judgement`, judgement)).status).toBe(403)
    const proposed = await call('staff:1', 'POST', `${dispute}/judgement`, judgement)
    expect(proposed.body.disputes[0].proposal).toMatchObject({ refund: '40.00', by: 'staff:1' })
    expect((await call('shop', 'GET', path)).body.disputes[0].proposal.by).toBeUndefined()
    const approval = { refund: cny('40.00') }
    const own = await call('staff:1', 'POST', `${dispute}/judgement/approve`, approval)
    expect([own.status, own.body.code]).toEqual([403, 'proposer_cannot_approve'])
    const changed = await call('staff:2', 'POST', `${dispute}/judgement/approve`, { refund: cny('41.00') })
    expect([changed.status, changed.body.code]).toEqual([409, 'judgement_changed'])
    expect((await call('staff:2', 'POST', `${dispute}/judgement/reject`)).body.disputes[0].proposal).toBeNull()
    await call('staff:2', 'POST', `${dispute}/judgement`, judgement)
    const judged = await call('staff:1', 'POST', `${dispute}/judgement/approve`, approval)
    expect(judged.body).toMatchObject({ state: 'completed', returned: '40.00', released: '48.88', fee: '0.29' })
    expect(judged.body.disputes[0]).toMatchObject({ outcome: 'judged', refunded: '40.00' })
  })

  it('is settled between the sides, withdrawn, cancelled or closed', async () => {
    const path = await shipped('A-3', '10.00')
    await call('buyer', 'POST', `${path}/disputes`, { shipment: 1, amount: cny('5.00'), reason: 'Half is missing' })
    expect((await call('buyer', 'POST', `${path}/disputes/1/withdraw`)).body).toMatchObject({ open: '10.00' })
    await call('buyer', 'POST', `${path}/disputes`, { shipment: 1, amount: cny('4.00'), reason: 'Less is missing' })
    const accepted = await call('shop', 'POST', `${path}/disputes/2/accept`, { refund: cny('4.00') })
    expect(accepted.body).toMatchObject({ open: '6.00', returned: '4.00', state: 'awaiting_confirmation' })
    const cancelled = `/${(await call('shop', 'POST', '', request('A-4', '1.00'))).body.id}`
    expect((await call('buyer', 'POST', `${cancelled}/cancel`)).body.code).toBe('trade_not_paid')
    await call('buyer', 'POST', `${cancelled}/pay`)
    expect((await call('buyer', 'POST', `${cancelled}/cancel`)).body).toMatchObject({
      state: 'closed',
      returned: '1.00',
    })
    const closed = `/${(await call('shop', 'POST', '', request('A-5', '1.00'))).body.id}`
    expect((await call('shop', 'POST', `${closed}/close`)).body.closingCause).toBe('closed_by_merchant')
  })
})

describe('what belongs to somebody else', () => {
  it('looks the same as what does not exist, and lists show one’s own', async () => {
    const path = await shipped('B-1', '1.00')
    const nothing = `/${publicId('esct', 1024 * 999_999)}`
    for (const [as, method, suffix, body] of [
      ['other-shop', 'GET', '', undefined],
      ['other-buyer', 'GET', '', undefined],
      ['other-buyer', 'GET', '/steps', undefined],
      ['other-shop', 'GET', '/disputes/1/evidence', undefined],
      ['other-buyer', 'POST', '/pay', undefined],
      ['other-buyer', 'POST', '/confirm', undefined],
      ['other-buyer', 'POST', '/shipments/1/confirm', undefined],
      ['other-buyer', 'POST', '/shipments/1/extend', undefined],
      ['other-buyer', 'POST', '/cancel', undefined],
      ['other-shop', 'POST', '/cancel', undefined],
      ['other-shop', 'POST', '/close', undefined],
      ['other-shop', 'POST', '/shipments', parcel],
      ['other-shop', 'POST', '/refunds', { amount: cny('1.00') }],
      ['other-buyer', 'POST', '/disputes', { shipment: 1, amount: cny('1.00'), reason: 'x' }],
      ['other-buyer', 'POST', '/disputes/1/withdraw', undefined],
      ['other-shop', 'POST', '/disputes/1/escalate', undefined],
      ['other-shop', 'POST', '/disputes/1/accept', { refund: cny('1.00') }],
      ['other-shop', 'POST', '/disputes/1/offers', { refund: cny('1.00') }],
      ['other-shop', 'POST', '/disputes/1/evidence', { statement: 'x' }],
    ] as const) {
      const theirs = await call(as, method, `${path}${suffix}`, body)
      const none = await call(as, method, `${nothing}${suffix}`, body)
      expect([as, suffix, theirs.status, theirs.body.code]).toEqual([as, suffix, 404, none.body.code])
    }
    expect((await call('other-buyer', 'GET', '')).body.items).toEqual([])
    const own = await call('buyer', 'GET', '?limit=2')
    expect(own.body.items).toHaveLength(2)
    expect(own.body.nextCursor).not.toBeNull()
    const next = await call('buyer', 'GET', `?limit=2&cursor=${own.body.nextCursor}`)
    expect(next.body.items[0].id).not.toBe(own.body.items[1].id)
    expect((await call('staff:1', 'GET', `?customer=${publicId('cust', buyer)}&state=completed`)).status).toBe(200)
    expect((await call('staff:1', 'GET', '?disputed=true')).body.items).toEqual([])
    expect((await call('other-shop', 'GET', `?merchant=${publicId('mrch', 1024)}`)).status).toBe(404)
  })
})

describe('bad input', () => {
  it.each([
    ['no such customer', '', { customer: publicId('cust', 1024 * 999_999) }, 404, 'customer_not_found'],
    ['an amount of nothing', '', { amount: cny('0.00') }, 400, 'invalid_request'],
    ['three decimals', '', { amount: cny('1.001') }, 400, 'invalid_request'],
    ['an exponent', '', { amount: cny('1e2') }, 400, 'invalid_request'],
    ['an amount that is a number', '', { amount: { currency: 'CNY', value: 1 } }, 400, 'invalid_request'],
    ['another currency', '', { amount: { currency: 'USD', value: '1.00' } }, 400, 'invalid_request'],
    ['a time that is over', '', { expiresAt: '2020-01-01T00:00:00Z' }, 422, 'expiry_in_past'],
    ['a control character', '', { subject: 'a\u0007' }, 400, 'invalid_request'],
    ['a field nobody knows', '', { surprise: 1 }, 400, 'invalid_request'],
  ] as const)('%s is refused and opens nothing', async (_, path, change, status, code) => {
    const answer = await call('shop', 'POST', path, { ...request('BAD-1', '1.00'), ...change })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(
      (await call('shop', 'GET', '')).body.items.map((item: { orderNumber: string }) => item.orderNumber),
    ).not.toContain('BAD-1')
  })

  it('of shipments, disputes and judgements is refused with the field and changes nothing', async () => {
    const path = await shipped('BAD-2', '10.00')
    const before = (await call('buyer', 'GET', path)).body
    const wrong = [
      ['shop', '/shipments', { ...parcel, amount: cny('1.00') }, 409, 'nothing_unshipped'],
      ['shop', '/shipments', { carrier: '', trackingNumber: 'x' }, 400, 'invalid_request'],
      ['shop', '/shipments', { carrier: 'x'.repeat(65), trackingNumber: 'x' }, 400, 'invalid_request'],
      ['shop', '/shipments', { carrier: 'x', trackingNumber: 'a\u202eb' }, 400, 'invalid_request'],
      ['buyer', '/shipments/2/confirm', undefined, 404, 'shipment_not_found'],
      ['buyer', '/shipments/0/confirm', undefined, 400, 'invalid_request'],
      ['buyer', '/shipments/x/confirm', undefined, 400, 'invalid_request'],
      ['buyer', '/disputes', { shipment: 1, amount: cny('10.01'), reason: 'x' }, 409, 'exceeds_open'],
      ['buyer', '/disputes', { shipment: 9, amount: cny('1.00'), reason: 'x' }, 404, 'shipment_not_found'],
      ['buyer', '/disputes', { shipment: 1, amount: cny('1.00'), reason: 'x'.repeat(501) }, 400, 'invalid_request'],
      ['buyer', '/disputes', { shipment: 1.5, amount: cny('1.00'), reason: 'x' }, 400, 'invalid_request'],
      ['buyer', '/disputes/1/evidence', { statement: 'x'.repeat(2001) }, 400, 'invalid_request'],
      ['buyer', '/disputes/1/evidence', { statement: 'x', documents: Array(6).fill('y') }, 400, 'invalid_request'],
      ['buyer', '/disputes/1/evidence', { statement: 'x' }, 404, 'dispute_not_found'],
      ['shop', '/disputes/1/offers', { refund: cny('-1.00') }, 400, 'invalid_request'],
      ['staff:1', '/disputes/1/judgement', { refund: cny('1.00') }, 400, 'invalid_request'],
      ['staff:1', '/disputes/1/judgement/approve', { refund: cny('1.00') }, 404, 'dispute_not_found'],
      ['shop', '/refunds', { amount: cny('1.00') }, 409, 'trade_not_completed'],
    ] as const
    for (const [as, suffix, body, status, code] of wrong) {
      const answer = await call(as, 'POST', `${path}${suffix}`, body)
      expect([suffix, body, answer.status, answer.body.code]).toEqual([suffix, body, status, code])
    }
    expect((await call('buyer', 'GET', path)).body).toEqual(before)
  })
})
