import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type ServerProcess, startServerProcess } from '@huitong/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { list, record, text } from './answers.ts'
import { LANSHAN, TAIHU } from './demo-banks.ts'

/* Platform, banks and clearing house die at once while money is between them, again and again. Every order has one end in all of their books. */

const CLI = join(import.meta.dirname, '../../cli/src/main.ts')
const SCHEMAS = ['yunhe_pay', 'taihu_bank', 'lanshan_bank', 'central_clearing'] as const
const KILLS = 4
/** Of 林晓雨, the first customer of the demo world. */
const HOLDER = { holder: '林晓雨', documentNumber: '990000199001010017', phone: '+8610000000001' }

let data: string
let server: ServerProcess
let places: Readonly<Record<string, { readonly url: string; readonly token: string }>>

async function start(): Promise<void> {
  // Empty: all institutions of the demo world, and not the first alone.
  server = await startServerProcess({ dataDir: data, port: 0, env: { HUITONG_INSTITUTIONS: '' } })
  const file = record(JSON.parse(await readFile(join(data, 'server.json'), 'utf8')))
  places = Object.fromEntries(
    list(file.institutions).map((one) => {
      const { schema, url, token } = record(one)
      return [text(schema), { url: text(url), token: text(token) }]
    }),
  )
}

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huitong-channels-crash-'))
  await start()
}, 120_000)

afterAll(async () => {
  await server.stop()
  await rm(data, { recursive: true, force: true })
}, 60_000)

async function ask(schema: string, method: 'GET' | 'POST', path: string, body?: object, as?: string) {
  const place = places[schema]
  const answer = await fetch(`${place?.url}/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${as ?? place?.token}`,
      ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {}),
    },
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
  })
  return record(await answer.json())
}

async function session(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[CLI, 'demo', 'sign-in', '--customer', HOLDER.holder, '--data', data],
  ])
  const token = stdout.trim().split('/').at(-1)
  return text((await ask('yunhe_pay', 'POST', 'sessions', { token })).sessionToken)
}

async function ownAccount(schema: string) {
  return record(list((await ask(schema, 'GET', 'bank/accounts')).items).at(-1))
}

async function bind(bank: string, schema: string, token: string): Promise<string> {
  const number = text((await ownAccount(schema)).number)
  const card = await ask('yunhe_pay', 'POST', 'me/cards', { bank, number, ...HOLDER }, token)
  const { codes } = await ask(schema, 'POST', 'bank/demo-phones/codes', { phone: HOLDER.phone })
  const code = text(list(codes).at(-1))
  const bound = await ask('yunhe_pay', 'POST', `me/cards/${text(card.id)}/confirmation`, { code }, token)
  expect(bound.state).toBe('active')
  return text(card.id)
}

const fen = (value: unknown): number => Number(text(value).replace('.', ''))

it(`gives every order one end in ${KILLS} kills of all institutions`, { timeout: 600_000 }, async () => {
  let token = await session()
  const taihu = await bind(TAIHU, 'taihu_bank', token)
  const lanshan = await bind(LANSHAN, 'lanshan_bank', token)
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const ordered = [
      ask('yunhe_pay', 'POST', 'me/top-ups', { card: taihu, amount: { currency: 'CNY', value: '10.00' } }, token),
      ask('yunhe_pay', 'POST', 'me/withdrawals', { card: lanshan, amount: { currency: 'CNY', value: '1.00' } }, token),
    ]
    const asked = Promise.allSettled(ordered)
    await sleep(Math.random() * 120)
    if (kill % 3 === 0) await server.kill9ProgramOnly()
    else await server.kill9()
    await asked
    await start()
    token = await session()
    const open = async () =>
      list((await ask('yunhe_pay', 'GET', 'me/bank-orders', undefined, token)).items).filter(
        (order) => record(order).endedAt === null,
      ).length
    await expect.poll(open, { timeout: 90_000, interval: 200 }).toBe(0)
  }
  const orders = list((await ask('yunhe_pay', 'GET', 'me/bank-orders', undefined, token)).items).map(record)
  const settled = (kind: string) => orders.filter((order) => order.kind === kind && order.state === 'settled').length
  // A withdrawal that was out while all were down may have lapsed at the clearing house; it has its money back then.
  expect(settled('top_up') + settled('withdrawal')).toBeGreaterThan(0)
  const customers = list((await ask('yunhe_pay', 'GET', 'customers?limit=50')).items).map(record)
  const own = customers.find(({ displayName }) => displayName === HOLDER.holder)
  const wallet = await ask('yunhe_pay', 'GET', `wallets/${text(own?.id)}`)
  expect(fen(wallet.available)).toBe(500_000 + settled('top_up') * 1_000 - settled('withdrawal') * 100)
  await expect
    .poll(async () => fen((await ownAccount('taihu_bank')).balance), { timeout: 30_000 })
    .toBe(2_000_000 - settled('top_up') * 1_000)
  await expect
    .poll(async () => fen((await ownAccount('lanshan_bank')).balance), { timeout: 30_000 })
    .toBe(2_000_000 + settled('withdrawal') * 100)
  for (const schema of SCHEMAS) {
    const verify = [CLI, 'ledger', 'verify', '--institution', schema, '--data', data]
    expect((await promisify(execFile)(process.execPath, verify)).stdout).toContain('Sound: nothing was found.')
  }
})
