import { generateKeyPairSync, randomInt, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isObject, record, text } from './answers.ts'
import { Program } from './program.ts'

// The whole program as somebody meets it who means it harm: over HTTP and raw sockets, much of it at once.
let root: string
let program: Program
let url: string
let staff: string
let shop: string
let customer: string
let buyer: string
let output: string
/** What must not be found in the log afterwards. */
const secrets: string[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-hostile-'))
  await start()
  const demo = record(JSON.parse(await readFile(join(root, 'demo.json'), 'utf8')))
  buyer = text(record(items(demo.customers)[0]).id)
  shop = `Bearer ${(await readFile(text(record(items(demo.merchants)[0]).apiKeyFile), 'utf8')).trim()}`
  const link = /Customer[^\n]*\n\s*http:\S+\/signin\/(\S+)/.exec(output)?.[1] ?? ''
  const session = text((await ask('POST', '/v1/sessions', undefined, { token: link })).body.sessionToken)
  customer = `Bearer ${session}`
  secrets.push(session, link, shop.slice('Bearer '.length))
}, 300_000)

afterAll(async () => {
  await program.signal('SIGTERM')
  await rm(root, { recursive: true, force: true })
}, 240_000)

async function start(): Promise<void> {
  program = new Program(['--data', root, '--port', '0'])
  url = await program.ready()
  output = program.output
  const token = text(record(JSON.parse(await readFile(join(root, 'server.json'), 'utf8'))).token)
  secrets.push(token)
  staff = `Bearer ${token}`
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(
  method: string,
  path: string,
  authorization: string | undefined,
  body: unknown = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const content: unknown = await answer.json().catch(() => undefined)
  return { status: answer.status, body: isObject(content) ? content : {} }
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

const yuan = (value: string) => ({ currency: 'CNY', value })
const minor = (value: unknown) => BigInt(text(value).replace('.', ''))

async function walletMinor(): Promise<bigint> {
  return minor((await ask('GET', `/v1/wallets/${buyer}`, staff)).body.balance)
}

async function paymentCode(): Promise<string> {
  const code = text((await ask('POST', `/v1/customers/${buyer}/payment-codes`, staff)).body.code)
  secrets.push(code)
  return code
}

/** What the reserve holds beyond what customers, merchants and the institution may claim of it. */
async function imbalance(): Promise<bigint> {
  const { body } = await ask('GET', '/v1/ledger/accounts?limit=200', staff)
  let difference = 0n
  for (const account of items(body.items).map(record)) {
    difference += account.subject === '1001' ? minor(account.balance) : -minor(account.balance)
  }
  return difference
}

describe('much at once', () => {
  test('a hundred of the same payment have one effect and one answer', async () => {
    const before = await walletMinor()
    const order = { orderNumber: 'hundred', subject: 'x', amount: yuan('1.00'), paymentCode: await paymentCode() }
    const once = () => ask('POST', '/v1/payments', shop, order, { 'idempotency-key': 'hundred' })
    const answers = await Promise.all(Array.from({ length: 100 }, once))
    expect(new Set(answers.map(({ status, body }) => `${status} ${text(body.id)}`)).size).toBe(1)
    expect(before - (await walletMinor())).toBe(100n)
  })

  test('one key with ten different bodies pays one of them', async () => {
    const before = await walletMinor()
    const paid = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const order = { orderNumber: `key-${index}`, subject: 'x', amount: yuan('1.00') }
        const body = { ...order, paymentCode: await paymentCode() }
        return (await ask('POST', '/v1/payments', shop, body, { 'idempotency-key': 'ten' })).status
      }),
    )
    expect(paid.toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
    expect(before - (await walletMinor())).toBe(100n)
  })

  test('confirming, closing, cancelling and refunding one trade leaves a state that every answer fits', async () => {
    for (let round = 0; round < 25; round += 1) {
      const before = await walletMinor()
      const totalMinor = randomInt(2, 500)
      const total = `${Math.floor(totalMinor / 100)}.${String(totalMinor % 100).padStart(2, '0')}`
      const order = { orderNumber: `storm-${round}`, subject: 'x', amount: yuan(total), customer: buyer }
      const { body: made } = await ask('POST', '/v1/payments', shop, order)
      const path = `/v1/payments/${text(made.id)}`
      const part = { amount: yuan('0.01'), refundNumber: 'part' }
      const acts = [
        ...[() => ask('POST', `${path}/confirm`, customer), () => ask('POST', `${path}/close`, shop)],
        ...[() => ask('POST', `${path}/cancel`, shop), () => ask('POST', `${path}/refunds`, shop, part)],
        () => ask('POST', `${path}/refunds`, shop, { amount: yuan(total) }),
      ].map((act, index) => ({ act, index, place: randomInt(1_000_000) }))
      const answers: Answer[] = []
      await Promise.all(
        acts
          .toSorted((a, b) => a.place - b.place)
          .map(async ({ act, index }) => {
            answers[index] = await act()
          }),
      )
      const { body: trade } = await ask('GET', path, staff)
      const [confirmed, closed, cancelled] = answers.map(({ status }) => status < 300)
      const seen = JSON.stringify({ total, answers: answers.map(({ status, body }) => [status, body.code]), trade })
      expect(Math.max(...answers.map(({ status }) => status)), seen).toBeLessThan(500)
      expect(minor(trade.paid) > 0n, seen).toBe(confirmed)
      expect(trade.closingCause === 'closed_by_merchant', seen).toBe(closed)
      if (cancelled) expect(minor(trade.paid), seen).toBe(minor(trade.refunded))
      expect(before - (await walletMinor()), seen).toBe(minor(trade.paid) - minor(trade.refunded))
      if (trade.paid === trade.refunded) expect(trade.feeReturned, seen).toBe(trade.fee)
    }
    expect(await imbalance()).toBe(0n)
  }, 240_000)
})

describe('another merchant', () => {
  test('finds nothing of the first, whatever its name tries', async () => {
    const name = `<script>alert(1)</script>'; drop table x; --`
    const { body: merchant } = await ask('POST', '/v1/merchants', staff, { name, feeRateMillionths: 100_000 })
    const { publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const application = { name: 'other', publicKey, withApiKey: true }
    const made = await ask('POST', `/v1/merchants/${text(merchant.id)}/applications`, staff, application)
    const other = `Bearer ${text(made.body.apiKey)}`
    const order = { orderNumber: 'mine', subject: 'x', amount: yuan('1.00'), paymentCode: await paymentCode() }
    const path = `/v1/payments/${text((await ask('POST', '/v1/payments', shop, order)).body.id)}`
    const tries: readonly (readonly [string, string, unknown])[] = [
      ['GET', path, {}],
      ['POST', `${path}/refunds`, { amount: yuan('1.00') }],
      ['POST', `${path}/cancel`, {}],
      ['POST', `${path}/close`, {}],
    ]
    for (const [method, address, body] of tries) {
      expect((await ask(method, address, other, body)).status, `${method} ${address}`).toBe(404)
    }
    expect((await ask('GET', path, staff)).body).toMatchObject({ state: 'paid', refunded: '0.00' })
    expect(await (await fetch(url)).text()).not.toContain('<script>alert')
  })
})

describe('sockets', () => {
  const head = 'POST /v1/payments HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\r\n'
  test.each([
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 10\r\n\r\n{}aaaaaaaa`],
    [
      'a length and chunks',
      `${head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    ],
    ['an unknown coding', `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', 'GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['bare line feeds', 'GET /healthz HTTP/1.1\nHost: x\n\n'],
    ['a chunk that is none', `${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`],
    ['forty kilobytes of header', `GET /healthz HTTP/1.1\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01'],
  ])('with %s get one answer, a refusal, and are closed', async (_, bytes) => {
    const answer = await exchange(bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  test.each([
    '/%2e%2e/%2e%2e/etc/passwd',
    '/docs/../../etc/passwd',
    '/v1/payments/%00',
    '/signin/%ff',
    '//v1//payments',
  ])('cannot leave the routes by %s', async (path) => {
    const answer = await exchange(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 40[0134] /)
  })
})

/** Writes bytes and gives everything that comes back until the server closes. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.setTimeout(10_000, () => {
      socket.destroy()
      reject(new Error(`the server kept the connection after: ${received}`))
    })
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(received))
  })
}

describe('browsers', () => {
  test('may bring any cookies, and those of nobody open nothing', async () => {
    for (const cookie of [
      'a=b',
      '%%%=%ff; ; =',
      `huitong-session=hs_${'B'.repeat(43)}`,
      '__proto__=1; constructor=2',
    ]) {
      expect((await fetch(url, { headers: { cookie } })).status, cookie).toBe(200)
      expect((await ask('GET', '/v1/me', undefined, {}, { cookie })).status, cookie).toBe(401)
    }
  })
})

describe('bad luck', () => {
  test('a customer with as many live codes as allowed is told so after a crash, too', async () => {
    const path = `/v1/customers/${buyer}/payment-codes`
    const issue = async () => (await ask('POST', path, staff)).status
    const until = Date.now() + 20_000
    while (Date.now() < until && (await issue()) === 201);
    await program.signal('SIGKILL')
    await start()
    expect(await issue()).toBe(429)
    expect(await imbalance()).toBe(0n)
  }, 240_000)

  test('nothing that happened here left a secret in the log', async () => {
    const log = await readFile(join(root, 'huitong.log'), 'utf8')
    const kept = [...new Set(secrets)]
    expect(kept.length).toBeGreaterThan(10)
    expect(kept.filter((secret) => log.includes(secret))).toEqual([])
    expect(log).not.toMatch(/\b1[3-9]\d{9}\b|PRIVATE KEY|Bearer /)
  })
})
