// The rows shape: one durable commit per batch, into the tables that production reads.

import { setImmediate as turn } from 'node:timers/promises'
import type { Balance, Batch } from './decide.ts'
import {
  column,
  entryRows,
  type KeyForm,
  type OutboxForm,
  outboxBody,
  outboxRows,
  outcomeRows,
  quotedColumn,
  type Stream,
  transferRows,
} from './encode.ts'
import type { Input } from './inputs.ts'
import type { Sql } from './server.ts'
import { GENERATION } from './tables.ts'

export interface RowsShape {
  readonly appended: 'unnest' | 'copy'
  readonly outbox: OutboxForm
  readonly key: KeyForm
  /** A narrow table of both sides instead of two indexes on the wide one. */
  readonly entries: boolean
  /** Each side names its account's transfer before it, and only every sixteenth is in the history indexes. */
  readonly linked: boolean
}

export interface EncodedBatch {
  readonly batch: Batch
  readonly streams: readonly Stream[]
  readonly flush: readonly Balance[]
  readonly flushedThrough: bigint
}

/** Milliseconds by step, summed over a run. */
export type Stopwatch = Map<string, number>

const COPIES = {
  transfers: 'copy ledger_transfers from stdin (format binary)',
  outcomes: 'copy committer_outcomes from stdin (format binary)',
  outbox: 'copy committer_outbox from stdin (format binary)',
  entries: 'copy ledger_entries from stdin (format binary)',
} as const

export async function encodeRows(batch: Batch, shape: RowsShape): Promise<Stream[]> {
  if (shape.appended === 'unnest') return []
  const streams: Stream[] = [
    { statement: 'transfers', rows: await transferRows(batch, shape.linked) },
    { statement: 'outcomes', rows: await outcomeRows(batch, shape.key) },
  ]
  if (shape.outbox !== 'none') streams.push({ statement: 'outbox', rows: await outboxRows(batch, shape.outbox) })
  if (shape.entries) streams.push({ statement: 'entries', rows: await entryRows(batch) })
  return streams
}

/** What a committer without resident balances does before it decides: one query per table for the whole batch. */
export async function load(
  sql: Sql,
  inputs: readonly Input[],
  wants: { readonly keys: boolean; readonly balances: boolean },
): Promise<void> {
  const begun = sql`begin`.execute()
  if (wants.keys) {
    const found = await sql`
      select o.key from committer_outcomes o
      join unnest(${`{${inputs.map((i) => i.caller)}}`}::text::int4[], ${`{${inputs.map((i) => i.key)}}`}::text::text[]) u(caller, key)
        on o.caller = u.caller and o.key = u.key`
    if (found.length > 0) throw new Error('an idempotency key of the benchmark came twice')
  }
  if (wants.balances) {
    const accounts = [...new Set(inputs.flatMap((input) => [input.debit, input.credit]))]
    const rows = await sql<{ account_id: string; sequence: string; debits_posted: string; credits_posted: string }[]>`
      select * from ledger_balances where account_id = any(${`{${accounts}}`}::text::int8[])`
    // The rows equal what memory holds; parsing them is the cost that is measured.
    let sum = 0n
    for (const row of rows) sum += BigInt(row.sequence) + BigInt(row.credits_posted) - BigInt(row.debits_posted)
    if (rows.length !== accounts.length || sum === 0n) throw new Error('a balance row is missing')
  }
  await begun
}

/** Writes and commits; `begun` says that `load` has opened the transaction. */
export async function writeRows(
  sql: Sql,
  encoded: EncodedBatch,
  shape: RowsShape,
  begun: boolean,
  watch: Stopwatch,
): Promise<void> {
  const timed = async <T>(step: string, work: PromiseLike<T>): Promise<T> => {
    const start = performance.now()
    const result = await work
    watch.set(step, (watch.get(step) ?? 0) + performance.now() - start)
    return result
  }
  if (!begun) sql`begin`.execute()
  if (shape.appended === 'copy')
    for (const { statement, rows } of encoded.streams) await timed(statement, copy(sql, COPIES[statement], rows))
  else await insertRows(sql, encoded.batch, shape, timed)
  if (encoded.flush.length > 0) await timed('balances', updateBalances(sql, encoded.flush))
  await timed('head + commit', finish(sql, encoded.batch, encoded.flushedThrough))
}

async function insertRows(
  sql: Sql,
  batch: Batch,
  shape: RowsShape,
  timed: <T>(step: string, work: PromiseLike<T>) => Promise<T>,
): Promise<void> {
  const rows = batch.transfers
  await timed(
    'transfers',
    sql`insert into ledger_transfers
      select ${`${batch.number}`}::int8, n - 1, 1, id, debit, credit, amount, 0, debit_sequence, debit_balance, credit_sequence,
        credit_balance, 1, null, null
      from unnest(${column(rows, (t) => t.input.id)}::text::int8[], ${column(rows, (t) => t.input.debit)}::text::int8[],
        ${column(rows, (t) => t.input.credit)}::text::int8[], ${column(rows, (t) => t.input.amountMinor)}::text::int8[],
        ${column(rows, (t) => t.debitSequence)}::text::int8[], ${column(rows, (t) => t.debitBalanceMinor)}::text::int8[],
        ${column(rows, (t) => t.creditSequence)}::text::int8[], ${column(rows, (t) => t.creditBalanceMinor)}::text::int8[])
        with ordinality u(id, debit, credit, amount, debit_sequence, debit_balance, credit_sequence, credit_balance, n)`.execute(),
  )
  await turn()
  await timed(
    'outcomes',
    sql`insert into committer_outcomes
      select ${`${batch.number}`}::int8, n - 1, caller, 1, 0, key, decode(hash, 'hex')
      from unnest(${column(rows, (t) => t.input.caller)}::text::int4[], ${column(rows, (t) => t.input.key)}::text::text[],
        ${column(rows, (t) => t.inputHash.toString('hex'))}::text::text[]) with ordinality u(caller, key, hash, n)`.execute(),
  )
  await turn()
  if (shape.outbox === 'none') return
  await timed(
    'outbox',
    sql`insert into committer_outbox
      select ${`${batch.number}`}::int8, n - 1, 0, 1, key, body::jsonb
      from unnest(${column(rows, (t) => t.input.id)}::text::int8[], ${quotedColumn(rows, outboxBody)}::text::text[])
        with ordinality u(key, body, n)`.execute(),
  )
}

export async function updateBalances(sql: Sql, balances: readonly Balance[]): Promise<void> {
  const list = (value: (balance: Balance) => bigint): string => `{${balances.map(value).join(',')}}`
  await sql`update ledger_balances b
    set sequence = u.sequence, debits_posted = u.debits, credits_posted = u.credits
    from unnest(${list((b) => b.account)}::text::int8[], ${list((b) => b.sequence)}::text::int8[],
      ${list((b) => b.debitsPosted)}::text::int8[], ${list((b) => b.creditsPosted)}::text::int8[]) u(account, sequence, debits, credits)
    where b.account_id = u.account`
}

/** Batch record, fenced head, commit: three statements in one flight. */
export async function finish(sql: Sql, batch: Batch, flushedThrough: bigint): Promise<void> {
  const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`
  const [, , committed] = await Promise.all([
    sql`insert into ledger_batches values (${`${batch.number}`}::text::int8, ${hex(batch.previous)}::text::bytea,
      ${hex(batch.root)}::text::bytea, ${hex(batch.hash)}::text::bytea, ${batch.transfers.length}, now())`,
    // The division fails when the fence hit no row, and with it the transaction: no answer has to be awaited.
    sql`with moved as (
        update ledger_head set number = ${`${batch.number}`}::text::int8, flushed = ${`${flushedThrough}`}::text::int8,
          hash = ${hex(batch.hash)}::text::bytea, at = greatest(now(), at + interval '1 microsecond')
        where generation = ${`${GENERATION}`}::text::int8 and number = ${`${batch.number - 1n}`}::text::int8 returning 1)
      select 1 / count(*) from moved`,
    sql`commit`,
  ])
  // After a failed statement `commit` rolls back, and says so only by its name.
  if (committed.command !== 'COMMIT') throw new Error(`the batch did not commit: ${committed.command}`)
}

/**
 * Sends one binary COPY and waits for its end. The stream's own `finish` cannot be waited for: after an error at the end of
 * the data it never comes, because the client settled the query when the stream opened. So a statement follows at once,
 * which an aborted transaction refuses. Nor can another COPY follow without waiting: the client sends CopyFail for the
 * stream that it closes, and that would hit the next one.
 */
export async function copy(sql: Sql, statement: string, rows: Buffer): Promise<void> {
  const stream = await sql.unsafe(statement).writable()
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.write(rows, () => {
      stream.end()
      setImmediate(resolve)
    })
  })
  await sql`select 1`
}
