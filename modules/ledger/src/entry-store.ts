import { invariant } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { refuseArchived } from './archive-store.ts'
import type { JournaledRow, StatementEntry } from './ledger-read-store.ts'
import { entryOf } from './ledger-read-store.ts'
import { POSITIONS_PER_BATCH } from './location.ts'
import { MARK_EVERY } from './mark-store.ts'

/** The newest entry that may be read: its number, and where it stands. */
export interface LastEntry {
  readonly sequence: number
  readonly location: number
}

/**
 * Entries number `low` to `high` of an account, oldest first, from the first mark that is not before `high` (or from `last`) along the
 * links: high − low + 64 look-ups by primary key at most, wherever in the history they stand.
 */
export async function readEntries(
  { sql }: ReadTx,
  account: number,
  low: number,
  high: number,
  last: LastEntry,
): Promise<readonly StatementEntry[]> {
  if (low > high) return []
  invariant(low >= 1 && high <= last.sequence, `account ${account} has no entries ${low} to ${high}`)
  const mark = Math.ceil(high / MARK_EVERY) * MARK_EVERY
  const rows = await sql<JournaledRow[]>`
    with recursive start as (
      select coalesce((
        select m.location from ledger_marks m where m.account_id = ${account} and m.sequence = ${mark}),
        ${last.location}::int8) as location),
    entries as (
      select t.* from start s
      join ledger_transfers t
        on t.batch = s.location / ${POSITIONS_PER_BATCH}::int8 and t.position = (s.location % ${POSITIONS_PER_BATCH}::int8)::int4
      union all
      select t.*
      from (
        select case when debit_account = ${account} then debit_previous else credit_previous end as previous
        from entries
        where case when debit_account = ${account} then debit_sequence else credit_sequence end > ${low}) e
      join ledger_transfers t
        on t.batch = e.previous / ${POSITIONS_PER_BATCH}::int8 and t.position = (e.previous % ${POSITIONS_PER_BATCH}::int8)::int4)
    select e.*, b.at, b.accounting_day from entries e join ledger_batches b on b.number = e.batch
    where case when e.debit_account = ${account} then e.debit_sequence else e.credit_sequence end <= ${high}
    order by e.batch, e.position`
  if (rows.length < high - low + 1) await refuseArchived(sql)
  invariant(rows.length === high - low + 1, `entries ${low} to ${high} of account ${account} are not all there`)
  return rows.map((row) => entryOf(row, account))
}
