import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { postgresPid } from '@huitong/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { huitong, huitongWith, type Launched, launchUntil, startHuitong } from './cli.ts'

// Everything as an operator runs it: the server, a standby beside it, and commands, each a process of its own.
const root = await mkdtemp(join(tmpdir(), 'huitong-cli-standby-'))
const data = join(root, 'data')
const copy = join(root, 'standby')
const environment = { HUITONG_READ_URL: pathToFileURL(copy).href }
let server: { stop(): Promise<void> }
let standby: Launched

const FOLLOWS = 'Reads come from it when that server is started with HUITONG_READ_URL=file://'

beforeAll(async () => {
  server = await startHuitong(data, environment)
}, 300_000)

afterAll(async () => {
  await standby?.signal('SIGTERM')
  await server?.stop()
  await rm(root, { recursive: true, force: true })
}, 240_000)

async function ask(path: string): Promise<Response> {
  const file: unknown = JSON.parse(await readFile(join(data, 'server.json'), 'utf8'))
  const { url, token } = { url: '', token: '', ...(typeof file === 'object' ? file : {}) }
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
}

/** Asks until the answer comes from there; its headers. */
async function answeredFrom(source: 'replica' | 'primary'): Promise<Headers> {
  for (;;) {
    const { headers, status } = await ask('/v1/ledger/accounts?limit=5')
    expect(status).toBe(200)
    if (headers.get('huitong-read-from') === source) return headers
    await sleep(200)
  }
}

async function homePage(): Promise<string> {
  await sleep(1100)
  return (await ask('/')).text()
}

test('a server reads from a standby as soon as one runs, and says so', async () => {
  expect((await answeredFrom('primary')).get('huitong-read-reason')).toBe('unreachable')
  expect(await homePage()).toContain('from the primary: the replica is unreachable')
  standby = await launchUntil(FOLLOWS, ['standby', copy, '--data', data])
  expect(standby.shown).toContain(`The standby in ${copy} was copied and follows the server in ${data}.`)
  const headers = await answeredFrom('replica')
  expect(Number(headers.get('huitong-read-batch'))).toBeGreaterThan(0)
  expect(await homePage()).toMatch(/from a replica at batch \d+, /)
  const whole = await ask('/v1/ledger/accounts?limit=200')
  const accounts: unknown = await whole.json()
  expect(accounts).toMatchObject({ items: expect.toSatisfy((items: unknown[]) => items.length > 5) })
}, 300_000)

test('commands read from it, and say as of which batch', async () => {
  const [there, here] = await Promise.all([
    huitongWith(environment, 'ledger', 'export', '--what', 'transfers', '--data', data),
    huitong('ledger', 'export', '--what', 'transfers', '--data', data),
  ])
  expect(there.stdout).toBe(here.stdout)
  expect(there.stderr).toMatch(/^Read from the replica \S+, as of batch \d+, 20\S+Z\.\n$/m)
  expect(here.stderr).not.toContain('replica')
  const listed = await huitongWith(environment, 'ledger', 'accounts', '--json', '--data', join(root, 'nowhere'))
  expect([listed.code, JSON.parse(listed.stdout).length > 5]).toEqual([0, true])
  const nobody = await huitongWith(environment, 'ledger', 'accounts', '--institution', 'nobody', '--data', data)
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('There is no institution nobody')])
}, 300_000)

test('a standby that is killed is gone around, and goes on when it is started again', async () => {
  const pid = await postgresPid(copy)
  await standby.signal('SIGKILL')
  // Its PostgreSQL outlives it, without a way to the primary.
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  expect((await answeredFrom('primary')).get('huitong-read-reason')).toBe('unreachable')
  const away = await huitongWith(environment, 'ledger', 'accounts', '--data', data)
  expect([away.code, away.stderr]).toEqual([3, expect.stringContaining('cannot be used')])
  standby = await launchUntil(FOLLOWS, ['standby', copy, '--data', data])
  expect(standby.shown).toContain(`The standby in ${copy} follows the server in ${data}.`)
  await answeredFrom('replica')
  expect(await standby.signal('SIGTERM')).toBe(0)
  await answeredFrom('primary')
  standby = await launchUntil(FOLLOWS, ['standby', copy, '--data', data, '--anew'])
  expect(standby.shown).toContain('was copied and follows')
  await answeredFrom('replica')
}, 300_000)

test('what cannot be a standby is refused, and left as it is', async () => {
  const inside = await huitong('standby', join(data, 'standby'), '--data', data)
  expect([inside.code, inside.stderr]).toEqual([4, expect.stringContaining('must lie apart from the data folder')])
  const nothing = await huitong('standby', join(root, 'other'), '--data', join(root, 'nowhere'))
  expect([nothing.code, nothing.stderr]).toEqual([3, expect.stringContaining('There is no server in')])
  const held = await huitong('standby', copy, '--data', data)
  expect([held.code, held.stderr]).toEqual([3, expect.stringContaining('is in use by process')])
  const external = await huitongWith({ DATABASE_URL: 'postgres://u@h/d' }, 'standby', copy, '--data', data)
  expect([external.code, external.stderr]).toEqual([2, expect.stringContaining('its own tools')])
}, 300_000)
