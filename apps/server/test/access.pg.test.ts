import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CALLER_KINDS, type CallerKind } from '@huitong/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isObject, list, record, text } from './answers.ts'
import { Program } from './program.ts'

// The whole program with its demo world: every route that it really has, asked by every kind of caller that it really knows.
let root: string
let program: Program
let url: string
let authorization: Record<Exclude<CallerKind, 'partner' | 'peer'>, string | undefined>
let others: { customer: string; merchant: string; payment: string }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-access-'))
  program = new Program(['--data', root, '--port', '0'])
  url = await program.ready()
  const demo = record(JSON.parse(await readFile(join(root, 'demo.json'), 'utf8')))
  const server = record(JSON.parse(await readFile(join(root, 'server.json'), 'utf8')))
  const merchants = list(demo.merchants)
  const customers = list(demo.customers)
  const link = /Customer[^\n]*\n\s*http:\S+\/signin\/(\S+)/.exec(program.output)?.[1] ?? ''
  const session = await ask('POST', '/v1/sessions', undefined, { token: link })
  authorization = {
    anonymous: undefined,
    staff: `Bearer ${text(server.token)}`,
    customer: `Bearer ${text(session.body.sessionToken)}`,
    merchant: `Bearer ${(await readFile(text(record(merchants[0]).apiKeyFile), 'utf8')).trim()}`,
  }
  const customer = text(record(customers[1]).id)
  const code = await ask('POST', `/v1/customers/${customer}/payment-codes`, authorization.staff)
  const payment = await ask('POST', '/v1/payments', authorization.merchant, {
    ...{ orderNumber: 'access-1', subject: 'Tea', amount: { currency: 'CNY', value: '1.00' } },
    paymentCode: text(code.body.code),
  })
  others = { customer, merchant: text(record(merchants[1]).id), payment: text(payment.body.id) }
}, 300_000)

afterAll(async () => {
  await program.signal('SIGTERM')
  await rm(root, { recursive: true, force: true })
}, 240_000)

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(method: string, path: string, credentials: string | undefined, body: unknown = {}): Promise<Answer> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(credentials === undefined ? {} : { authorization: credentials }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  })
  const content: unknown = await answer.json().catch(() => undefined)
  return { status: answer.status, body: isObject(content) ? content : {} }
}

interface Route {
  readonly method: string
  readonly path: string
  readonly callers: readonly string[]
}

async function allRoutes(): Promise<readonly Route[]> {
  const document = await ask('GET', '/openapi.json', undefined)
  return Object.entries(record(document.body.paths)).flatMap(([path, methods]) =>
    Object.entries(record(methods)).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'x_00000000300r'),
      callers: list(record(record(operation)['x-huitong-access']).callers).map(text),
    })),
  )
}

describe('every route, asked by every kind of caller', () => {
  test('refuses those that it does not name, and looks at what they sent no further', async () => {
    const wrong: string[] = []
    let asked = 0
    for (const route of await allRoutes()) {
      for (const kind of CALLER_KINDS) {
        if (kind === 'partner' || kind === 'peer' || route.callers.includes(kind)) continue
        // Who may ask without credentials may ask with any; only the answer to the others matters.
        if (route.callers.length === 1 && route.callers[0] === 'anonymous') continue
        asked += 1
        const { status } = await ask(route.method, route.path, authorization[kind], { nonsense: true })
        const expected = kind === 'anonymous' ? 401 : 403
        if (status !== expected) wrong.push(`${route.method} ${route.path} by ${kind}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(50)
  }, 240_000)

  test('lets those read whom it names', async () => {
    const wrong: string[] = []
    for (const route of await allRoutes()) {
      if (route.method !== 'GET') continue
      for (const kind of CALLER_KINDS) {
        if (kind === 'partner' || kind === 'peer' || !route.callers.includes(kind)) continue
        const { status } = await ask(route.method, route.path, authorization[kind])
        if (![200, 400, 404].includes(status)) wrong.push(`${route.method} ${route.path} by ${kind}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  }, 240_000)
})

describe('what staff do', () => {
  test('is on record, whatever comes of it: each route that may change something, and each read of people', async () => {
    const missing: string[] = []
    let asked = 0
    for (const route of await allRoutes()) {
      if (!route.callers.includes('staff') || (route.method === 'GET' && !READS_OF_PEOPLE.test(route.path))) continue
      asked += 1
      const { status } = await ask(route.method, route.path, authorization.staff, { nonsense: true })
      const recorded = await ask('GET', '/v1/audit?limit=2', authorization.staff)
      // The newest row is the look at the record itself.
      const row = record(list(recorded.body.items)[1])
      const same = row.method === route.method && row.path === route.path && row.status === status
      if (!same) missing.push(`${route.method} ${route.path} ${status}: ${JSON.stringify(row)}`)
    }
    expect(missing).toEqual([])
    expect(asked).toBeGreaterThan(40)
  }, 120_000)
})

const READS_OF_PEOPLE =
  /^\/v1\/(customers|merchants|payments|wallets|transfers|audit|staff|escrow-trades|ledger\/accounts\/)/

describe('what belongs to somebody else', () => {
  test('looks to a customer as if it were not there', async () => {
    const { customer, payment } = others
    await expectHidden('customer', [
      ['GET', `/v1/customers/${customer}`],
      ['POST', `/v1/customers/${customer}/payment-codes`],
      ['GET', `/v1/wallets/${customer}`],
      ['GET', `/v1/payments/${payment}`],
      ['GET', `/v1/payments/${payment}/refunds`],
      ['POST', `/v1/payments/${payment}/confirm`],
    ])
  })

  test('looks to a merchant as if it were not there', async () => {
    const { merchant } = others
    await expectHidden('merchant', [
      ['GET', `/v1/merchants/${merchant}`],
      ['GET', `/v1/merchants/${merchant}/applications`],
    ])
  })

  test('is there for its owners', async () => {
    const statuses = []
    for (const kind of ['merchant', 'staff'] as const) {
      statuses.push((await ask('GET', `/v1/payments/${others.payment}`, authorization[kind])).status)
    }
    expect(statuses).toEqual([200, 200])
  })
})

/** The same answer as for an id that nobody has: neither the status nor a word may tell the two apart. */
async function expectHidden(
  kind: 'customer' | 'merchant',
  routes: readonly (readonly [string, string])[],
): Promise<void> {
  for (const [method, path] of routes) {
    const absent = path.replace(/_[0-9a-z]{12}/, '_00000000300r')
    const found = await ask(method, path, authorization[kind])
    const missing = await ask(method, absent, authorization[kind])
    expect({ path, status: found.status, ...problemOf(found) }).toEqual({ path, status: 404, ...problemOf(missing) })
  }
}

function problemOf({ body: { instance: _, ...problem } }: Answer): Record<string, unknown> {
  return problem
}
