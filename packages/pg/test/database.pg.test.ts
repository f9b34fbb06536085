import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { err, ok } from '@huitong/kernel'
import { createInstitution, testConnection, testDatabase } from '@huitong/testing'
import { expect, test } from 'vitest'
import { openDatabase } from '../src/index.ts'

const sets = [{ module: 'one', directory: join(import.meta.dirname, 'migrations/one') }]

test('a transaction commits on ok and leaves no trace on a refusal or a throw', async () => {
  const { db } = await createInstitution(sets)
  await db.transact(async ({ sql }) => {
    await sql`insert into one_things values (1, 'kept')`
    return ok(undefined)
  })
  const refused = await db.transact(async ({ sql }) => {
    await sql`insert into one_things values (2, 'refused')`
    return err('no_thanks')
  })
  expect(refused).toEqual({ ok: false, error: 'no_thanks' })
  const thrown = db.transact(async ({ sql }) => {
    await sql`insert into one_things values (3, 'thrown')`
    throw new Error('on the way')
  })
  await expect(thrown).rejects.toThrow('on the way')
  expect(await db.read(({ sql }) => sql`select id, name from one_things`)).toEqual([{ id: 1n, name: 'kept' }])
})

test('work that swallows a failed statement and says ok is not taken for committed', async () => {
  const { db } = await createInstitution(sets)
  const work = db.transact(async ({ sql }) => {
    await sql`insert into one_things values (1, null)`.catch(() => undefined)
    return ok(undefined)
  })
  await expect(work).rejects.toThrow('nothing was kept')
})

test('reading cannot write, and institutions may only do what was granted', async () => {
  const { db } = await createInstitution(sets)
  await expect(db.read(({ sql }) => sql`insert into one_things values (1, 'x')`)).rejects.toThrow('read-only')
  const erase = db.transact(async ({ sql }) => ok(await sql`delete from one_things`))
  await expect(erase).rejects.toThrow('permission denied')
})

test('institutions share few connections without seeing each other', async () => {
  const institutions = await Promise.all([1, 2, 3, 4].map(() => createInstitution(sets)))
  const database = openDatabase(testConnection(), { connectionsMax: 2 })
  const work: Promise<unknown>[] = []
  for (let turn = 0; turn < 25; turn += 1) {
    for (const [index, { schema }] of institutions.entries()) {
      const db = database.institution(schema)
      work.push(
        db.transact(async ({ sql }) => {
          await sql`insert into one_things values (${turn}, ${`of ${index}`})`
          return ok(undefined)
        }),
      )
    }
  }
  await Promise.all(work)
  for (const [index, { schema }] of institutions.entries()) {
    const rows = await database
      .institution(schema)
      .read(({ sql }) => sql`select name, count(*) from one_things group by name`)
    expect(rows).toEqual([{ name: `of ${index}`, count: 25n }])
  }
  const [open] = await testDatabase().owner`
    select count(*) from pg_stat_activity where application_name = 'huitong' and query like '%one_things%'`
  expect(Number(open?.count)).toBeLessThanOrEqual(3)
  await database.close()
  await expect(database.institution('x').read(async () => 1)).rejects.toThrow('being closed')
})

test('a connection that dies in a transaction lets nothing run outside of it', async () => {
  const { db } = await createInstitution(sets)
  const work = db.transact(async ({ sql }) => {
    await sql`insert into one_things values (1, 'before')`
    const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
    await testDatabase().owner`select pg_terminate_backend(${row?.pid ?? 0})`
    await sql`insert into one_things values (2, 'after')`.catch(() => undefined)
    await sql`insert into one_things values (3, 'after')`.catch(() => undefined)
    return ok(undefined)
  })
  await expect(work).rejects.toThrow()
  expect(await db.read(({ sql }) => sql`select * from one_things`)).toEqual([])
})

test('statements of a dedicated connection travel together and run in order', async () => {
  const { dedicated } = await createInstitution(sets)
  const { sql } = await dedicated({})
  const list = `{${Array.from({ length: 20_000 }, (_, index) => 10_000_000_000 + index).join(',')}}`
  const batch = (id: number) =>
    Promise.all([
      sql`begin`,
      sql<{ n: bigint }[]>`select count(*) as n from unnest(${list}::text::int8[])`,
      sql`insert into one_things values (${id}, 'a')`,
      sql<{ n: bigint }[]>`select count(*) as n from one_things`,
      sql`commit`,
    ])
  await batch(1)
  const [, numbers, , counted, end] = await batch(2)
  expect([numbers[0]?.n, counted[0]?.n, end.command]).toEqual([20_000n, 2n, 'COMMIT'])
  const failed = await Promise.allSettled([sql`begin`, sql`insert into one_things values (1, 'again')`, sql`commit`])
  expect(failed.map((part) => (part.status === 'fulfilled' ? part.value.command : 'failed'))).toEqual([
    'BEGIN',
    'failed',
    'ROLLBACK',
  ])
})

test('a connection that is closed in the middle of new statements leaves none of them without an answer', async () => {
  const { dedicated } = await createInstitution(sets)
  const { sql, close } = await dedicated({})
  // A statement that runs for the first time holds back those behind it, until the server has named the types of its values.
  const started = [
    sql`begin`,
    sql`insert into one_things values (${71}, ${'a'})`,
    sql`insert into one_things values (${72}, ${'b'}) returning id`,
    sql`select count(*) from one_things where id > ${70}`,
    sql`commit`,
  ].map((statement) => statement.execute())
  await nextTurn()
  const closing = close()
  const late = sql`select 'late'`.execute()
  const settled = await Promise.allSettled(started)
  expect(settled.map((one) => one.status)).toEqual(started.map(() => 'fulfilled'))
  await Promise.allSettled([late])
  await closing
  await expect(sql`select 1`).rejects.toThrow()
})

test('a connection that is lost in the middle of new statements rejects them all', async () => {
  const { dedicated } = await createInstitution(sets)
  const { sql, ended } = await dedicated({})
  const [own] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  const started = [
    sql`begin`,
    sql`select pg_sleep(60)`,
    sql`select ${1}::int4`,
    sql`select ${2}::int8`,
    sql`commit`,
  ].map((statement) => statement.execute())
  const settled = Promise.allSettled(started.slice(1))
  await started[0]
  const other = await dedicated({})
  await other.sql`select pg_terminate_backend(${own?.pid ?? 0})`
  expect((await settled).map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
  await ended
})
