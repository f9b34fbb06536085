import type { Readable } from 'node:stream'
import { int8Array, type Sql } from '@huitong/pg'
import type { BatchRecord } from './verify-chain.ts'
import type { EventSeen } from './verify-events.ts'
import { type CopiedRow, eachCopiedRow, TRANSFER_COLUMN_COUNT } from './verify-rows.ts'

export async function readBatches(
  sql: Sql,
  after: number,
  end: number,
  limit: number,
): Promise<readonly BatchRecord[]> {
  const rows = await sql<
    {
      number: bigint
      previous_hash: Buffer
      root: Buffer
      hash: Buffer
      count: number
      at: number
      accounting_day: string
      last_counter: bigint
      outcomes: Buffer | null
    }[]
  >`
    select number, previous_hash, root, hash, count, at, accounting_day, last_counter, outcomes
    from ledger_batches where number > ${after} and number <= ${end} order by number limit ${limit}`
  return rows.map((row) => ({
    number: Number(row.number),
    previousHash: row.previous_hash,
    root: row.root,
    hash: row.hash,
    count: row.count,
    at: row.at,
    accountingDay: row.accounting_day,
    lastCounter: Number(row.last_counter),
    outcomes: row.outcomes,
  }))
}

/** Events of batches in (after, end], in order. */
export async function readEvents(sql: Sql, after: number, end: number): Promise<readonly EventSeen[]> {
  const rows = await sql<EventRow[]>`
    select batch, position, kind, account_id, data from ledger_events
    where batch > ${after} and batch <= ${end} order by batch, position`
  return rows.map(eventSeen)
}

/** Events after `batch` of accounts that had been opened by then, in order. */
export async function readLaterEvents(sql: Sql, batch: number, idEnd: number): Promise<readonly EventSeen[]> {
  const rows = await sql<EventRow[]>`
    select batch, position, kind, account_id, data from ledger_events
    where batch > ${batch} and account_id < ${idEnd} order by batch, position`
  return rows.map(eventSeen)
}

interface EventRow {
  readonly batch: bigint
  readonly position: number
  readonly kind: string
  readonly account_id: bigint
  readonly data: string
}

function eventSeen(row: EventRow): EventSeen {
  const { position, kind, data } = row
  return { batch: Number(row.batch), position, kind, account: Number(row.account_id), data }
}

/** Transfers of batches in (after, end], in order, with the columns of TRANSFER_COLUMNS. */
export async function eachTransfer(
  sql: Sql,
  after: number,
  end: number,
  onRow: (row: CopiedRow) => void,
): Promise<number> {
  return eachCopiedRow(await transferStream(sql, after, end), TRANSFER_COLUMN_COUNT, onRow)
}

/** The same as the bytes of a binary copy. */
export async function transferStream(sql: Sql, after: number, end: number): Promise<Readable> {
  const select = `select batch, kind::int8, code::int8, coalesce(debit_previous, 0), coalesce(credit_previous, 0), id, debit_account, credit_account, amount_minor, released_minor,
      coalesce(hold_id, 0), coalesce(reference, 0), debit_sequence, debit_balance_minor, credit_sequence, credit_balance_minor,
      position::int8, coalesce(hold_expires_at, 'infinity'),
      coalesce(effective_on - '1970-01-01', 0)::int8, coalesce(reverses, 0), coalesce(entry, 0)
    from ledger_transfers where batch > ${after} and batch <= ${end} order by batch, position`
  return await sql.unsafe(`copy (${select}) to stdout (format binary)`).readable()
}

/** Whether journal rows stand outside the batches 1 to `end`; the last snapshot that has no later batch must be asked. */
export async function strayJournalBatches(sql: Sql, end: number): Promise<readonly number[]> {
  const rows = await sql<{ batch: bigint }[]>`
    (select batch from ledger_transfers where batch > ${end} order by batch limit 100)
    union (select batch from ledger_transfers where batch < 1 order by batch limit 100)
    union (select batch from ledger_events where batch > ${end} order by batch limit 100)
    union (select batch from ledger_events where batch < 1 order by batch limit 100)
    union (select batch from ledger_buffered where batch > ${end} order by batch limit 100)
    union (select batch from ledger_buffered where batch < 1 order by batch limit 100)
    order by batch`
  return rows.map((row) => Number(row.batch))
}

/** Ids of accounts and holds outside [first, end): no batch gave them out. */
export async function strayIds(
  sql: Sql,
  first: number,
  end: number,
): Promise<{ readonly accounts: readonly number[]; readonly holds: readonly number[] }> {
  const accounts = await sql<{ id: bigint }[]>`
    select id from ledger_accounts where id < ${first} or id >= ${end} order by id limit 100`
  const holds = await sql<{ id: bigint }[]>`
    select id from ledger_holds where id < ${first} or id >= ${end} order by id limit 100`
  return { accounts: accounts.map((row) => Number(row.id)), holds: holds.map((row) => Number(row.id)) }
}

/** The batches among these numbers that exist, with their hashes. */
export async function readHashes(sql: Sql, numbers: readonly number[]): Promise<ReadonlyMap<number, SealSeen>> {
  const rows = await sql<{ number: bigint; hash: Buffer; at: number; accounting_day: string }[]>`
    select number, hash, at, accounting_day from ledger_batches where number = any (${int8Array(numbers)}::text::int8[])`
  return new Map(
    rows.map((row) => [
      Number(row.number),
      { hash: row.hash.toString('hex'), at: row.at, accountingDay: row.accounting_day },
    ]),
  )
}

export interface SealSeen {
  readonly hash: string
  readonly at: number
  readonly accountingDay: string
}
