// One batch as PostgreSQL takes it: binary COPY streams, or one text literal per column for `unnest`.

import { hash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { CopyRows } from './copy-rows.ts'
import type { Batch, Decided } from './decide.ts'

export type OutboxForm = 'jsonb' | 'text' | 'none'
export type KeyForm = 'text' | 'hash16'

const ROWS_PER_TURN = 128

export function outboxBody({ input }: Decided): string {
  return `{"transfer":"${input.id}","debit":"${input.debit}","credit":"${input.credit}","amount":"${input.amountMinor}","currency":"CNY","at":"2026-01-01T00:00:00.000000Z"}`
}

/** Sixteen bytes stand for caller and key; two requests would share them once in 2^64 requests. */
function keyHash({ input }: Decided): Buffer {
  return hash('sha256', `${input.caller}:${input.key}`, 'buffer').subarray(0, 16)
}

export interface Stream {
  readonly statement: 'transfers' | 'outcomes' | 'outbox' | 'entries'
  readonly rows: Buffer
}

async function encode(
  batch: Batch,
  bytes: number,
  row: (rows: CopyRows, decided: Decided, position: number) => void,
): Promise<Buffer> {
  const rows = new CopyRows(batch.transfers.length * bytes)
  for (const [position, decided] of batch.transfers.entries()) {
    if (position % ROWS_PER_TURN === ROWS_PER_TURN - 1) await turn()
    row(rows, decided, position)
  }
  return rows.finish()
}

export function transferRows(batch: Batch, linked: boolean): Promise<Buffer> {
  return encode(batch, linked ? 214 : 190, (rows, decided, position) => {
    const { input } = decided
    rows
      .row(linked ? 17 : 15, 220)
      .int8(batch.number)
      .int4(position)
      .int4(1)
      .int8(input.id)
      .int8(input.debit)
      .int8(input.credit)
    rows.int8(input.amountMinor).int8(0n).int8(decided.debitSequence).int8(decided.debitBalanceMinor)
    rows.int8(decided.creditSequence).int8(decided.creditBalanceMinor).int2(1).empty().empty()
    if (linked) rows.int8(decided.debitPrevious).int8(decided.creditPrevious)
  })
}

export function entryRows(batch: Batch): Promise<Buffer> {
  return encode(batch, 100, (rows, decided, position) => {
    rows.row(4, 60).int8(decided.input.debit).int8(decided.debitSequence).int8(batch.number).int4(position)
    rows.row(4, 60).int8(decided.input.credit).int8(decided.creditSequence).int8(batch.number).int4(position)
  })
}

export function outcomeRows(batch: Batch, form: KeyForm): Promise<Buffer> {
  return encode(batch, 130, (rows, decided, position) => {
    rows
      .row(form === 'text' ? 7 : 6, 160)
      .int8(batch.number)
      .int4(position)
    if (form === 'text') rows.int4(decided.input.caller)
    rows.int2(1).int2(0)
    if (form === 'text') rows.text(decided.input.key)
    else rows.bytes(keyHash(decided))
    rows.bytes(decided.inputHash)
  })
}

export function outboxRows(batch: Batch, form: OutboxForm): Promise<Buffer> {
  return encode(batch, 240, (rows, decided, position) => {
    rows.row(6, 340).int8(batch.number).int4(position).int2(0).int2(1).int8(decided.input.id)
    if (form === 'jsonb') rows.jsonb(outboxBody(decided))
    else rows.text(outboxBody(decided))
  })
}

/** `{a,b,c}` without quoting: for numbers and hexadecimal text only. */
export function column(batch: readonly Decided[], value: (decided: Decided) => string | number | bigint): string {
  return `{${batch.map(value).join(',')}}`
}

/** `{"…","…"}` for values that hold quotes. */
export function quotedColumn(batch: readonly Decided[], value: (decided: Decided) => string): string {
  return `{${batch.map((decided) => `"${value(decided).replaceAll('"', '\\"')}"`).join(',')}}`
}
