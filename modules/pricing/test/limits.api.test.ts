import { publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adoptLimits } from '../src/index.ts'
import { micros, type PricingWorld, startPricingWorld, told } from './pricing-world.ts'

let world: PricingWorld
let keys = 0

beforeAll(async () => {
  world = await startPricingWorld()
  await adoptLimits({ db: world.institution.db, committer: world.committer, commands: world.pricing.commands })
})

afterAll(async () => {
  await world.stop()
})

const STAFF = 'Bearer staff rules:read rules:write party:read party:write'

async function call(method: 'GET' | 'POST', url: string, authorization: string, body?: unknown) {
  keys += 1
  const sent = body === undefined ? {} : { payload: JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { authorization, ...type, ...(method === 'POST' ? { 'idempotency-key': `key-${keys}` } : {}) }
  const answer = await world.http.inject({ method, url, headers, ...sent })
  return { status: answer.statusCode, body: answer.json() }
}

const limitsOf = (customer: number, authorization = STAFF) =>
  call('GET', `/v1/customers/${publicId('cust', customer)}/limits`, authorization)

const confirm = (customer: number, body: unknown) =>
  call('POST', `/v1/customers/${publicId('cust', customer)}/identity-factors`, STAFF, body)

const spend = (customer: number, amountMinor: bigint) =>
  world.outlay({ type: 'spend', customer, strength: 'two_factors', amountMinor })

const DOCUMENT = { factor: 'identity_document', reference: 'D-1', legalName: 'Zhuge Liang' }

describe('limits of a customer', () => {
  test('are shown with what is used and left, to staff and the customer, and to nobody else', async () => {
    const customer = await world.customer(2)
    expect(told(await spend(customer, 123_456n))).toBe('done')
    const own = await limitsOf(customer, `Bearer customer ${customer} party:read`)
    const day = { window: 'day', strength: 'two_factors', parameter: 'payment.two-factors.day', version: 1 }
    expect(own.body.limits).toContainEqual({ ...day, limit: '5000.00', used: '1234.56', left: '3765.44' })
    const year = { window: 'year', strength: null, parameter: 'payment-account.class-2.year', version: 1 }
    expect(own.body.limits).toContainEqual({ ...year, limit: '100000.00', used: '1234.56', left: '98765.44' })
    expect(await limitsOf(customer)).toEqual(own)
    expect((await limitsOf(customer, 'Bearer customer 1024 party:read')).status).toBe(404)
    expect((await limitsOf(999_999 * 1024)).status).toBe(404)
    expect((await limitsOf(customer, 'Bearer staff payments:read')).status).toBe(403)
  })

  test('of a day are those of the day in Beijing', async () => {
    const customer = await world.customer(3)
    const midnight = micros('2026-11-23T16:00:00Z')
    world.clock.set(midnight - 1_000_000)
    expect(told(await spend(customer, 500_000n))).toBe('done')
    expect(told(await spend(customer, 1n))).toBe('limit_day_exceeded')
    world.clock.set(midnight)
    expect(told(await spend(customer, 1n))).toBe('done')
  })

  test('that are given back after midnight return to the day that they were taken from', async () => {
    const customer = await world.customer(3)
    const midnight = micros('2026-11-24T16:00:00Z')
    world.clock.set(midnight - 1_000_000)
    const before = await spend(customer, 500_000n)
    if (before.status !== 'done') throw new Error(before.status)
    world.clock.set(midnight)
    expect(told(await spend(customer, 500_000n))).toBe('done')
    await world.outlay({ type: 'give_back', reference: before.answer, amountMinor: 500_000n })
    expect(told(await spend(customer, 1n))).toBe('limit_day_exceeded')
    expect((await limitsOf(customer)).body.limits.at(-1)).toMatchObject({ window: 'year', used: '5000.00' })
  })

  test('hold for all accounts of one person together, also for what was spent before that was known', async () => {
    const [first, second] = [await world.customer(1), await world.customer(1)]
    const document = { ...DOCUMENT, documentNumber: '11010519491231002X' }
    const spent = await spend(second, 60_000n)
    if (spent.status !== 'done') throw new Error(spent.status)
    expect(told(await spend(first, 50_000n))).toBe('done')
    expect(await confirm(first, document)).toMatchObject({ status: 201, body: { tier: 1 } })
    expect(await confirm(second, document)).toMatchObject({ status: 201, body: { tier: 1 } })
    expect(told(await spend(first, 1n))).toBe('limit_lifetime_exceeded')
    await world.outlay({ type: 'give_back', reference: spent.answer, amountMinor: 60_000n })
    expect(told(await spend(first, 50_000n))).toBe('done')
    expect(told(await spend(second, 1n))).toBe('limit_lifetime_exceeded')
  })
})

describe('the class of an account', () => {
  test('rises with the ways in which identity was confirmed, and repeats change nothing', async () => {
    const customer = await world.customer(1)
    const document = { ...DOCUMENT, documentNumber: '440524188001010014' }
    const tiers: number[] = []
    const steps = [{ factor: 'phone', reference: 'P' }, document, { factor: 'bank_card', reference: 'B' }, document]
    for (const body of steps) tiers.push((await confirm(customer, body)).body.tier)
    expect(tiers).toEqual([1, 1, 2, 2])
    expect((await confirm(customer, { factor: 'face_to_face', reference: 'C' })).body.tier).toBe(3)
    const url = `/v1/customers/${publicId('cust', customer)}/identity-factors`
    const shown = await call('GET', url, `Bearer customer ${customer} party:read`)
    const factors = shown.body.factors.map((one: { factor: string }) => one.factor)
    expect(factors.sort()).toEqual(['bank_card', 'face_to_face', 'identity_document', 'phone'])
    const other = await confirm(customer, { ...document, documentNumber: '11010519491231002X' })
    expect(other.status).toBe(409)
    expect(other.body.type).toContain('document_differs')
  })

  test.each([
    ['documentNumber', { ...DOCUMENT, documentNumber: '110105194912310021' }],
    ['legalName', { factor: 'identity_document', reference: 'D', documentNumber: '11010519491231002X' }],
    ['legalName', { factor: 'phone', reference: 'D', legalName: 'Y' }],
    ['reference', { factor: 'phone', reference: '' }],
    ['reference', { factor: 'phone', reference: 'a\u0000b' }],
    ['factor', { factor: 'horoscope', reference: 'D' }],
    ['tier', { factor: 'phone', reference: 'D', tier: 3 }],
  ])('a wrong %s is refused by name: %j', async (field, body) => {
    const customer = await world.customer(1)
    const answer = await confirm(customer, body)
    expect([400, 422]).toContain(answer.status)
    expect(JSON.stringify(answer.body.errors)).toContain(field)
  })

  test('leaves no name or number in the clear anywhere in the database', async () => {
    const customer = await world.customer(1)
    expect((await confirm(customer, { ...DOCUMENT, documentNumber: '11010519491231002X' })).status).toBe(201)
    const { sql } = await world.institution.dedicated()
    const tables = await sql<{ name: string }[]>`
      select tablename as name from pg_tables
      where schemaname = current_schema() and tablename ~ '^(party|pricing|committer)_'
        and has_table_privilege(tablename, 'select')`
    const hits: string[] = []
    for (const { name } of tables) {
      const rows = await sql.unsafe(`select t::text as row from ${name} t`)
      for (const { row } of rows) if (/Zhuge|19491231/.test(String(row))) hits.push(name)
    }
    expect(hits).toEqual([])
    expect(tables.length).toBeGreaterThan(8)
  })
})

describe('the numbers of limits', () => {
  test('are dated: a new one holds from its day on', async () => {
    const url = '/v1/limits/parameters/payment.one-factor.day/versions'
    const body = { amount: '2000.00', effectiveFrom: '2026-12-01', instrument: 'Notice 7', source: 'circular' }
    expect(await call('POST', url, STAFF, body)).toMatchObject({ status: 201, body: { version: 2 } })
    const customer = await world.customer(3)
    const one = (amountMinor: bigint) => world.outlay({ type: 'spend', customer, strength: 'one_factor', amountMinor })
    world.clock.set(micros('2026-11-30T15:59:59Z'))
    expect(told(await one(100_001n))).toBe('limit_day_exceeded')
    world.clock.set(micros('2026-11-30T16:00:00Z'))
    expect(told(await one(200_000n))).toBe('done')
    const listed = await call('GET', '/v1/limits/parameters', STAFF)
    const { versions } = listed.body.items.find((item: { id: string }) => item.id === 'payment.one-factor.day')
    expect(versions.map((version: { amount: string }) => version.amount)).toEqual(['1000.00', '2000.00'])
  })

  test.each([
    ['payment.two-factors.day', { effectiveFrom: '2020-01-01' }, 'parameter_effective_in_past'],
    ['payment.two-factors.day', { effectiveFrom: '2026-13-01' }, 'effectiveFrom'],
    ['payment.two-factors.day', { amount: '-1.00' }, 'amount'],
    ['payment.two-factors.day', { amount: '1.001' }, 'amount'],
    ['payment.two-factors.day', { amount: 5 }, 'amount'],
    ['payment.two-factors.day', { effectiveTo: '2026-11-01' }, 'not_before_begin'],
    ['payment.three-factors.day', {}, 'parameter'],
  ])('%s with %j is refused and %s named', async (id, change, word) => {
    const body = { amount: '1.00', effectiveFrom: '2027-05-01', instrument: 'I', source: 'S', ...change }
    const answer = await call('POST', `/v1/limits/parameters/${id}/versions`, STAFF, body)
    expect([400, 404, 422]).toContain(answer.status)
    expect(JSON.stringify(answer.body)).toContain(word)
  })

  test('may be changed by those with the right to rules alone', async () => {
    const body = { amount: '1.00', effectiveFrom: '2027-05-01', instrument: 'I', source: 'S' }
    const url = '/v1/limits/parameters/payment.two-factors.day/versions'
    expect((await call('POST', url, 'Bearer staff rules:read party:write', body)).status).toBe(403)
    expect((await call('POST', url, 'Bearer customer 1024 party:write', body)).status).toBe(403)
  })
})
