// Runs one variant on a fresh copy of the preloaded database and measures committed transfers.

import { Committer } from './decide.ts'
import { startFollower } from './follower.ts'
import { startIndexer } from './indexer.ts'
import { type Distribution, inputSource } from './inputs.ts'
import type { Server, Sql } from './server.ts'
import { packBatch, writePacked } from './write-packed.ts'
import { encodeRows, load, type RowsShape, type Stopwatch, writeRows } from './write-rows.ts'

export interface Variant {
  readonly name: string
  readonly shape: 'rows' | 'packed'
  readonly rows: RowsShape
  readonly batch: number
  readonly distribution: Distribution
  /** 0: balances are written with every batch. */
  readonly flushAfterMs: number
  readonly loadBalances: boolean
  readonly probeKeys: boolean
  readonly ahead: boolean
  /** Who builds behind the committer: all rows from packed records, or only the history index from rows. */
  readonly follower: 'none' | 'all-rows' | 'history'
  /** Statements that change the preloaded database. */
  readonly prepare: readonly string[]
  /** Statements for the committer's connection. */
  readonly session: readonly string[]
}

export interface Measured {
  readonly name: string
  readonly per_s: number
  readonly windows: readonly number[]
  readonly batch: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly node_us: number
  readonly backend_us: number
  readonly server_us: number
  readonly wal_bytes: number
  readonly lag_ms_max: number
  readonly steps_us: Readonly<Record<string, number>>
}

export const TEMPLATE = 'preloaded'
const WINDOWS = 3
const WARM_UP_MS = 2_000
const FOLLOWER_LAG_MS = 900

export async function onCopy<T>(
  server: Server,
  name: string,
  work: (database: string) => Promise<T>,
  template = TEMPLATE,
): Promise<T> {
  const admin = server.connect('postgres')
  const database = `variant_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`
  try {
    await admin.unsafe(`create database ${database} template ${template} strategy file_copy`)
    return await work(database)
  } finally {
    await admin.unsafe(`drop database if exists ${database} with (force)`)
    await admin.end()
  }
}

const prepared = new Map<string, string>()

/** The preloaded database with some statements applied; made once and kept, because an index on it takes a minute. */
async function templateFor(server: Server, statements: readonly string[]): Promise<string> {
  if (statements.length === 0) return TEMPLATE
  const key = statements.join(';')
  const known = prepared.get(key)
  if (known !== undefined) return known
  const template = `prepared_${prepared.size}`
  const admin = server.connect('postgres')
  await admin.unsafe(`create database ${template} template ${TEMPLATE} strategy file_copy`)
  await admin.end()
  const sql = server.connect(template)
  for (const statement of statements) await sql.unsafe(statement)
  await sql`vacuum (analyze)`
  await sql.end()
  prepared.set(key, template)
  return template
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

interface Commit {
  /** Milliseconds after the start of the measurement. */
  readonly at: number
  readonly transfers: number
}

/** Transfers per second of each window, from the last commit before it to its own last commit: a batch is never cut. */
function windows(commits: readonly Commit[], windowMs: number): number[] {
  return Array.from({ length: WINDOWS }, (_, n) => {
    const inside = commits.filter(({ at }) => at >= n * windowMs && at < (n + 1) * windowMs)
    const start = commits.findLast(({ at }) => at < n * windowMs)?.at ?? 0
    const end = inside.at(-1)?.at ?? start
    const transfers = inside.reduce((sum, commit) => sum + commit.transfers, 0)
    return end === start ? 0 : Math.round((transfers * 1000) / (end - start))
  })
}

export async function runVariant(server: Server, variant: Variant, seconds: number): Promise<Measured> {
  const measured = async (database: string): Promise<Measured> => {
    const sql = server.connect(database)
    try {
      for (const statement of variant.session) await sql.unsafe(statement)
      await warm(sql)
      await sql`checkpoint`
      return await measure(server, sql, database, variant, seconds)
    } finally {
      await sql.end()
    }
  }
  return onCopy(server, variant.name, measured, await templateFor(server, variant.prepare))
}

/** Reads the randomly entered indexes into shared buffers, where a server that has run for a while has them. */
async function warm(sql: Sql): Promise<void> {
  const indexes = await sql<{ relation: string; columns: string }[]>`
    select i.indrelid::regclass::text as relation,
      (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a where a.attrelid = i.indexrelid) as columns
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam and m.amname = 'btree'
    where c.relkind = 'i' and not i.indrelid::regclass::text like 'pg_%' and not i.indrelid::regclass::text like '%outbox%'
      and c.relname not like '%_pkey'`
  await sql`set enable_seqscan = off`
  await sql`set enable_bitmapscan = off`
  await sql`set max_parallel_workers_per_gather = 0`
  for (const { relation, columns } of indexes)
    await sql.unsafe(`select count(*) from (select ${columns} from ${relation} order by ${columns} offset 0) i`)
  for (const name of ['enable_seqscan', 'enable_bitmapscan', 'max_parallel_workers_per_gather'])
    await sql.unsafe(`reset ${name}`)
}

async function measure(
  server: Server,
  sql: Sql,
  database: string,
  variant: Variant,
  seconds: number,
): Promise<Measured> {
  const [start] = await sql<{ number: string; pid: number; rows: string }[]>`
    select number, pg_backend_pid() pid, (select max(sequence) from ledger_balances) as rows from ledger_head`
  if (start === undefined) throw new Error('the head row is missing')
  const committer = new Committer(BigInt(start.number), BigInt(start.rows))
  const source = inputSource(variant.distribution, 10_000_000_000n)
  const follower =
    variant.follower === 'all-rows'
      ? startFollower(server.socketFolder, database, committer.number)
      : variant.follower === 'history'
        ? startIndexer(server, database, committer.number)
        : undefined
  const committedAt = new Map<bigint, number>()
  const watch: Stopwatch = new Map()
  const latencies: number[] = []
  const commits: Commit[] = []
  let lagMax = 0
  let inFlight: Promise<void> = Promise.resolve()
  let failed: unknown

  const wal = async (): Promise<number> => {
    const [row] = await sql<{ bytes: string }[]>`select pg_current_wal_insert_lsn() - '0/0' as bytes`
    return Number(row?.bytes)
  }
  const meter = async () => ({
    node: process.cpuUsage(),
    backend: server.backendMicros(start.pid),
    server: server.cpuMicros(),
    wal: await wal(),
  })

  const step = async (from: number | undefined): Promise<void> => {
    const begunAt = performance.now()
    const inputs = source(variant.batch)
    const loads = variant.probeKeys || variant.loadBalances
    if (loads) await load(sql, inputs, { keys: variant.probeKeys, balances: variant.loadBalances })
    const batch = await committer.decide(inputs, begunAt)
    const streams = variant.shape === 'rows' ? await encodeRows(batch, variant.rows) : []
    const record = variant.shape === 'packed' ? packBatch(batch) : undefined
    const limit = variant.flushAfterMs === 0 ? Number.POSITIVE_INFINITY : variant.batch
    const flush = committer.takeDirty(begunAt, variant.flushAfterMs, limit)
    const flushedThrough = committer.flushedThrough()
    await inFlight
    const commit = async (): Promise<void> => {
      if (record === undefined)
        await writeRows(sql, { batch, streams, flush, flushedThrough }, variant.rows, loads, watch)
      else {
        if (loads) await sql`commit`
        await writePacked(sql, batch, record, flush, flushedThrough, watch)
      }
      if (follower !== undefined) {
        committedAt.set(batch.number, performance.now())
        follower.hand(batch.number, record ?? Buffer.alloc(0))
      }
      const now = performance.now()
      if (from === undefined) return
      commits.push({ at: now - from, transfers: batch.transfers.length })
      latencies.push(now - begunAt)
    }
    inFlight = commit().catch((error: unknown) => {
      failed = error
    })
    if (!variant.ahead) await inFlight
    if (failed !== undefined) throw failed
    while (follower !== undefined) {
      const followed = follower.followed()
      for (const number of committedAt.keys()) if (number <= followed) committedAt.delete(number)
      const [oldest] = committedAt.values()
      const lag = oldest === undefined ? 0 : performance.now() - oldest
      if (from !== undefined) lagMax = Math.max(lagMax, lag)
      if (lag < FOLLOWER_LAG_MS) break
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  try {
    for (const until = performance.now() + WARM_UP_MS; performance.now() < until; ) await step(undefined)
    await inFlight
    watch.clear()
    const before = await meter()
    const from = performance.now()
    while (performance.now() < from + seconds * 1000) await step(from)
    await inFlight
    const after = await meter()
    const done = latencies.length * variant.batch
    const perWindow = windows(commits, (seconds * 1000) / WINDOWS)
    return {
      name: variant.name,
      per_s: percentile(perWindow, 0.5),
      windows: perWindow,
      batch: variant.batch,
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
      node_us: (after.node.user + after.node.system - before.node.user - before.node.system) / done,
      backend_us: (after.backend - before.backend) / done,
      server_us: (after.server - before.server) / done,
      wal_bytes: (after.wal - before.wal) / done,
      lag_ms_max: lagMax,
      steps_us: Object.fromEntries([...watch].map(([name, ms]) => [name, (ms * 1000) / done])),
    }
  } finally {
    await follower?.close()
  }
}
