import { publicId } from '@huitong/kernel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PaymentsHttp, startPaymentsHttp } from './payments-http.ts'
import { type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

/* Payments that are settled later, natively. */

let world: PaymentsWorld
let edge: PaymentsHttp
let merchant: number
let buyer: number

beforeAll(async () => {
  world = await startPaymentsWorld(75)
  edge = await startPaymentsHttp(world)
  merchant = await world.merchant(6_000)
  buyer = await world.customer(100_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await edge.http.drain()
  await world.committer.stop()
})

const yuan = (value: string) => ({ currency: 'CNY', value })

async function pay(orderNumber: string, settlement: object): Promise<string> {
  const request = { orderNumber, amount: yuan('100.00'), subject: 'Tea', customer: publicId('cust', buyer), settlement }
  const asked = await edge.call(`merchant ${merchant}`, 'POST', '/v1/payments', request)
  const url = `/v1/payments/${String(asked.body.id)}`
  expect((await edge.call(`customer ${buyer}`, 'POST', `${url}/confirm`)).status).toBe(200)
  return url
}

test('a payment is confirmed in part, then whole, and says how far it is', async () => {
  const url = await pay('N-1', { confirmWithinDays: 7 })
  const settle = (body: object, key?: string) =>
    edge.call(`merchant ${merchant}`, 'POST', `${url}/settlements`, body, key)
  expect(await world.merchantHas(merchant)).toBe('0.00')
  const part = { requestNumber: 'C-1', amount: yuan('25.00') }
  const first = await settle(part, 'once')
  expect(first).toMatchObject({
    status: 201,
    body: {
      settlement: { settled: '24.85' },
      deferral: { state: 'awaiting_confirmation', open: '75.00', held: '74.55' },
    },
  })
  expect(await settle(part, 'once')).toEqual(first)
  expect(await settle(part)).toMatchObject({ status: 200, body: { settlement: { settled: '24.85' } } })
  expect(await settle({ ...part, amount: yuan('26.00') })).toMatchObject({ status: 409 })
  expect(await settle({ requestNumber: 'C-2', amount: yuan('75.01') })).toMatchObject({ status: 409 })
  expect(await settle({ requestNumber: 'C-2' })).toMatchObject({ status: 201, body: { deferral: { state: 'over' } } })
  expect(await world.merchantHas(merchant)).toBe('99.40')
  const shown = await edge.call(`merchant ${merchant}`, 'GET', `${url}/settlements`)
  expect(shown.body).toMatchObject({ deferral: { state: 'over' }, items: [{ settled: '24.85' }, { settled: '74.55' }] })
  expect((await edge.call('staff', 'GET', `${url}/settlements`)).body).toEqual(shown.body)
})

test('it is nobody else’s, and its terms and amounts are judged', async () => {
  const url = await pay('N-2', { forSharing: true })
  const stranger = await world.merchant(0)
  const body = { requestNumber: 'C-1' }
  expect(await edge.call(`merchant ${stranger}`, 'POST', `${url}/settlements`, body)).toMatchObject({ status: 404 })
  expect(await edge.call(`merchant ${stranger}`, 'GET', `${url}/settlements`)).toMatchObject({ status: 404 })
  expect(await edge.call(`customer ${buyer}`, 'GET', `${url}/settlements`)).toMatchObject({ status: 403 })
  for (const value of ['0.00', '-1.00', '1.001', '1e2']) {
    const wrong = { ...body, amount: yuan(value) }
    expect(await edge.call(`merchant ${merchant}`, 'POST', `${url}/settlements`, wrong)).toMatchObject({ status: 400 })
  }
  for (const settlement of [
    { confirmWithinDays: 0 },
    { confirmWithinDays: 366 },
    { confirmWithinDays: 1.5 },
    { soon: true },
  ]) {
    const request = {
      orderNumber: 'N-3',
      amount: yuan('1.00'),
      subject: 'Tea',
      customer: publicId('cust', buyer),
      settlement,
    }
    expect((await edge.call(`merchant ${merchant}`, 'POST', '/v1/payments', request)).status).toBe(400)
  }
})
