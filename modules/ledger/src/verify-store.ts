import type { Readable } from 'node:stream'
import { SLOTS } from '@huitong/kernel'
import { int8Array, type Sql } from '@huitong/pg'
import type { BatchRecord } from './verify-chain.ts'
import type { EventSeen } from './verify-events.ts'
import type { HoldRowSeen } from './verify-holds.ts'
import { type CopiedRow, eachCopiedRow, TRANSFER_COLUMN_COUNT } from './verify-rows.ts'

const BEFORE_ALL = '-9223372036854775808'

/** `select` is a statement of ours without outside text: a copy takes no values. */
async function eachSelected(
  sql: Sql,
  select: string,
  columns: number,
  onRow: (row: CopiedRow) => void,
): Promise<number> {
  const stream = await sql.unsafe(`copy (${select}) to stdout (format binary)`).readable()
  return eachCopiedRow(stream, columns, onRow)
}

const COUNTER_MAX = 2 ** 43 - 1

/** The first id after those of a counter. A counter that no id can have was written by hand; it is cut, so that reading goes on. */
export function idAfter(counter: number): number {
  return (Math.min(Math.max(counter, 0), COUNTER_MAX) + 1) * SLOTS
}

export interface HeadSeen {
  readonly number: number
  readonly hash: Buffer
  readonly at: number
  readonly accountingDay: string | null
  readonly lastCounter: number
  readonly flushed: number
}

export async function readHeadSeen(sql: Sql): Promise<HeadSeen> {
  const [row] = await sql<
    { number: bigint; hash: Buffer; at: number; accounting_day: string | null; last_counter: bigint; flushed: bigint }[]
  >`select number, hash, at, accounting_day, last_counter, flushed from ledger_head`
  return {
    number: Number(row?.number ?? 0n),
    hash: row?.hash ?? Buffer.alloc(0),
    at: row?.at ?? 0,
    accountingDay: row?.accounting_day ?? null,
    lastCounter: Number(row?.last_counter ?? 0n),
    flushed: Number(row?.flushed ?? 0n),
  }
}

export async function lastBatchNumber(sql: Sql): Promise<number> {
  const [row] = await sql<{ number: bigint | null }[]>`select max(number) as number from ledger_batches`
  return Number(row?.number ?? 0n)
}

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

/** Columns: account, sequence, debits posted, credits posted, debits pending, credits pending, last entry or 0. By account, after `after`. */
export function eachBalance(
  sql: Sql,
  after: bigint | null,
  limit: number,
  onRow: (row: CopiedRow) => void,
): Promise<number> {
  return eachSelected(
    sql,
    `select account_id, sequence, debits_posted, credits_posted, debits_pending, credits_pending,
      coalesce(last_entry, 0)
    from ledger_balances where account_id > ${after ?? BEFORE_ALL} order by account_id limit ${limit}`,
    7,
    onRow,
  )
}

const HOLD_COLUMNS = `id, debit_account, credit_account, amount_minor, remaining_minor, state::int8,
  coalesce(expires_at, 'infinity'), code::int8, coalesce(reference, 0)`

/** Holds with ids in [first, end). */
export function eachHold(sql: Sql, first: number, end: number, onHold: (hold: HoldRowSeen) => void): Promise<number> {
  const select = `select ${HOLD_COLUMNS} from ledger_holds where id >= ${first} and id < ${end}`
  return eachSelected(sql, select, 9, (row) => onHold(holdSeen(row)))
}

const HOLDS_AT_ONCE = 50_000

export async function readHoldRows(sql: Sql, ids: readonly number[]): Promise<readonly HoldRowSeen[]> {
  const rows: HoldRowSeen[] = []
  for (let at = 0; at < ids.length; at += HOLDS_AT_ONCE) {
    const list = int8Array(ids.slice(at, at + HOLDS_AT_ONCE))
    // A copy takes no values; these are numbers of ours.
    const select = `select ${HOLD_COLUMNS} from ledger_holds where id = any ('${list}'::int8[])`
    await eachSelected(sql, select, 9, (row) => rows.push(holdSeen(row)))
  }
  return rows
}

export function eachOpenHold(sql: Sql, onHold: (hold: HoldRowSeen) => void): Promise<number> {
  return eachSelected(sql, `select ${HOLD_COLUMNS} from ledger_holds where state = 1`, 9, (row) =>
    onHold(holdSeen(row)),
  )
}

function holdSeen(row: CopiedRow): HoldRowSeen {
  return {
    id: row.number(0),
    debit: row.number(1),
    credit: row.number(2),
    amountMinor: row.bigint(3),
    remainingMinor: row.bigint(4),
    state: row.number(5),
    expiresAt: row.micros(6),
    code: row.number(7),
    reference: row.number(8),
  }
}

export interface AccountRowSeen {
  readonly id: number
  readonly subject: string
  readonly currency: string
  readonly owner: string | null
  readonly floorMinor: bigint | null
  readonly state: string
}

export async function readAccountRows(
  sql: Sql,
  after: number,
  end: number,
  limit: number,
): Promise<readonly AccountRowSeen[]> {
  const rows = await sql<
    { id: bigint; subject: string; currency: string; owner: string | null; floor_minor: bigint | null; state: string }[]
  >`
    select id, subject, currency, owner, floor_minor, state
    from ledger_accounts where id > ${after} and id < ${end} order by id limit ${limit}`
  return rows.map((row) => ({
    id: Number(row.id),
    subject: row.subject,
    currency: row.currency,
    owner: row.owner,
    floorMinor: row.floor_minor,
    state: row.state,
  }))
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

/** Batches outside 1 to `end` of which something is remembered, some of them where there are many. */
export async function strayOutcomeBatches(sql: Sql, end: number): Promise<readonly number[]> {
  const rows = await sql<{ batch: bigint }[]>`
    (select batch from committer_outcome_batches where batch > ${end} order by batch limit 100)
    union all (select batch from committer_outcome_batches where batch < 1 order by batch limit 100)`
  return rows.map((row) => Number(row.batch))
}

export async function strayOutboxBatches(sql: Sql, end: number): Promise<readonly number[]> {
  const rows = await sql<{ batch: bigint }[]>`
    (select batch from committer_outbox where batch > ${end} order by batch limit 100)
    union all (select batch from committer_outbox where batch < 1 order by batch limit 100)`
  return rows.map((row) => Number(row.batch))
}

export interface MarkSeen {
  readonly location: number
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
}

/** The marks at these places, in the order of the places; undefined where there is none. */
export async function readMarks(
  sql: Sql,
  marks: readonly { readonly account: number; readonly sequence: number }[],
): Promise<readonly (MarkSeen | undefined)[]> {
  const rows = await sql<
    {
      location: bigint | null
      debits_posted: bigint
      credits_posted: bigint
      debits_pending: bigint
      credits_pending: bigint
    }[]
  >`
    select m.location, m.debits_posted, m.credits_posted, m.debits_pending, m.credits_pending
    from unnest(
      ${int8Array(marks.map((mark) => mark.account))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.sequence))}::text::int8[]
    ) with ordinality as wanted (account_id, sequence, place)
    left join ledger_marks m on m.account_id = wanted.account_id and m.sequence = wanted.sequence
    order by wanted.place`
  return rows.map((row) =>
    row.location === null
      ? undefined
      : {
          location: Number(row.location),
          debitsPosted: row.debits_posted,
          creditsPosted: row.credits_posted,
          debitsPending: row.debits_pending,
          creditsPending: row.credits_pending,
        },
  )
}

/** What verification must know of a transfer that another one takes back. */
export interface OriginalSeen {
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly moved: boolean
  readonly isReversal: boolean
}

/** Transfers by their ids, each from the batch that gave its id out. */
export async function readOriginals(sql: Sql, ids: readonly number[]): Promise<ReadonlyMap<number, OriginalSeen>> {
  const rows = await sql<
    {
      id: bigint
      debit_account: bigint
      credit_account: bigint
      amount_minor: bigint
      moved: boolean
      is_reversal: boolean
    }[]
  >`
    select t.id, t.debit_account, t.credit_account, t.amount_minor, t.kind in (1, 3) as moved,
      t.reverses is not null as is_reversal
    from unnest(${int8Array(ids)}::text::int8[]) as wanted (id)
    cross join lateral (
      select number from ledger_batches where last_counter >= wanted.id / ${SLOTS}::int8
      order by last_counter, number limit 1) b
    join ledger_transfers t on t.batch = b.number and t.id = wanted.id`
  return new Map(
    rows.map((row) => [
      Number(row.id),
      {
        debit: Number(row.debit_account),
        credit: Number(row.credit_account),
        amountMinor: row.amount_minor,
        moved: row.moved,
        isReversal: row.is_reversal,
      },
    ]),
  )
}

export interface ReversalRowSeen {
  readonly amountMinor: bigint
  readonly reversedMinor: bigint
}

/** Columns: transfer, amount, reversed. */
export function eachReversal(sql: Sql, onRow: (transfer: number, row: ReversalRowSeen) => void): Promise<number> {
  const select = 'select transfer_id, amount_minor, reversed_minor from ledger_reversals'
  return eachSelected(sql, select, 3, (row) =>
    onRow(row.number(0), { amountMinor: row.bigint(1), reversedMinor: row.bigint(2) }),
  )
}

export async function countMarks(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: bigint }[]>`select count(*) from ledger_marks`
  return Number(row?.count ?? 0n)
}
