import type { TableDefinition } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { int8Array, type Sql } from '@huitong/pg'
import type { Balance } from './account.ts'
import { RESIDENT_ACCOUNTS } from './account-store.ts'
import { POSITIONS_PER_BATCH } from './location.ts'
import { TRANSFER_KINDS } from './transfer.ts'
import { type PlacedTransfer, placedOf, type TransferRow } from './transfer-store.ts'

interface BalanceRow {
  readonly account_id: bigint
  readonly sequence: bigint
  readonly debits_posted: bigint
  readonly credits_posted: bigint
  readonly debits_pending: bigint
  readonly credits_pending: bigint
  readonly last_entry: bigint | null
}

function balanceOf(row: Omit<BalanceRow, 'account_id'>): Balance {
  return {
    debitsPosted: row.debits_posted,
    creditsPosted: row.credits_posted,
    debitsPending: row.debits_pending,
    creditsPending: row.credits_pending,
    sequence: Number(row.sequence),
    lastEntry: row.last_entry === null ? null : Number(row.last_entry),
  }
}

export async function loadBalances(
  sql: Sql,
  keys: readonly number[],
): Promise<readonly (readonly [number, Balance])[]> {
  const rows = await sql<BalanceRow[]>`
    select account_id, sequence, debits_posted, credits_posted, debits_pending, credits_pending, last_entry
    from ledger_balances where account_id = any (${int8Array(keys)}::text::int8[])`
  return rows.map((row) => [Number(row.account_id), balanceOf(row)])
}

/** Transfers of some accounts in the batches that are not written back yet, in order. */
export async function newerTransfers(sql: Sql, ids: readonly number[]): Promise<readonly PlacedTransfer[]> {
  const rows = await sql<TransferRow[]>`
    select t.* from ledger_transfers t
    where t.batch > (select flushed from ledger_head)
      and (t.debit_account = any (${int8Array(ids)}::text::int8[]) or t.credit_account = any (${int8Array(ids)}::text::int8[]))
    order by t.batch, t.position`
  return rows.map(placedOf)
}

/**
 * Balances live in the committer's memory and reach their table seconds later: a hot account is written once in that time, not
 * once a batch, and the journal holds all that memory could lose. Whoever reads a balance adds the entries that are newer than
 * its row (`sequence` tells which).
 */
export const balanceTable: TableDefinition<number, Balance> = {
  name: 'ledger_balances',
  residentRows: RESIDENT_ACCOUNTS,
  load: loadBalances,
  write: (sql, unordered) => {
    // Neighbours in the table and its index are written one after the other: half the time of the same rows in any order.
    const changes = unordered.toSorted((one, other) => one.key - other.key)
    return [
      sql`
      update ledger_balances b set
        sequence = c.sequence, debits_posted = c.debits_posted, credits_posted = c.credits_posted,
        debits_pending = c.debits_pending, credits_pending = c.credits_pending, last_entry = c.last_entry
      from unnest(
        ${int8Array(changes.map((change) => change.key))}::text::int8[],
        ${int8Array(changes.map((change) => change.row.sequence))}::text::int8[],
        ${int8Array(changes.map((change) => change.row.debitsPosted))}::text::int8[],
        ${int8Array(changes.map((change) => change.row.creditsPosted))}::text::int8[],
        ${int8Array(changes.map((change) => change.row.debitsPending))}::text::int8[],
        ${int8Array(changes.map((change) => change.row.creditsPending))}::text::int8[],
        ${int8Array(changes.map((change) => change.row.lastEntry))}::text::int8[]
      ) as c (account_id, sequence, debits_posted, credits_posted, debits_pending, credits_pending, last_entry)
      where b.account_id = c.account_id`,
    ]
  },
  writeBack: {
    // With 100,000 accounts in use and 20,000 transfers a second, 20 s write a balance once in four transfers; 10 s would once in two.
    horizonMicros: 20_000_000,
    rowsPerBatch: 3000,
    replay: replayBalances,
  },
}

interface ReplayedRow extends BalanceRow {
  readonly entries: bigint
  readonly row_sequence: bigint
}

/**
 * The balances that changed after the batch `flushed`, added up by PostgreSQL: what a long horizon leaves to a new holder is half a million
 * transfers, which would take this program several times as long. A row written back late knows by its sequence which entries are in it.
 * The counters follow `replay.ts`, which verification uses.
 */
async function replayBalances(sql: Sql, flushed: number): Promise<readonly (readonly [number, Balance])[]> {
  const { posted, held, increased } = TRANSFER_KINDS
  const rows = await sql<ReplayedRow[]>`
    with entries as (
      select debit_account as account_id, debit_sequence as sequence, batch, position, kind, amount_minor, released_minor, true as debit
      from ledger_transfers where batch > ${flushed}
      union all
      select credit_account, credit_sequence, batch, position, kind, amount_minor, released_minor, false
      from ledger_transfers where batch > ${flushed}),
    moved as (
      select account_id, sequence, batch * ${POSITIONS_PER_BATCH} + position as location, debit,
        case when kind in (${held}, ${increased}) then 0 else amount_minor end as posted,
        case when kind in (${held}, ${increased}) then amount_minor when kind = ${posted} then 0 else -released_minor end as pending
      from entries)
    select account_id, max(m.sequence) as sequence, count(*) as entries, b.sequence as row_sequence,
      (b.debits_posted + coalesce(sum(posted) filter (where debit), 0))::int8 as debits_posted,
      (b.credits_posted + coalesce(sum(posted) filter (where not debit), 0))::int8 as credits_posted,
      (b.debits_pending + coalesce(sum(pending) filter (where debit), 0))::int8 as debits_pending,
      (b.credits_pending + coalesce(sum(pending) filter (where not debit), 0))::int8 as credits_pending,
      max(location) as last_entry
    from moved m join ledger_balances b using (account_id)
    where m.sequence > b.sequence
    group by account_id, b.account_id`
  return rows.map((row) => {
    const balance = balanceOf(row)
    const first = Number(row.row_sequence) + 1
    invariant(
      balance.sequence - first + 1 === Number(row.entries),
      `an entry of account ${row.account_id} between ${first} and ${balance.sequence} is missing`,
    )
    return [Number(row.account_id), balance]
  })
}
