import { spawnSync } from 'node:child_process'
import { openDatabase } from '@huitong/pg'
import postgres from 'postgres'
import type { BenchWorld } from './bench-world.ts'
import { drive, type Measured } from './drive.ts'
import { seeded } from './workloads.ts'

/** What an engineer would write first: one transaction a transfer that locks both balances. 32 connections on the same server. */
export async function forUpdateBaseline(world: BenchWorld, seconds: number, zipf: boolean): Promise<Measured> {
  const { connection } = world.server
  const sql = postgres({ ...connectionOf(connection), max: 32, onnotice: () => undefined })
  await sql.unsafe('create schema if not exists textbook')
  await sql.unsafe('drop table if exists textbook.transfers, textbook.balances')
  await sql.unsafe('create table textbook.balances (id int primary key, balance int8 not null check (balance >= 0))')
  await sql.unsafe(
    'create table textbook.transfers (id int8 generated always as identity primary key, key text not null unique, debit int not null, credit int not null, amount int8 not null, at timestamptz not null default now())',
  )
  await sql.unsafe('create index on textbook.transfers (debit, id)')
  await sql.unsafe('create index on textbook.transfers (credit, id)')
  await sql.unsafe('insert into textbook.balances select i, 1000000000000 from generate_series(0, 99999) i')
  await sql.unsafe('analyze textbook.balances')
  await sql.unsafe('checkpoint')
  const random = seeded(17)
  const draw = () => (zipf ? Math.min(100_000, Math.floor(1 / (random() + 1e-9))) - 1 : Math.floor(random() * 100_000))
  let key = 0
  const measured = await drive(32, seconds, async () => {
    const debit = draw()
    const drawn = draw()
    const credit = drawn === debit ? (debit + 1) % 100_000 : drawn
    key += 1
    const own = `k${key}`
    await sql.begin(async (tx) => {
      const rows =
        await tx`select id, balance from textbook.balances where id in (${debit}, ${credit}) order by id for update`
      if (rows.length !== 2) throw new Error('an account is missing')
      await Promise.all([
        tx`update textbook.balances set balance = balance - 1 where id = ${debit}`,
        tx`update textbook.balances set balance = balance + 1 where id = ${credit}`,
        tx`insert into textbook.transfers (key, debit, credit, amount) values (${own}, ${debit}, ${credit}, 1)`,
      ])
    })
    return 'done'
  })
  await sql.end()
  return measured
}

/** One inserted row and its commit, on one connection: what durability alone costs. */
export async function bareCommitBaseline(connection: Connection, seconds: number): Promise<Measured> {
  const sql = postgres({ ...connectionOf(connection), max: 1, onnotice: () => undefined })
  await sql.unsafe('create schema if not exists textbook')
  await sql.unsafe('create table if not exists textbook.commits (n int8)')
  const measured = await drive(1, seconds, async () => {
    await sql`insert into textbook.commits values (1)`
    return 'done'
  })
  await sql.end()
  return measured
}

/** `pgbench -s 50 -M prepared -c 32 -j 2`, TPC-B, on the same server after a checkpoint; undefined where pgbench is not installed. */
export async function pgbenchBaseline(world: BenchWorld, seconds: number): Promise<number | undefined> {
  if (spawnSync('pgbench', ['--version']).status !== 0) return undefined
  const database = openDatabase(world.server.connection)
  await database.owner.unsafe('drop database if exists pgbench').catch(() => undefined)
  await database.owner.unsafe('create database pgbench')
  const { host, port, user, password } = world.server.connection
  const env = {
    ...process.env,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password ?? '',
    PGDATABASE: 'pgbench',
  }
  const made = spawnSync('pgbench', ['-i', '-q', '-s', '50'], { env, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`pgbench -i: ${made.stderr}`)
  await database.owner.unsafe('checkpoint')
  const run = spawnSync('pgbench', ['-M', 'prepared', '-c', '32', '-j', '2', '-T', String(seconds)], {
    env,
    encoding: 'utf8',
  })
  await database.owner.unsafe('drop database pgbench')
  await database.close()
  const found = /tps = ([0-9.]+)/.exec(run.stdout)?.[1]
  if (found === undefined) throw new Error(`pgbench: ${run.stderr}`)
  return Number(found)
}

type Connection = BenchWorld['server']['connection']

function connectionOf(connection: Connection) {
  const { host, port, user, password, database } = connection
  return { host, port, user, password: password ?? '', database }
}
