import { publicId } from '@huitong/kernel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adoptLimits, EVERY_MERCHANT } from '../src/index.ts'
import { type PricingWorld, startPricingWorld, told } from './pricing-world.ts'

/* How much of a payment may be passed on, as dated rules. */

let world: PricingWorld
let keys = 0

beforeAll(async () => {
  world = await startPricingWorld()
})

afterAll(async () => {
  await world.stop()
})

async function call(method: 'GET' | 'POST', scopes: string, body?: object) {
  keys += 1
  const headers = { authorization: `Bearer staff ${scopes}`, 'idempotency-key': `key-${keys}` }
  const answer = await world.http.inject({ method, url: '/v1/sharing-rules', headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json() }
}

const RULE = { maxBps: 1_000, effectiveFrom: '2026-11-22', instrument: 'contract 7', source: 'file 7' }

test('the house rule is adopted once, however many start at once', async () => {
  const { institution, committer, pricing } = world
  const start = () => adoptLimits({ db: institution.db, committer, commands: pricing.commands })
  await Promise.all([start(), start()])
  await start()
  const { body } = await call('GET', 'rules:read')
  expect(body.items).toMatchObject([
    { merchant: null, versions: [{ version: 1, maxBps: 3_000, source: 'house rule' }] },
  ])
})

test('a rule begins today or later and after the one before', async () => {
  expect((await call('POST', 'rules:write', { ...RULE, effectiveFrom: '2026-11-21' })).status).toBe(422)
  expect(await call('POST', 'rules:write', RULE)).toMatchObject({ status: 201, body: { version: 2 } })
  expect((await call('POST', 'rules:write', RULE)).status).toBe(409)
  const { body } = await call('GET', 'rules:read')
  expect(body.items[0].versions).toHaveLength(2)
})

test('a rule of a merchant needs that merchant', async () => {
  const merchant = publicId('mrch', 999 * 1024)
  expect((await call('POST', 'rules:write', { ...RULE, merchant })).status).toBe(422)
  expect((await call('POST', 'rules:write', { ...RULE, merchant: 'nobody' })).status).toBe(400)
  const input = { ...RULE, effectiveTo: null, merchant: EVERY_MERCHANT + 7 }
  expect(told(await world.committer.submit({ kind: world.pricing.commands.addSharingRule, input }))).toBe(
    'merchant_not_found',
  )
})

test.each([
  ['a part above the whole', { maxBps: 10_001 }],
  ['a part below nothing', { maxBps: -1 }],
  ['half a basis point', { maxBps: 0.5 }],
  ['no such day', { effectiveFrom: '2026-02-30' }],
  ['an end before the begin', { effectiveTo: '2026-11-01' }],
  ['a field that there is not', { merchants: [] }],
])('%s is refused', async (_, change) => {
  expect((await call('POST', 'rules:write', { ...RULE, effectiveFrom: '2027-01-01', ...change })).status).toBe(400)
})

test('rules are read and written with the scopes for it alone', async () => {
  expect((await call('GET', 'payments:read')).status).toBe(403)
  expect((await call('POST', 'rules:read', RULE)).status).toBe(403)
})
