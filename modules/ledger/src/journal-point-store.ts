import type { ReadTx } from '@huitong/pg'
import type { JournalPoint, PointWanted } from './journal-point.ts'

interface PointRow {
  readonly number: bigint
  readonly at: number
  readonly accounting_day: string
  readonly last_counter: bigint
}

const BEFORE_ALL: JournalPoint = { batch: 0, at: 0, accountingDay: null, lastCounter: 0, final: true }

/** The batch that is meant; undefined when there is no batch of that number yet. */
export async function findPoint(tx: ReadTx, wanted: PointWanted): Promise<JournalPoint | undefined> {
  const [head] = await tx.sql<{ number: bigint; at: number; accounting_day: string | null }[]>`
    select number, at, accounting_day from ledger_head`
  const [row] = await rowsOf(tx, wanted)
  if (row === undefined) return typeof wanted === 'object' && 'batch' in wanted ? undefined : BEFORE_ALL
  return {
    batch: Number(row.number),
    at: row.at,
    accountingDay: row.accounting_day,
    lastCounter: Number(row.last_counter),
    final: isFinal(wanted, head?.at ?? 0, head?.accounting_day ?? ''),
  }
}

function isFinal(wanted: PointWanted, headAt: number, openDay: string): boolean {
  if (wanted === 'newest') return false
  if ('batch' in wanted) return true
  // The next batch is at least a microsecond after the head, and of the day that the head names.
  return 'at' in wanted ? wanted.at <= headAt : wanted.day < openDay
}

function rowsOf({ sql }: ReadTx, wanted: PointWanted): PromiseLike<readonly PointRow[]> {
  if (wanted === 'newest') {
    return sql<PointRow[]>`
      select number, at, accounting_day, last_counter from ledger_batches order by number desc limit 1`
  }
  if ('batch' in wanted) {
    return sql<PointRow[]>`
      select number, at, accounting_day, last_counter from ledger_batches where number = ${wanted.batch}`
  }
  if ('at' in wanted) {
    return sql<PointRow[]>`
      select number, at, accounting_day, last_counter from ledger_batches
      where at <= ${wanted.at} order by at desc limit 1`
  }
  return sql<PointRow[]>`
    select number, at, accounting_day, last_counter from ledger_batches
    where accounting_day <= ${wanted.day}::text::date order by accounting_day desc, number desc limit 1`
}
