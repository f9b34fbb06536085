import type { HttpApp } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { beforeAll, describe, expect, test } from 'vitest'
import { startPartyApi } from './party-api.ts'
import { newPublicKey, type PartyWorld, startPartyWorld } from './party-world.ts'

let world: PartyWorld
let http: HttpApp
let customers: readonly number[]
let merchantId: number

beforeAll(async () => {
  world = await startPartyWorld()
  http = await startPartyApi(world)
  customers = [await world.newCustomer('Yun', '15912345620'), await world.newCustomer('He', '15912345621')]
  merchantId = await world.newMerchant('Tea')
})

const READER = 'Bearer staff party:read applications:read'
const WRITER = 'Bearer staff applications:write'

function customer(index: number): { readonly id: string; readonly auth: string } {
  const id = customers[index] ?? 0
  return { id: publicId('cust', id), auth: `Bearer customer ${id} party:read party:write` }
}

async function call(
  method: 'GET' | 'POST',
  url: string,
  authorization?: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const credentials = authorization === undefined ? {} : { authorization }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
  const answer = await http.inject({ method, url, headers: { ...credentials, ...type, ...headers }, ...payload })
  return { status: answer.statusCode, body: answer.json() }
}

describe('customers over HTTP', () => {
  test('see themselves, phone included', async () => {
    const { id, auth } = customer(0)
    const answer = await call('GET', `/v1/customers/${id}`, auth)
    expect(answer).toMatchObject({ status: 200, body: { id, displayName: 'Yun', phone: '+8615912345620' } })
  })

  test('are shown to staff without the phone', async () => {
    const answer = await call('GET', `/v1/customers/${customer(0).id}`, READER)
    expect(answer).toMatchObject({ status: 200, body: { maskedLogonId: '159****5620' } })
    expect(answer.body.phone).toBeUndefined()
  })

  test('cannot tell another customer from one who does not exist', async () => {
    const stranger = await call('GET', `/v1/customers/${customer(1).id}`, customer(0).auth)
    const nobody = await call('GET', `/v1/customers/${publicId('cust', 5)}`, customer(0).auth)
    expect([stranger.status, nobody.status]).toEqual([404, 404])
    expect(stranger.body.detail).toBe(nobody.body.detail)
  })

  test('are no business of anonymous callers or of staff without the scope', async () => {
    const url = `/v1/customers/${customer(0).id}`
    expect((await call('GET', url)).status).toBe(401)
    expect((await call('GET', url, 'Bearer staff ledger:read')).status).toBe(403)
    expect((await call('GET', '/v1/customers', customer(0).auth)).status).toBe(403)
  })

  test('are listed in pages', async () => {
    const first = await call('GET', '/v1/customers?limit=1', READER)
    expect(first.body.items).toHaveLength(1)
    const second = await call('GET', `/v1/customers?limit=1&cursor=${first.body.nextCursor}`, READER)
    const ids = [first.body.items[0].id, second.body.items[0].id]
    expect(ids).toEqual([customer(0).id, customer(1).id])
    expect(second.body.nextCursor).toBeNull()
    const foreign = await call('GET', `/v1/merchants?cursor=${first.body.nextCursor}`, READER)
    expect(foreign).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor' }] } })
  })
})

describe('payment codes over HTTP', () => {
  test('are made by the customer alone', async () => {
    const { id, auth } = customer(0)
    const made = await call('POST', `/v1/customers/${id}/payment-codes`, auth)
    expect(made.status).toBe(201)
    expect(made.body.code).toMatch(/^(2[5-9]|30)[0-9]{16}$/)
    expect((await call('POST', `/v1/customers/${id}/payment-codes`, customer(1).auth)).status).toBe(404)
    expect((await call('POST', `/v1/customers/${id}/payment-codes`)).status).toBe(401)
  })

  test('are made by staff in a demo world only, and with the scope', async () => {
    const url = `/v1/customers/${customer(0).id}/payment-codes`
    const operator = 'Bearer staff party:write demo:operate'
    expect((await call('POST', url, operator)).status).toBe(403)
    const demo = await startPartyApi(world, true)
    const ask = (authorization: string) => demo.inject({ method: 'POST', url, headers: { authorization } })
    expect((await ask('Bearer staff party:write')).statusCode).toBe(403)
    expect((await ask(operator)).statusCode).toBe(201)
  })
})

describe('applications over HTTP', () => {
  const register = (body: unknown, key: string, auth = WRITER, merchant = merchantId) =>
    call('POST', `/v1/merchants/${publicId('mrch', merchant)}/applications`, auth, body, { 'idempotency-key': key })

  test('are registered once a key, and show the API key once', async () => {
    const body = { name: 'Shop', publicKey: newPublicKey(), withApiKey: true }
    const first = await register(body, 'a')
    expect(first).toMatchObject({ status: 201, body: { keyVersion: 1 } })
    expect(first.body.apiKey).toMatch(/^hk_/)
    const repeat = await register(body, 'a')
    expect(repeat).toMatchObject({ status: 201, body: { appId: first.body.appId, apiKey: null } })
    expect((await register({ ...body, withApiKey: false }, 'a')).status).toBe(409)
  })

  test('see their own merchant only', async () => {
    const made = await register({ name: 'Own', publicKey: newPublicKey(), withApiKey: true }, 'b')
    const auth = `Bearer ${made.body.apiKey}`
    const other = await world.newMerchant('Other')
    expect((await call('GET', `/v1/merchants/${publicId('mrch', merchantId)}`, auth)).status).toBe(200)
    expect((await call('GET', `/v1/merchants/${publicId('mrch', other)}`, auth)).status).toBe(404)
    expect((await call('GET', `/v1/merchants/${publicId('mrch', other)}/applications`, auth)).status).toBe(404)
    expect((await call('GET', `/v1/applications/${made.body.appId}`, auth)).body).toMatchObject({
      name: 'Own',
      hasApiKey: true,
    })
    const foreign = await register({ name: 'Foreign', publicKey: newPublicKey() }, 'c', WRITER, other)
    expect((await call('GET', `/v1/applications/${foreign.body.appId}`, auth)).status).toBe(404)
    expect((await call('GET', '/v1/merchants', auth)).status).toBe(403)
  })

  test('lose their old API key the moment keys are replaced', async () => {
    const made = await register({ name: 'Rotate', publicKey: newPublicKey(), withApiKey: true }, 'd')
    const url = `/v1/applications/${made.body.appId}`
    expect((await call('GET', url, `Bearer ${made.body.apiKey}`)).status).toBe(200)
    const body = { publicKey: newPublicKey(), withApiKey: true }
    const rotated = await call('POST', `${url}/keys`, WRITER, body, { 'idempotency-key': 'e' })
    expect(rotated).toMatchObject({ status: 200, body: { keyVersion: 2 } })
    expect((await call('GET', url, `Bearer ${made.body.apiKey}`)).status).toBe(401)
    expect((await call('GET', url, `Bearer ${rotated.body.apiKey}`)).status).toBe(200)
    expect((await call('POST', `${url}/keys`, READER, body, { 'idempotency-key': 'f' })).status).toBe(403)
  })

  test('with bad fields are refused by name and nothing is made', async () => {
    const good = { name: 'Bad', publicKey: newPublicKey() }
    const before = await call('GET', `/v1/merchants/${publicId('mrch', merchantId)}/applications?limit=200`, READER)
    for (const [change, field] of [
      [{ publicKey: 'nonsense' }, 'publicKey'],
      [{ name: '' }, 'name'],
      [{ notifyUrl: 'ftp://x' }, 'notifyUrl'],
      [{ surprise: 1 }, 'surprise'],
    ] as const) {
      const answer = await register({ ...good, ...change }, `bad-${field}`)
      expect(answer, field).toMatchObject({ status: 400, body: { errors: [{ field }] } })
    }
    const after = await call('GET', `/v1/merchants/${publicId('mrch', merchantId)}/applications?limit=200`, READER)
    expect(after.body.items).toHaveLength(before.body.items.length)
    expect((await register(good, 'nobody', WRITER, 77)).status).toBe(404)
  })
})
