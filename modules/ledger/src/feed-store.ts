import { invariant } from '@huitong/kernel'
import type { ReadTx, Sql } from '@huitong/pg'
import { archivedEnd } from './archive-store.ts'
import { ArchivedEntries } from './archived.ts'
import { type FeedPosition, isBefore } from './feed-event.ts'
import { isLedgerEventKind, type LedgerEventKind } from './journal-form.ts'
import { readHead } from './ledger-read-store.ts'
import type { Transfer } from './transfer.ts'
import { type TransferCode, transferCodeOf } from './transfer.ts'
import { type TransferRow, transferOf } from './transfer-store.ts'

interface Placed extends FeedPosition {
  /** µs. */
  readonly at: number
  readonly accountingDay: string
}

/** A mutation as one of the journal's tables has it. */
export type FeedRow = Placed &
  (
    | { readonly from: 'transfers'; readonly transfer: Transfer }
    | {
        readonly from: 'buffered'
        readonly posting: {
          readonly id: number
          readonly debit: number
          readonly credit: number
          readonly amountMinor: bigint
          readonly code: TransferCode
        }
      }
    | { readonly from: 'events'; readonly kind: LedgerEventKind; readonly about: number; readonly data: string }
  )

interface PlacedRow {
  readonly batch: bigint
  readonly position: number
  readonly at: number
  readonly accounting_day: string
}

/**
 * The journal's mutations after a place, in its order, at most `limit`. A batch is seen whole or not at all, and only after all batches
 * before it: they are committed one after the other, each with the head. So nothing ever appears before a place that was read.
 */
export async function readFeedRows({ sql }: ReadTx, after: FeedPosition, limit: number): Promise<readonly FeedRow[]> {
  const found = [
    await transfersAfter(sql, after, limit),
    await bufferedAfter(sql, after, limit),
    await eventsAfter(sql, after, limit),
  ]
  return found
    .flat()
    .toSorted((one, other) => (isBefore(one, other) ? -1 : 1))
    .slice(0, limit)
}

/** The end of the journal as a place: after everything that is committed. */
export async function feedEnd(tx: ReadTx): Promise<FeedPosition> {
  return { batch: (await readHead(tx)).number + 1, position: -1 }
}

/** Whether a place is after everything that is committed: of another journal, or of one that was restored to an earlier time. */
export async function isFuturePlace(tx: ReadTx, place: FeedPosition): Promise<boolean> {
  return isBefore(await feedEnd(tx), place)
}

/** Refuses a place after which some transfers are in archive files and no more in the database. */
export async function refuseArchivedPlace({ sql }: ReadTx, { batch, position }: FeedPosition): Promise<void> {
  const end = await archivedEnd(sql)
  if (batch >= end) return
  const [last] = await sql<{ count: number }[]>`select count from ledger_batches where number = ${end - 1}`
  // All of the last archived batch was read: what comes next is still here.
  if (batch === end - 1 && position + 1 >= (last?.count ?? 0)) return
  throw new ArchivedEntries(end)
}

async function transfersAfter(sql: Sql, { batch, position }: FeedPosition, limit: number): Promise<readonly FeedRow[]> {
  const rows = await sql<(TransferRow & PlacedRow)[]>`
    with page as materialized (
      select * from ledger_transfers
      where (batch, position) > (${batch}::int8, ${position}::int4) and batch >= ${batch}
      order by batch, position limit ${limit})
    select page.*, b.at, b.accounting_day from page join ledger_batches b on b.number = page.batch`
  return rows.map((row) => ({ ...placeOf(row), from: 'transfers', transfer: transferOf(row) }))
}

async function bufferedAfter(sql: Sql, { batch, position }: FeedPosition, limit: number): Promise<readonly FeedRow[]> {
  const rows = await sql<
    (PlacedRow & { id: bigint; debit_account: bigint; credit_account: bigint; amount_minor: bigint; code: number })[]
  >`
    with page as materialized (
      select * from ledger_buffered
      where (batch, position) > (${batch}::int8, ${position}::int4)
      order by batch, position limit ${limit})
    select page.*, b.at, b.accounting_day from page join ledger_batches b on b.number = page.batch`
  return rows.map((row) => {
    const code = transferCodeOf(row.code)
    invariant(code !== undefined, `the buffered posting ${row.id} has the unknown code ${row.code}`)
    const sides = { debit: Number(row.debit_account), credit: Number(row.credit_account) }
    return {
      ...placeOf(row),
      from: 'buffered',
      posting: { id: Number(row.id), ...sides, amountMinor: row.amount_minor, code },
    }
  })
}

async function eventsAfter(sql: Sql, { batch, position }: FeedPosition, limit: number): Promise<readonly FeedRow[]> {
  const rows = await sql<(PlacedRow & { kind: string; account_id: bigint; data: string })[]>`
    with page as materialized (
      select * from ledger_events
      where (batch, position) > (${batch}::int8, ${position}::int4)
      order by batch, position limit ${limit})
    select page.*, b.at, b.accounting_day from page join ledger_batches b on b.number = page.batch`
  return rows.map((row) => {
    invariant(isLedgerEventKind(row.kind), `an event has the unknown kind ${row.kind}`)
    return { ...placeOf(row), from: 'events', kind: row.kind, about: Number(row.account_id), data: row.data }
  })
}

function placeOf(row: PlacedRow): Placed {
  return { batch: Number(row.batch), position: row.position, at: row.at, accountingDay: row.accounting_day }
}
