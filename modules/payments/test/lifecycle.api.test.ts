import { publicId } from '@huitong/kernel'
import { findPhone } from '@huitong/party'
import { beforeAll, expect, test } from 'vitest'
import { type PaymentsHttp, startPaymentsHttp } from './payments-http.ts'
import { type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

let world: PaymentsWorld
let api: PaymentsHttp

beforeAll(async () => {
  world = await startPaymentsWorld(58)
  api = await startPaymentsHttp(world)
})

const idOf = (customer: number) => publicId('cust', customer)

test('an account is closed by its owner after a fresh proof, and a repeat gets the first answer', async () => {
  const [leaver, friend] = [await world.customer(700n), await world.customer(0n)]
  const body = { payTo: idOf(friend) }
  expect((await api.call(`customer ${leaver}`, 'POST', '/v1/me/closure', body)).body.code).toBe('step_up_required')
  expect((await api.call(`proved ${leaver}`, 'POST', '/v1/me/closure', {})).body.code).toBe('money_left')
  const closed = await api.call(`proved ${leaver}`, 'POST', '/v1/me/closure', body, 'once')
  expect(closed).toMatchObject({ status: 200, body: { status: 'closed', paidOut: '7.00', changed: true } })
  expect((await api.call(`proved ${leaver}`, 'POST', '/v1/me/closure', body, 'once')).body).toEqual(closed.body)
  expect((await api.call(`proved ${leaver}`, 'POST', '/v1/me/closure', {}, 'once')).status).toBe(409)
})

test('staff freeze, record a death and pay the estate', async () => {
  const [dead, heir] = [await world.customer(700n), await world.customer(0n)]
  const ask = (path: string, body: object) => api.call('staff', 'POST', `/v1/customers/${idOf(dead)}/${path}`, body)
  const reference = 'certificate 12'
  expect((await ask('freeze', { reference })).body).toMatchObject({ status: 'frozen', changed: true })
  expect((await ask('freeze', { reference })).body).toMatchObject({ status: 'frozen', changed: false })
  expect((await ask('estate', { heir: idOf(heir), reference })).body.code).toBe('lifecycle_not_allowed')
  expect((await ask('death', { reference })).body).toMatchObject({ status: 'deceased' })
  const paid = await ask('estate', { heir: idOf(heir), reference })
  expect(paid.body).toMatchObject({ status: 'closed', paidOut: '7.00' })
  expect(await world.walletOf(heir)).toBe('7.00')
})

test.each([
  ['staff', '/v1/customers/nobody/death', { reference: 'x' }, 404],
  ['staff', '/v1/customers/cust_00000000300r/death', { reference: 'x' }, 404],
  ['staff', '/v1/customers/cust_00000000300r/death', {}, 400],
  ['staff', '/v1/customers/cust_00000000300r/death', { reference: '' }, 400],
  ['staff', '/v1/customers/cust_00000000300r/death', { reference: 'a\u0000' }, 400],
  ['staff', '/v1/customers/cust_00000000300r/estate', { heir: 'x', reference: 'x' }, 400],
  ['staff', '/v1/me/closure', {}, 403],
  ['customer 1', '/v1/customers/cust_00000000300r/death', { reference: 'x' }, 403],
  ['customer 1', '/v1/me/wake', {}, 403],
  ['proved 1', '/v1/me/wake', {}, 404],
  ['proved 1', '/v1/me/closure', { payTo: 'me' }, 400],
] as const)('%s at %s with %j is answered %d with nothing done', async (as, url, body, status) => {
  expect((await api.call(as, 'POST', url, body)).status).toBe(status)
})

test('the page closes an account after a fresh proof, and says what stands in the way', async () => {
  const [leaver, friend] = [await world.customer(700n), await world.customer(0n)]
  const phone = (await world.institution.db.read((tx) => findPhone(tx, world.vault, friend))) ?? ''
  const ask = (as: string, fields: Readonly<Record<string, string>>) => api.form(as, '/me/closure', fields)
  expect((await api.page('nobody', '/me/closure')).status).toBe(303)
  expect((await api.page(`customer ${leaver}`, '/me/closure')).text).toContain('7.00')
  expect((await ask(`customer ${leaver}`, { phone, sure: 'yes' })).status).toBe(303)
  for (const [fields, status] of [
    [{ phone }, 400],
    [{ phone: 'x', sure: 'yes' }, 400],
    [{ phone: '13999999999', sure: 'yes' }, 404],
    [{ phone: '', sure: 'yes' }, 409],
  ] as const) {
    const answer = await ask(`proved ${leaver}`, fields)
    expect([answer.status, answer.text.includes('role="alert"')], JSON.stringify(fields)).toEqual([status, true])
  }
  const closed = await ask(`proved ${leaver}`, { phone, sure: 'yes' })
  expect([closed.status, closed.text.includes('7.00')]).toEqual([200, true])
  expect(await world.walletOf(friend)).toBe('7.00')
})
