// What the committer is compared with: the textbook transaction, a bare commit, and pgbench where it is installed.

import { spawnSync } from 'node:child_process'
import { inputSource } from './inputs.ts'
import { onCopy, percentile } from './run-variant.ts'
import type { Server } from './server.ts'

export interface Baseline {
  readonly name: string
  readonly per_s: number
  readonly p50_ms: number
  readonly p99_ms: number
}

const CLIENTS = 32
const PGBENCH_SCALE = 50

/** Lock both rows, check, update both, write the same history, outcome and outbox rows, commit. */
export function forUpdate(server: Server, seconds: number): Promise<Baseline> {
  return onCopy(server, 'for_update', async (database) => {
    const sql = server.connect(database, CLIENTS)
    await sql`checkpoint`
    const source = inputSource('uniform', 10_000_000_000n)
    const latencies: number[] = []
    const until = performance.now() + seconds * 1000
    let batch = 100_000
    const client = async (): Promise<void> => {
      while (performance.now() < until) {
        const start = performance.now()
        const [input] = source(1)
        if (input === undefined) return
        const number = `${batch++}`
        const [debit, credit, amount, id] = [`${input.debit}`, `${input.credit}`, `${input.amountMinor}`, `${input.id}`]
        await sql.begin(async (tx) => {
          const rows = await tx<{ account_id: string; debits_posted: string; credits_posted: string }[]>`
            select * from ledger_balances where account_id in (${debit}, ${credit}) order by account_id for update`
          const payer = rows.find((row) => row.account_id === debit)
          if (payer === undefined || BigInt(payer.credits_posted) - BigInt(payer.debits_posted) < input.amountMinor)
            throw new Error('too little')
          await Promise.all([
            tx`update ledger_balances set sequence = sequence + 1, debits_posted = debits_posted + ${amount}::int8 where account_id = ${debit}`,
            tx`update ledger_balances set sequence = sequence + 1, credits_posted = credits_posted + ${amount}::int8 where account_id = ${credit}`,
            tx`insert into ledger_transfers values (${number}, 0, 1, ${id}, ${debit}, ${credit}, ${amount}, 0, 1, 1, 1, 1, 1, null, null)`,
            tx`insert into committer_outcomes values (${number}, 0, ${input.caller}, 1, 0, ${input.key}, sha256(${input.key}::text::bytea))`,
            tx`insert into committer_outbox values (${number}, 0, 0, 1, ${id}, jsonb_build_object('transfer', ${id}::text, 'debit', ${debit}::text,
              'credit', ${credit}::text, 'amount', ${amount}::text, 'currency', 'CNY'))`,
          ])
        })
        latencies.push(performance.now() - start)
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, client))
    await sql.end()
    return {
      name: 'for-update, 32 connections',
      per_s: latencies.length / seconds,
      p50_ms: percentile(latencies, 0.5),
      p99_ms: percentile(latencies, 0.99),
    }
  })
}

export async function bareCommit(server: Server, seconds: number): Promise<Baseline> {
  const sql = server.connect('postgres')
  await sql`create table if not exists bare_commits (number int8 not null)`
  const latencies: number[] = []
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    const start = performance.now()
    await sql`insert into bare_commits values (1)`
    latencies.push(performance.now() - start)
  }
  await sql.end()
  return {
    name: 'bare commit',
    per_s: latencies.length / seconds,
    p50_ms: percentile(latencies, 0.5),
    p99_ms: percentile(latencies, 0.99),
  }
}

/** Undefined where pgbench is not installed. */
export async function pgbench(server: Server, seconds: number): Promise<Baseline | undefined> {
  const run = (...flags: string[]) =>
    spawnSync('pgbench', ['-h', server.socketFolder, '-U', 'postgres', ...flags, 'pgbench'], { encoding: 'utf8' })
  const admin = server.connect('postgres')
  await admin`create database pgbench`
  try {
    if (run('-i', '-q', '-s', String(PGBENCH_SCALE)).status !== 0) return undefined
    await admin`checkpoint`
    const done = run(
      '-s',
      String(PGBENCH_SCALE),
      '-M',
      'prepared',
      '-c',
      String(CLIENTS),
      '-j',
      '2',
      '-T',
      String(seconds),
    )
    const [, tps = '0'] = /tps = ([0-9.]+)/.exec(done.stdout) ?? []
    const [, latency = '0'] = /latency average = ([0-9.]+)/.exec(done.stdout) ?? []
    return { name: 'pgbench TPC-B -s 50 -c 32 -j 2', per_s: Number(tps), p50_ms: Number(latency), p99_ms: 0 }
  } finally {
    await admin`drop database pgbench with (force)`
    await admin.end()
  }
}
