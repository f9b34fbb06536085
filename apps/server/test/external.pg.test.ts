import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '@huitong/pg'
import { testConnection, testDatabase } from '@huitong/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { record, text } from './answers.ts'
import { Program } from './program.ts'

// The program on a PostgreSQL that is there already, in a database of its own: without a demo world, unless one is asked for.
const DATABASE = `huitong_external_${process.pid}`
let root: string
let environment: Record<string, string>
let database: Database
let owner: Database['owner']

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-external-'))
  await testDatabase().owner.unsafe(`create database ${DATABASE}`)
  database = openDatabase({ ...testConnection(), database: DATABASE })
  owner = database.owner
  environment = { DATABASE_URL: addressOf(testConnection().user, testConnection().password) }
})

afterAll(async () => {
  await database.close()
  await testDatabase().owner.unsafe(`drop database ${DATABASE} with (force)`)
  await rm(root, { recursive: true, force: true })
})

function addressOf(user: string, password: string): string {
  const { host, port } = testConnection()
  const place = host.startsWith('/')
    ? `localhost:${port}/${DATABASE}?host=${encodeURIComponent(host)}`
    : `${host}:${port}/${DATABASE}`
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${place}`
}

function start(folder: string, ...args: readonly string[]): Program {
  return new Program(['--data', join(root, folder), '--port', '0', ...args], environment)
}

async function ask(url: string, folder: string, method: string, path: string, body?: string) {
  const { token } = record(JSON.parse(await readFile(join(root, folder, 'server.json'), 'utf8')))
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${text(token)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  })
  const value: unknown = await answer.json()
  return { status: answer.status, body: value }
}

describe('real books', () => {
  test('are opened empty, with nothing that only a demo may do', async () => {
    const program = start('real')
    const url = await program.ready()
    expect(program.output).toMatch(/Demo world {5}no: /)
    expect(program.output.match(/\/signin\//g)).toHaveLength(1)
    expect(await readdir(join(root, 'real'))).not.toContain('demo.json')
    expect((await ask(url, 'real', 'GET', '/v1/customers')).body).toEqual({ items: [], nextCursor: null })
    expect((await ask(url, 'real', 'POST', '/v1/demo/clock/advance', '{"seconds":60}')).status).toBe(404)
    const code = await ask(url, 'real', 'POST', '/v1/customers/cust_00000000300r/payment-codes', '{}')
    const money = JSON.stringify({ amount: { currency: 'CNY', value: '1.00' } })
    const topUp = await ask(url, 'real', 'POST', '/v1/wallets/cust_00000000300r/top-ups', money)
    expect([code.status, topUp.status]).toEqual([403, 403])
    expect(await (await fetch(url)).text()).not.toMatch(/demo/i)
    expect(await program.signal('SIGTERM')).toMatchObject({ code: 0, stderr: '' })
  }, 240_000)

  test('never become a demo world', async () => {
    const ended = await start('real', '--demo').ended()
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(/^This database began without a demo world and never gets one; [^\n]+\n$/)
  }, 240_000)
})

describe('a database that cannot be used', () => {
  test('because its server is too old', async () => {
    // A real server that says of itself, to this user, that it is of another time.
    const user = `${DATABASE}_old`
    await owner.unsafe(`create role ${user} login password 'old'`)
    await owner.unsafe('create schema old_times')
    await owner.unsafe(`create function old_times.current_setting(text) returns text immutable language sql
      return case when $1 = 'server_version_num' then '140012' else '14.12' end`)
    await owner.unsafe(`grant usage on schema old_times to ${user}`)
    await owner.unsafe(`alter role ${user} in database ${DATABASE} set search_path = old_times, pg_catalog`)
    environment = { DATABASE_URL: addressOf(user, 'old') }
    const ended = await start('old').ended()
    environment = { DATABASE_URL: addressOf(testConnection().user, testConnection().password) }
    await owner.unsafe(`drop owned by ${user}`)
    await owner.unsafe(`drop role ${user}`)
    expect([ended.code, ended.stdout]).toEqual([15, ''])
    expect(ended.stderr).toMatch(/^PostgreSQL at [^\n]+ is version 14\.12; version 15 or newer is needed\.\n$/)
  }, 240_000)

  test('because a newer program was there', async () => {
    await owner.unsafe(`insert into yunhe_pay.schema_migrations (module, number, name, sha256)
      values ('party', 900001, 'later', 'x')`)
    const ended = await start('real').ended()
    expect([ended.code, ended.stdout]).toEqual([19, ''])
    expect(ended.stderr).toMatch(/^The schema yunhe_pay is newer than this program: [^\n]*party 900001-later[^\n]*\n$/)
    expect(await readdir(join(root, 'real'))).not.toContain('server.json')
  }, 240_000)
})
