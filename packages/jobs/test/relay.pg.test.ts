import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ok } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import { createInstitution } from '@huitong/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { jobsMigrations, type OutboxRow, type Relay, type RelayOptions, startRelay } from '../src/index.ts'

const sets = [{ module: 'outbox', directory: join(import.meta.dirname, 'migrations') }, jobsMigrations]
const running: Relay[] = []

afterEach(async () => {
  for (const relay of running.splice(0)) await relay.stop()
})

function start(options: RelayOptions): Relay {
  const relay = startRelay({ pollMillis: 20, ...options })
  running.push(relay)
  return relay
}

async function write(db: InstitutionDatabase, batch: number, rows: readonly (readonly [key: string, body: string])[]) {
  await db.transact(async ({ sql }) => {
    for (const [position, [key, body]] of rows.entries()) {
      await sql`insert into committer_outbox values (${batch}, ${position}, 'test', ${key}, ${JSON.stringify(body)}::text::jsonb)`
    }
    return ok(undefined)
  })
}

async function keep({ sql }: Tx, row: OutboxRow, consumer = 'c'): Promise<void> {
  await sql`insert into effects (consumer, key, body) values (${consumer}, ${row.key}, ${String(JSON.parse(row.body))})`
}

async function effects(db: InstitutionDatabase): Promise<string[]> {
  const rows = await db.read(({ sql }) => sql<{ text: string }[]>`select key || body as text from effects order by id`)
  return rows.map((row) => row.text)
}

test('rows are carried in order, once, and a restart goes on where it stopped', async () => {
  const { db } = await createInstitution(sets)
  await write(db, 1, [
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
  ])
  const first = start({ db, consumer: 'c', handle: keep, pageRows: 2 })
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1', 'b2', 'a3']))
  await first.stop()
  await write(db, 2, [['a', '4']])
  await sleep(60)
  expect(await effects(db)).toHaveLength(3)
  start({ db, consumer: 'c', handle: keep })
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1', 'b2', 'a3', 'a4']))
})

test('a wake brings new rows at once, long before the next poll', async () => {
  const { db } = await createInstitution(sets)
  const relay = start({ db, consumer: 'c', handle: keep, pollMillis: 60_000 })
  await sleep(100)
  await write(db, 1, [['a', '1']])
  relay.wake()
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1']))
})

test('a failing row is parked with its key, other keys go on, and the key keeps its order when it recovers', async () => {
  const { db } = await createInstitution(sets)
  await write(db, 1, [
    ['a', '1'],
    ['bad', '2'],
    ['b', '3'],
    ['bad', '4'],
    ['a', '5'],
  ])
  const failures: string[] = []
  let broken = true
  start({
    db,
    consumer: 'c',
    handle: async (tx, row) => {
      await keep(tx, row)
      if (broken && row.body.includes('2')) throw new Error('no such luck')
    },
    onError: (error, row) => failures.push(`${row?.key} ${String(error)}`),
  })
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1', 'b3', 'a5']))
  await write(db, 2, [
    ['bad', '6'],
    ['a', '7'],
  ])
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1', 'b3', 'a5', 'a7']))
  const parked = await db.read(
    ({ sql }) =>
      sql`select batch, position, attempts > 0 as tried, last_error from jobs_parked order by batch, position`,
  )
  expect(parked).toEqual([
    { batch: 1n, position: 1, tried: true, last_error: 'Error: no such luck' },
    { batch: 1n, position: 3, tried: false, last_error: null },
    { batch: 2n, position: 0, tried: false, last_error: null },
  ])
  expect(failures[0]).toBe('bad Error: no such luck')
  broken = false
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1', 'b3', 'a5', 'a7', 'bad2', 'bad4', 'bad6']), {
    timeout: 10_000,
  })
  expect(await db.read(({ sql }) => sql`select count(*) from jobs_parked`)).toEqual([{ count: 0n }])
})

test('two relays of one consumer never carry at once, and the second takes over when the first is gone', async () => {
  const { db } = await createInstitution(sets)
  const busy = { now: 0, most: 0 }
  const handle = async (tx: Tx, row: OutboxRow): Promise<void> => {
    busy.now += 1
    busy.most = Math.max(busy.most, busy.now)
    await keep(tx, row)
    await sleep(2)
    busy.now -= 1
  }
  const rows = Array.from({ length: 30 }, (_, index) => ['k', String(index)] as const)
  await write(db, 1, rows)
  const first = start({ db, consumer: 'c', handle, pageRows: 5 })
  start({ db, consumer: 'c', handle, pageRows: 5 })
  start({ db, consumer: 'other', handle: (tx, row) => keep(tx, row, 'other') })
  await vi.waitFor(async () => expect(await effects(db)).toHaveLength(60))
  await first.stop()
  await write(db, 2, [['k', 'last']])
  await vi.waitFor(async () => expect(await effects(db)).toHaveLength(62))
  expect(busy.most).toBe(1)
  const carried = await db.read(({ sql }) => sql`select body from effects where consumer = 'c' order by id`)
  expect(carried.map((row) => row.body)).toEqual([...rows.map(([, body]) => body), 'last'])
})

test('a holder that vanished without a word is followed when its lease has run out', async () => {
  const { db } = await createInstitution(sets)
  await write(db, 1, [['a', '1']])
  await db.transact(async ({ sql }) =>
    ok(
      await sql`
        insert into jobs_cursors (consumer, holder, lease_expires_at)
        values ('c', 'gone', clock_timestamp() + interval '600 ms')`,
    ),
  )
  start({ db, consumer: 'c', handle: keep })
  await sleep(200)
  expect(await effects(db)).toEqual([])
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1']), { timeout: 5000 })
})

test('what a page needs is looked up once, never for rows that wait, and a page that cannot be prepared is tried row by row', async () => {
  const { db } = await createInstitution(sets)
  await write(db, 1, [
    ['a', '1'],
    ['bad', '2'],
    ['b', '3'],
    ['bad', '4'],
  ])
  const prepared: string[] = []
  start({
    db,
    consumer: 'c',
    handle: {
      prepare: async (_tx, rows) => {
        const keys = rows.map(({ key }) => key)
        prepared.push(keys.join(' '))
        if (keys.includes('bad')) throw new Error('cannot be looked up')
        return async (tx, row) => {
          expect(keys).toContain(row.key)
          await keep(tx, row)
        }
      },
    },
  })
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1', 'b3']))
  await write(db, 2, [
    ['bad', '5'],
    ['a', '6'],
    ['b', '7'],
  ])
  await vi.waitFor(async () => expect(await effects(db)).toEqual(['a1', 'b3', 'a6', 'b7']))
  expect(prepared[0]).toBe('a bad b bad')
  expect(prepared).toContain('a b')
  const parked = await db.read(
    ({ sql }) => sql`select key, attempts > 0 as tried, last_error from jobs_parked order by batch, position`,
  )
  expect(parked).toEqual([
    { key: 'bad', tried: true, last_error: 'Error: cannot be looked up' },
    { key: 'bad', tried: false, last_error: null },
    { key: 'bad', tried: false, last_error: null },
  ])
})
