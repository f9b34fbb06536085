import { invariant } from '@huitong/kernel'
import { int8Array, type ReadTx } from '@huitong/pg'
import { type Balance, ZERO_BALANCE } from './account.ts'
import { archivedEnd } from './archive-store.ts'
import { ArchivedEntries } from './archived.ts'
import { journalBalances } from './balance-reader.ts'
import { loadBalances } from './balance-store.ts'
import { locationOf, POSITIONS_PER_BATCH } from './location.ts'
import { MARK_EVERY } from './mark-store.ts'
import { applyTransfer } from './replay.ts'
import { placedOf, type TransferRow } from './transfer-store.ts'

/**
 * Where an account's newest entry stands, as far as somebody knows who looked before the snapshot was taken (the committer's
 * memory). It need not be the newest of the snapshot, only not older than the point that is asked for.
 */
export type KnownEntries = ReadonlyMap<number, number | null>

/** The mark before a point, from which counters are replayed, and the place from which its entries are reached backwards. */
interface Segment {
  readonly account: number
  readonly block: bigint
  readonly from: number | null
  readonly balance: Balance
}

/**
 * All four counters, number and place of the newest entry of each account as of a batch that is committed in this snapshot. For each account:
 * the last mark before the end of the batch by halving (marks have every 64th number without gaps), then at most 64 links
 * back from the mark after it. Accounts without entries by then have the zero balance.
 */
export async function balancesAsOf(
  tx: ReadTx,
  ids: readonly number[],
  batch: number,
  known: KnownEntries = new Map(),
): Promise<ReadonlyMap<number, Balance>> {
  const balances = new Map<number, Balance>()
  if (ids.length === 0) return balances
  const end = locationOf(batch + 1, 0)
  const archived = await archivedEnd(tx.sql)
  if (batch < archived) throw new ArchivedEntries(archived)
  const segments = await segmentsBefore(tx, await newestEntries(tx, ids, batch, known), end)
  for (const { account, balance } of segments) balances.set(account, balance)
  const entries = await entriesOf(tx, segments, archived === 0 ? end : Number.MAX_SAFE_INTEGER)
  if (archived > 0 && !areWhole(segments, entries)) throw new ArchivedEntries(archived)
  for (const row of entries) {
    const { transfer, location } = placedOf(row)
    if (location >= end) continue
    // Both accounts of a transfer may have been asked for, and each must count it as its own segment reaches it.
    const account = Number(row.account)
    const only = new Map([[account, balances.get(account) ?? ZERO_BALANCE]])
    applyTransfer(only, transfer, location)
    for (const [id, balance] of only) balances.set(id, balance)
  }
  return balances
}

/** The newest entry of each account: what is known already, else from the rows, whose newest is far enough for what is written back. */
async function newestEntries(
  tx: ReadTx,
  ids: readonly number[],
  batch: number,
  known: KnownEntries,
): Promise<ReadonlyMap<number, number | null>> {
  const newest = new Map<number, number | null>()
  const missing: number[] = []
  for (const id of ids) {
    const entry = known.get(id)
    if (entry === undefined) missing.push(id)
    else newest.set(id, entry)
  }
  if (missing.length === 0) return newest
  const [head] = await tx.sql<{ flushed: bigint }[]>`select flushed from ledger_head`
  const rows =
    batch <= Number(head?.flushed ?? 0n) ? await loadBalances(tx.sql, missing) : await journalBalances(tx, missing)
  for (const [id, balance] of rows) newest.set(id, balance.lastEntry)
  return newest
}

async function segmentsBefore(
  { sql }: ReadTx,
  newest: ReadonlyMap<number, number | null>,
  end: number,
): Promise<readonly Segment[]> {
  const rows = await sql<
    {
      account_id: bigint
      block: bigint
      start: bigint | null
      marked: bigint | null
      debits_posted: bigint | null
      credits_posted: bigint | null
      debits_pending: bigint | null
      credits_pending: bigint | null
    }[]
  >`
    with recursive wanted as (
      select * from unnest(
        ${int8Array([...newest.keys()])}::text::int8[],
        ${int8Array([...newest.values()])}::text::int8[]) as w (account_id, newest)),
    search as (
      select w.account_id, w.newest, 0::int8 as low, coalesce((
        select m.sequence from ledger_marks m where m.account_id = w.account_id
        order by m.sequence desc limit 1), 0) / ${MARK_EVERY}::int8 as high
      from wanted w
      union all
      select s.account_id, s.newest,
        case when m.location < ${end}::int8 then s.middle else s.low end,
        case when m.location < ${end}::int8 then s.high else s.middle - 1 end
      from (select *, (low + high + 1) / 2 as middle from search where low < high) s
      join ledger_marks m on m.account_id = s.account_id and m.sequence = s.middle * ${MARK_EVERY}::int8)
    select s.account_id, s.low as block, coalesce(above.location, s.newest) as start, below.location as marked,
      below.debits_posted, below.credits_posted, below.debits_pending, below.credits_pending
    from search s
    left join ledger_marks below on below.account_id = s.account_id and below.sequence = s.low * ${MARK_EVERY}::int8
    left join ledger_marks above
      on above.account_id = s.account_id and above.sequence = (s.low + 1) * ${MARK_EVERY}::int8
    where s.low = s.high`
  invariant(rows.length === newest.size, 'marks of an account are missing')
  return rows.map((row) => ({
    account: Number(row.account_id),
    block: row.block,
    from: row.start === null ? null : Number(row.start),
    balance: {
      debitsPosted: row.debits_posted ?? 0n,
      creditsPosted: row.credits_posted ?? 0n,
      debitsPending: row.debits_pending ?? 0n,
      creditsPending: row.credits_pending ?? 0n,
      sequence: Number(row.block) * MARK_EVERY,
      lastEntry: row.marked === null ? null : Number(row.marked),
    },
  }))
}

/** Entries of the segments that stand before `end`, by account and number. */
async function entriesOf(
  { sql }: ReadTx,
  segments: readonly Segment[],
  end: number,
): Promise<readonly (TransferRow & { readonly account: bigint })[]> {
  const open = segments.filter(({ from, balance }) => from !== null && from !== balance.lastEntry)
  if (open.length === 0) return []
  return sql<(TransferRow & { account: bigint })[]>`
    with recursive entries as (
      select w.account, w.stop, t.*
      from unnest(
        ${int8Array(open.map((segment) => segment.account))}::text::int8[],
        ${int8Array(open.map((segment) => segment.balance.lastEntry))}::text::int8[],
        ${int8Array(open.map((segment) => segment.from))}::text::int8[]) as w (account, stop, start)
      join ledger_transfers t
        on t.batch = w.start / ${POSITIONS_PER_BATCH}::int8 and t.position = (w.start % ${POSITIONS_PER_BATCH}::int8)::int4
      union all
      select e.account, e.stop, t.*
      from (
        select account, stop, case when debit_account = account then debit_previous else credit_previous end as previous
        from entries) e
      join ledger_transfers t
        on t.batch = e.previous / ${POSITIONS_PER_BATCH}::int8 and t.position = (e.previous % ${POSITIONS_PER_BATCH}::int8)::int4
      where e.previous is distinct from e.stop)
    select * from entries where batch < ${Math.floor(end / POSITIONS_PER_BATCH)}
    order by account, case when debit_account = account then debit_sequence else credit_sequence end`
}

/** Whether every segment reaches back to its mark: entries behind a gap are in the archive. */
function areWhole(
  segments: readonly Segment[],
  entries: readonly (TransferRow & { readonly account: bigint })[],
): boolean {
  const lowest = new Map<number, number>()
  for (const row of entries) {
    const account = Number(row.account)
    const sequence = Number(row.debit_account === row.account ? row.debit_sequence : row.credit_sequence)
    lowest.set(account, Math.min(lowest.get(account) ?? sequence, sequence))
  }
  return segments.every(
    ({ account, from, balance }) =>
      from === null || from === balance.lastEntry || lowest.get(account) === balance.sequence + 1,
  )
}
