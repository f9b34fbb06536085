// Latency of a whole small batch on an idle server, by the way it is written, beside a bare commit.

import { type Batch, Committer } from './decide.ts'
import { column, outboxBody, quotedColumn } from './encode.ts'
import { inputSource } from './inputs.ts'
import { onCopy, percentile } from './run-variant.ts'
import type { Server, Sql } from './server.ts'
import { GENERATION } from './tables.ts'
import { encodeRows, type RowsShape, writeRows } from './write-rows.ts'

export interface Idle {
  readonly name: string
  readonly batch: number
  readonly p50_ms: number
  readonly p99_ms: number
}

const SHAPE: RowsShape = { appended: 'unnest', outbox: 'jsonb', key: 'text', entries: false, linked: false }

/** Everything as one statement: no begin, no commit, one answer. */
async function oneStatement(sql: Sql, batch: Batch): Promise<void> {
  const rows = batch.transfers
  const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`
  await sql`
    with head as (
      update ledger_head set number = number + 1, hash = ${hex(batch.hash)}::text::bytea,
        at = greatest(now(), at + interval '1 microsecond')
      where generation = ${`${GENERATION}`}::text::int8 and number = ${`${batch.number - 1n}`}::text::int8 returning number),
    record as (
      insert into ledger_batches select number, ${hex(batch.previous)}::text::bytea, ${hex(batch.root)}::text::bytea,
        ${hex(batch.hash)}::text::bytea, ${rows.length}::int4, now() from head),
    transfers as (
      insert into ledger_transfers
      select number, n - 1, 1, id, debit, credit, amount, 0, debit_sequence, debit_balance, credit_sequence,
        credit_balance, 1, null, null
      from head, unnest(${column(rows, (t) => t.input.id)}::text::int8[], ${column(rows, (t) => t.input.debit)}::text::int8[],
        ${column(rows, (t) => t.input.credit)}::text::int8[], ${column(rows, (t) => t.input.amountMinor)}::text::int8[],
        ${column(rows, (t) => t.debitSequence)}::text::int8[], ${column(rows, (t) => t.debitBalanceMinor)}::text::int8[],
        ${column(rows, (t) => t.creditSequence)}::text::int8[], ${column(rows, (t) => t.creditBalanceMinor)}::text::int8[])
        with ordinality u(id, debit, credit, amount, debit_sequence, debit_balance, credit_sequence, credit_balance, n)),
    outcomes as (
      insert into committer_outcomes
      select number, n - 1, caller, 1, 0, key, decode(hash, 'hex')
      from head, unnest(${column(rows, (t) => t.input.caller)}::text::int4[], ${column(rows, (t) => t.input.key)}::text::text[],
        ${column(rows, (t) => t.inputHash.toString('hex'))}::text::text[]) with ordinality u(caller, key, hash, n)),
    outbox as (
      insert into committer_outbox
      select number, n - 1, 0, 1, key, body::jsonb
      from head, unnest(${column(rows, (t) => t.input.id)}::text::int8[], ${quotedColumn(rows, outboxBody)}::text::text[])
        with ordinality u(key, body, n))
    select 1 / count(*) from head`
}

export function idleLatency(server: Server, seconds: number): Promise<Idle[]> {
  return onCopy(server, 'idle', async (database) => {
    const sql = server.connect(database)
    const [start] = await sql<
      { number: string; rows: string }[]
    >`select number, (select max(sequence) from ledger_balances) as rows from ledger_head`
    if (start === undefined) throw new Error('the head row is missing')
    const committer = new Committer(BigInt(start.number), BigInt(start.rows))
    const source = inputSource('uniform', 10_000_000_000n)
    const ways: Record<string, ((batch: Batch) => Promise<void>) | undefined> = {
      'bare commit': undefined,
      'one statement': (batch) => oneStatement(sql, batch),
      'unnest, statement by statement': async (batch) =>
        writeRows(sql, { batch, streams: [], flush: [], flushedThrough: batch.number }, SHAPE, false, new Map()),
      copy: async (batch) => {
        const shape: RowsShape = { ...SHAPE, appended: 'copy' }
        const streams = await encodeRows(batch, shape)
        await writeRows(sql, { batch, streams, flush: [], flushedThrough: batch.number }, shape, false, new Map())
      },
    }
    await sql`create table bare_commits (number int8 not null)`
    await sql`checkpoint`
    const results: Idle[] = []
    for (const size of [1, 4, 16, 64, 256]) {
      const taken = Object.entries(ways).map(([name, write]) => ({ name, write, latencies: [] as number[] }))
      // The ways take turns, so that whatever else the machine does meets all of them alike.
      for (const until = performance.now() + 4 * seconds * 1000; performance.now() < until; ) {
        for (const { write, latencies } of taken) {
          const begun = performance.now()
          if (write === undefined) await sql`insert into bare_commits values (1)`
          else await write(await committer.decide(source(size), begun))
          latencies.push(performance.now() - begun)
        }
      }
      for (const { name, latencies } of taken) {
        // The first tenth prepares statements and touches pages again after the checkpoint.
        const settled = latencies.slice(Math.floor(latencies.length / 10))
        results.push({ name, batch: size, p50_ms: percentile(settled, 0.5), p99_ms: percentile(settled, 0.99) })
      }
    }
    await sql.end()
    return results
  })
}
