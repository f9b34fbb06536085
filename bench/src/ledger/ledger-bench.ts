import { addDays, type LocalDate, localDate } from '@huitong/kernel'
import type { Bench, BenchOptions } from '../bench-options.ts'
import { lineOf, type Row, round, rowOf } from '../row.ts'
import { bareCommitBaseline, forUpdateBaseline, pgbenchBaseline } from './baselines.ts'
import { type BenchWorld, SCHEMA, startBenchWorld } from './bench-world.ts'
import { type Ask, drive, type Measured } from './drive.ts'
import { measureEmpty, measureStored, type StoredRow } from './stored-rows.ts'
import { verifyIdle, verifyUnderLoad } from './verify-rows.ts'
import { hot, move, post, uniform, zipf2 } from './workloads.ts'

const ACCOUNTS = 100_000
/** Enough commands at once for a full batch on its way, one that is decided and one whose callers are told. */
const CLIENTS = 12_000

/** Of so many seconds one is around a close, and the others are compared with it. */
const CLOSE_EVERY_SECONDS = 3

/**
 * Durable transfers through the committer, one command each, with idempotency records, running balances, Merkle tree and chain.
 * Rows and targets: docs/concepts/performance.md.
 */
async function ledgerBench(options: BenchOptions): Promise<void> {
  const print = (row: Row) => process.stdout.write(`${options.json ? JSON.stringify(row) : lineOf(row)}\n`)
  const wanted = (name: string) => options.only.length === 0 || options.only.includes(name)
  // First, and each on books of its own: nothing is stored in them.
  const stored = STORED_ROWS.filter(({ name }) => wanted(name))
  const measureIn = (books: BenchWorld, ask: Ask, clients: number) => measured(books, ask, clients, options.seconds)
  const empty = await measureEmpty(stored, fundedWorld, measureIn)
  const world = await fundedWorld()
  try {
    await preload(world, options.preload)
    const baseSeconds = Math.min(options.seconds, 20)
    const tps = await pgbenchBaseline(world, baseSeconds)
    const textbook = await forUpdateBaseline(world, baseSeconds, false)
    const bare = await bareCommitBaseline(world.server.connection, 5)
    const base =
      tps === undefined ? { name: 'for-update', perSecond: textbook.perSecond } : { name: 'pgbench', perSecond: tps }
    print(rowOf('for-update-32', textbook, base.name, base.perSecond))
    print(rowOf('bare-commit', bare, base.name, base.perSecond))

    const measure = (ask: Ask, clients: number, seconds: number, moments: readonly number[] = []) =>
      measured(world, ask, clients, seconds, moments)
    if (wanted('verify-idle')) print(await verifyIdle(world, base))
    await measureStored(stored, world, empty, measureIn, print)
    let uniformRate = 0
    if (wanted('uniform')) {
      const measured = await measure(uniform(world), CLIENTS, options.seconds)
      uniformRate = measured.perSecond
      print(rowOf('uniform', measured, base.name, base.perSecond))
    }
    if (wanted('zipf2')) {
      const textbookZipf = await forUpdateBaseline(world, baseSeconds, true)
      print(
        rowOf(
          'zipf2',
          await measure(zipf2(world), CLIENTS, options.seconds),
          'for-update-zipf2',
          textbookZipf.perSecond,
        ),
      )
    }
    if (wanted('hot-floor-refusals-holds')) {
      const measured = await measure(hot(world), CLIENTS, options.seconds)
      print(rowOf('hot-floor-refusals-holds', measured, 'uniform', uniformRate))
    }
    if (wanted('hot-with-old-reader')) {
      const measured = await withOldReader(world, () => measure(hot(world), CLIENTS, options.seconds))
      print(rowOf('hot-with-old-reader', measured, 'uniform', uniformRate))
    }
    if (wanted('day-close')) {
      const measured = await withDayCloses(world, (moments) =>
        measure(uniform(world), CLIENTS, Math.max(options.seconds, CLOSE_EVERY_SECONDS * 2), moments),
      )
      const { near, elsewhere } = measured
      // Here the ratio is of the 99th percentiles of latency: those of the second around a day close and those of other seconds.
      const row = rowOf('day-close', measured, 'elsewhere', measured.perSecond)
      print({
        ...{ ...row, p99_ms: round(near.p99Ms), ratio: round(near.p99Ms / elsewhere.p99Ms) },
        ...{
          baseline_p99_ms: round(elsewhere.p99Ms),
          max_ms: round(near.maxMs),
          baseline_max_ms: round(elsewhere.maxMs),
        },
        p99_more_ms: round(near.p99Ms - elsewhere.p99Ms),
      })
    }
    if (wanted('idle-single')) {
      const measured = await measure(uniform(world), 1, Math.min(options.seconds, 10))
      // Here the ratio is of latencies: how many bare commits one posting takes.
      print({
        ...rowOf('idle-single', measured, 'bare-commit', bare.perSecond),
        ratio: round(measured.p50Ms / bare.p50Ms),
      })
    }
    if (wanted('verify-under-load')) {
      print(await verifyUnderLoad(world, options.seconds, (seconds) => measure(uniform(world), CLIENTS, seconds)))
    }
  } finally {
    await world.stop()
  }
}

/** Rows that are measured on empty books, too. */
const STORED_ROWS: readonly StoredRow[] = [
  { name: 'stored-uniform', clients: CLIENTS, ask: uniform },
  { name: 'stored-hot', clients: CLIENTS, ask: hot },
  { name: 'stored-idle', clients: 1, ask: uniform },
]

export const LEDGER_BENCH: Bench = {
  about: 'Postings through the committer, after --preload transfers; stored-* against the same on empty books',
  rows: [
    ...['uniform', 'zipf2', 'hot-floor-refusals-holds', 'hot-with-old-reader', 'day-close', 'idle-single'],
    ...['verify-idle', 'verify-under-load'],
    ...STORED_ROWS.map(({ name }) => name),
  ],
  run: ledgerBench,
}

/** Each row starts with nothing to write back, in the committer as in PostgreSQL. */
async function measured(
  world: BenchWorld,
  ask: Ask,
  clients: number,
  seconds: number,
  moments: readonly number[] = [],
): Promise<Measured> {
  await world.committer.flush()
  await world.database.owner.unsafe('checkpoint')
  return drive(clients, seconds, ask, moments)
}

async function fundedWorld(): Promise<BenchWorld> {
  const world = await startBenchWorld(ACCOUNTS)
  try {
    await fund(world)
    return world
  } catch (error) {
    await world.stop()
    throw error
  }
}

async function fund(world: BenchWorld): Promise<void> {
  for (let from = 0; from < world.accounts.length; from += CLIENTS) {
    const some = world.accounts.slice(from, from + CLIENTS)
    await Promise.all(some.map((account) => post(world, move(world.source, account, 1_000_000_000n))))
  }
}

/** History to search and index, made the way all history is made. */
async function preload(world: BenchWorld, transfers: number): Promise<void> {
  const ask = uniform(world)
  let left = transfers
  const started = performance.now()
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (left > 0) {
        left -= 1
        await ask(0)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  process.stderr.write(`preloaded ${transfers} transfers in ${seconds.toFixed(0)} s\n`)
}

/** A transaction that keeps an old snapshot open, as a careless report does: dead rows pile up behind it. */
async function withOldReader(world: BenchWorld, work: () => Promise<Measured>): Promise<Measured> {
  const reader = await world.database.dedicated(SCHEMA)
  await reader.sql`begin isolation level repeatable read`
  await reader.sql`select count(*) from ledger_balances`
  try {
    return await work()
  } finally {
    await reader.sql`rollback`
    await reader.close()
  }
}

/** Closes an accounting day every few seconds while the work runs, and tells it when. */
async function withDayCloses(
  world: BenchWorld,
  work: (moments: readonly number[]) => Promise<Measured>,
): Promise<Measured> {
  let next = localDateOf(world.committer.status().accountingDay)
  const moments: number[] = []
  const closings: Promise<unknown>[] = []
  const timer = setInterval(() => {
    next = addDays(next, 1)
    moments.push(performance.now())
    closings.push(closeDay(world, next))
  }, CLOSE_EVERY_SECONDS * 1000)
  try {
    return await work(moments)
  } finally {
    clearInterval(timer)
    await Promise.all(closings)
  }
}

async function closeDay(world: BenchWorld, next: LocalDate): Promise<void> {
  const outcome = await world.committer.submit({ kind: world.commands.closeDay, input: { next } })
  if (outcome.status !== 'done') throw new Error(`the day was not closed: ${JSON.stringify(outcome)}`)
}

function localDateOf(text: string): LocalDate {
  const day = localDate(text)
  if (!day.ok) throw new Error(`the accounting day ${text} is no day`)
  return day.value
}
