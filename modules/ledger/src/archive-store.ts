import type { Readable } from 'node:stream'
import type { ReadTx, Sql } from '@huitong/pg'
import { ArchivedEntries } from './archived.ts'
import { batchOfId } from './id-batch-store.ts'
import { type Transfer, transferCodeOf, transferKindOf } from './transfer.ts'
import { transferLog } from './transfer-store.ts'
import { transferStream } from './verify-journal-store.ts'
import { TRANSFER_COLUMNS as COLUMN, type CopiedRow, eachCopiedRow, TRANSFER_COLUMN_COUNT } from './verify-rows.ts'

/** A stretch of the journal: batches from `first` up to, and without, `end`. */
export interface Stretch {
  readonly first: number
  readonly end: number
}

export interface ArchivedStretch extends Stretch {
  readonly transfers: number
  /** Of the file, hexadecimal. */
  readonly sha256: string
}

export async function readArchives(sql: Sql): Promise<readonly ArchivedStretch[]> {
  const rows = await sql<{ first_batch: bigint; end_batch: bigint; transfers: bigint; sha256: string }[]>`
    select first_batch, end_batch, transfers, sha256 from ledger_archives order by first_batch`
  return rows.map((row) => ({
    first: Number(row.first_batch),
    end: Number(row.end_batch),
    transfers: Number(row.transfers),
    sha256: row.sha256,
  }))
}

/** The first batch after all that is archived; 0 when nothing is. */
export async function archivedEnd(sql: Sql): Promise<number> {
  const [row] = await sql<{ end: bigint | null }[]>`select max(end_batch) as end from ledger_archives`
  return Number(row?.end ?? 0)
}

/** For readers that did not find what must have been there: says so if it may be in the archive. */
export async function refuseArchived(sql: Sql, batch = 0): Promise<void> {
  const end = await archivedEnd(sql)
  if (batch < end) throw new ArchivedEntries(end)
}

/** The same for a transfer that was not found by its id. */
export async function refuseArchivedId(tx: ReadTx, id: number): Promise<void> {
  const batch = await batchOfId(tx, id)
  if (batch !== undefined) await refuseArchived(tx.sql, batch)
}

/** Partitions of the journal that hold nothing but batches before a day and before what is not written back yet. */
export async function archivablePartitions(
  sql: Sql,
  before: string,
): Promise<readonly (Stretch & { readonly name: string })[]> {
  const [limit] = await sql<{ flushed: bigint; first: bigint | null }[]>`
    select h.flushed, (select min(number) from ledger_batches where accounting_day >= ${before}::text::date) as first
    from ledger_head h`
  const end = Math.min(Number(limit?.flushed ?? 0), Number(limit?.first ?? limit?.flushed ?? 0))
  const rows = await sql<{ name: string; bound: string }[]>`
    select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_class c join pg_inherits i on i.inhrelid = c.oid
    where i.inhparent = 'ledger_transfers'::regclass`
  return rows
    .flatMap(({ name, bound }) => {
      const [, from, to] = /FROM \('(\d+)'\) TO \('(\d+)'\)/.exec(bound) ?? []
      return from === undefined || to === undefined ? [] : [{ name, first: Number(from), end: Number(to) }]
    })
    .filter((one) => one.end <= end)
    .toSorted((a, b) => a.first - b.first)
}

/** Takes a partition out of the journal and notes where it went, in one transaction. What it holds is lost unless a file has it. */
export async function dropPartition(
  sql: Sql,
  { name, first, end }: Stretch & { readonly name: string },
  { transfers, sha256 }: Pick<ArchivedStretch, 'transfers' | 'sha256'>,
): Promise<void> {
  await sql`begin`
  try {
    // Detaching waits for readers and holds up the committer meanwhile: rather try again later.
    await sql`set local lock_timeout = '3s'`
    await sql`
      insert into ledger_archives (first_batch, end_batch, transfers, sha256)
      values (${first}, ${end}, ${transfers}, ${sha256})`
    await sql.unsafe(`alter table ledger_transfers detach partition ${name}`)
    await sql.unsafe(`drop table ${name}`)
    await sql`commit`
  } catch (error) {
    await sql`rollback`
    throw error
  }
}

/** All transfers of batches in (after, end] as the bytes of a binary copy, with the columns of `TRANSFER_COLUMNS`. */
export function copyOut(sql: Sql, after: number, end: number): Promise<Readable> {
  return transferStream(sql, after, end)
}

/** Brings a stretch back: makes its partition, fills it and forgets the archive, in one transaction. */
export async function restorePartition(
  sql: Sql,
  { first, end }: Stretch,
  name: string,
  pieces: AsyncIterable<Readable>,
): Promise<number> {
  await sql`begin`
  try {
    await sql.unsafe(`select ledger_create_partition('${name}', ${first}, ${end})`)
    let count = 0
    for await (const piece of pieces) {
      const byBatch = new Map<number, Transfer[]>()
      await eachCopiedRow(piece, TRANSFER_COLUMN_COUNT, (row) => {
        const batch = row.number(COLUMN.batch)
        const list = byBatch.get(batch) ?? []
        list.push(transferOfCopy(row))
        byBatch.set(batch, list)
      })
      for (const [number, transfers] of byBatch) {
        count += transfers.length
        for (const statement of transferLog.append(sql, transfers, { number, at: 0, accountingDay: '' })) {
          await statement.execute()
        }
      }
    }
    await sql`delete from ledger_archives where first_batch = ${first} and end_batch = ${end}`
    await sql`commit`
    return count
  } catch (error) {
    await sql`rollback`
    throw error
  }
}

const DAY_MILLIS = 86_400_000

function transferOfCopy(row: CopiedRow): Transfer {
  const orNull = (column: number): number | null => (row.number(column) === 0 ? null : row.number(column))
  const kind = transferKindOf(row.number(COLUMN.kind))
  const code = transferCodeOf(row.number(COLUMN.code))
  if (kind === undefined || code === undefined) throw new Error('an archived transfer has an unknown kind or code')
  const days = row.number(COLUMN.effectiveDays)
  return {
    position: row.number(COLUMN.position),
    id: row.number(COLUMN.id),
    kind,
    debit: row.number(COLUMN.debit),
    credit: row.number(COLUMN.credit),
    amountMinor: row.bigint(COLUMN.amount),
    releasedMinor: row.bigint(COLUMN.released),
    hold: orNull(COLUMN.hold),
    holdExpiresAt: row.micros(COLUMN.holdExpiresAt),
    code,
    reference: orNull(COLUMN.reference),
    effectiveOn: days === 0 ? null : new Date(days * DAY_MILLIS).toISOString().slice(0, 10),
    reverses: orNull(COLUMN.reverses),
    entry: orNull(COLUMN.entry),
    debitSequence: row.number(COLUMN.debitSequence),
    debitBalanceMinor: row.bigint(COLUMN.debitBalance),
    debitPrevious: orNull(COLUMN.debitPrevious),
    creditSequence: row.number(COLUMN.creditSequence),
    creditBalanceMinor: row.bigint(COLUMN.creditBalance),
    creditPrevious: orNull(COLUMN.creditPrevious),
  }
}
