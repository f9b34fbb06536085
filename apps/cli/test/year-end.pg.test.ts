import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays, type LocalDate, localDate } from '@huitong/kernel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { huitong, type Launched, launchUntil } from './cli.ts'

let data: string
let server: Launched

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huitong-year-'))
  await start()
}, 300_000)

afterAll(async () => {
  await server.signal('SIGTERM')
  await rm(data, { recursive: true, force: true })
}, 240_000)

async function start(...options: readonly string[]): Promise<void> {
  server = await launchUntil('Huitong is ready at ', ['start', '--data', data, '--port', '0', ...options])
}

const run = (...args: readonly string[]) => huitong(...args, '--data', data)
const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--json')).stdout)

async function today(): Promise<LocalDate> {
  const day = localDate((await json('ledger', 'head')).accountingDay)
  if (!day.ok) throw new Error(day.error)
  return day.value
}

async function open(subject: string): Promise<string> {
  return (await json('ledger', 'open', '--subject', subject, '--currency', 'CNY')).id
}

async function balanceOf(account: string): Promise<string> {
  return (await json('ledger', 'account', account)).balance
}

/** Moves the demo's clock so many days on, and waits until the ledger has that day. */
async function advance(days: number): Promise<LocalDate> {
  const expected = addDays(await today(), days)
  expect((await run('demo', 'advance', `${days}d`)).code).toBe(0)
  await expect.poll(today, { timeout: 60_000, interval: 200 }).toBe(expected)
  return expected
}

test('a year that ended is closed on the command line, once, and its accounts begin anew', {
  timeout: 300_000,
}, async () => {
  const [bank, income] = [await open('1002'), await open('5002')]
  await open('4002')
  expect((await run('ledger', 'post', '--debit', bank, '--credit', income, '--amount', '12.34')).code).toBe(0)
  const begun = await today()
  const year = begun.slice(0, 4)
  for (let day = begun; day.slice(5) !== '12-31'; ) {
    const left = (Date.parse(`${year}-12-31`) - Date.parse(day)) / 86_400_000
    day = await advance(Math.min(left, 20))
  }
  await advance(2)
  // The server's own job ties the days that ended; then they may become final.
  await expect
    .poll(async () => (await run('ledger', 'finalize-days', `${year}-12-31`)).code, { timeout: 120_000, interval: 500 })
    .toBe(0)
  expect(await balanceOf(income)).toBe('12.34')
  const closed = await run('ledger', 'close-year', year)
  expect([closed.code, closed.stdout]).toEqual([0, expect.stringContaining(`${year} is closed: 1 accounts`)])
  expect(await balanceOf(income)).toBe('0.00')
  const again = await run('ledger', 'close-year', year)
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining(': 0 accounts')])
  expect(await json('ledger', 'years')).toEqual([expect.objectContaining({ year: Number(year) })])
  const sound = await run('ledger', 'verify')
  expect([sound.code, sound.stdout]).toEqual([0, expect.stringContaining('Sound')])
})

test('accounts that nobody moved for longer than the institution says fall asleep', { timeout: 300_000 }, async () => {
  await server.signal('SIGTERM')
  await start('--dormant-after-days', '1')
  const states = async () => {
    const accounts: readonly { readonly subject: string; readonly state: string }[] = await json('ledger', 'accounts')
    return accounts.filter(({ subject }) => subject === '2001').map(({ state }) => state)
  }
  await expect
    .poll(async () => new Set(await states()), { timeout: 60_000, interval: 500 })
    .toEqual(new Set(['dormant']))
})
