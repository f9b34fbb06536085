// The packed shape: one opaque record per batch is the journal; rows for readers are built behind it by a follower.

import { CopyRows } from './copy-rows.ts'
import { type Balance, type Batch, type Decided, LEAF } from './decide.ts'
import type { Sql } from './server.ts'
import { copy, finish, type Stopwatch, updateBalances } from './write-rows.ts'

const KEY = 20
const HASH = 32
const TAIL = KEY + HASH

/** Leaves, then a key and an input hash per transfer. */
export function packBatch(batch: Batch): Buffer {
  const record = Buffer.allocUnsafeSlow(batch.transfers.length * (LEAF + TAIL))
  batch.leaves.copy(record)
  let at = batch.leaves.length
  for (const { input, inputHash } of batch.transfers) {
    record.write(input.key, at, KEY, 'latin1')
    record.set(inputHash, at + KEY)
    at += TAIL
  }
  return record
}

export function unpackTransfers(record: Buffer): Decided[] {
  const count = record.length / (LEAF + TAIL)
  const view = new DataView(record.buffer, record.byteOffset, record.length)
  const transfers: Decided[] = []
  for (let n = 0; n < count; n++) {
    const at = n * LEAF
    const tail = count * LEAF + n * TAIL
    transfers.push({
      input: {
        id: view.getBigInt64(at + 16),
        caller: view.getInt16(at + 14),
        key: record.toString('latin1', tail, tail + KEY),
        debit: view.getBigInt64(at + 24),
        credit: view.getBigInt64(at + 32),
        amountMinor: view.getBigInt64(at + 40),
      },
      inputHash: record.subarray(tail + KEY, tail + TAIL),
      debitSequence: view.getBigInt64(at + 56),
      debitBalanceMinor: view.getBigInt64(at + 64),
      creditSequence: view.getBigInt64(at + 72),
      creditBalanceMinor: view.getBigInt64(at + 80),
      debitPrevious: 0n,
      creditPrevious: 0n,
    })
  }
  return transfers
}

export async function writePacked(
  sql: Sql,
  batch: Batch,
  record: Buffer,
  flush: readonly Balance[],
  flushedThrough: bigint,
  watch: Stopwatch,
): Promise<void> {
  const start = performance.now()
  sql`begin`.execute()
  const rows = new CopyRows(record.length + 100)
    .row(2, record.length + 40)
    .int8(batch.number)
    .bytes(record)
    .finish()
  await copy(sql, 'copy ledger_records from stdin (format binary)', rows)
  const recorded = performance.now()
  if (flush.length > 0) await updateBalances(sql, flush)
  const flushed = performance.now()
  await finish(sql, batch, flushedThrough)
  const add = (step: string, ms: number) => watch.set(step, (watch.get(step) ?? 0) + ms)
  add('record', recorded - start)
  add('balances', flushed - recorded)
  add('head + commit', performance.now() - flushed)
}
