import { currencyCode, invariant } from '@huitong/kernel'
import { type ReadTx, textArray } from '@huitong/pg'
import { archivedEnd } from './archive-store.ts'
import { ArchivedEntries } from './archived.ts'
import { SUBJECTS, type Subject } from './subjects.ts'
import { lastDayOf, type YearResult } from './year-end.ts'

const RESULT_SUBJECTS = Object.entries<Subject>(SUBJECTS)
  .filter(([, subject]) => subject.class === 'income' || subject.class === 'expense')
  .map(([code]) => code)

/**
 * Income and expenses by account that belong to a year or an earlier one and were not carried yet, in the order of the accounts. Made of
 * the balances of now, less what moved since the last day of the year and belongs to later days: the older journal may be in files.
 */
export async function readYearResults(tx: ReadTx, year: number): Promise<readonly YearResult[]> {
  const { sql } = tx
  const end = lastDayOf(year)
  const [head] = await sql<{ flushed: bigint; closed: bigint }[]>`
    select flushed, coalesce((select max(closed_batch) from ledger_days where day <= ${end}::text::date), 0) as closed
    from ledger_head`
  const closed = Number(head?.closed ?? 0)
  const archived = await archivedEnd(sql)
  if (archived > closed) throw new ArchivedEntries(archived)
  const rows = await sql<{ account_id: bigint; currency: string; minor: string }[]>`
    with due as (
      select id, currency from ledger_accounts where subject = any (${textArray(RESULT_SUBJECTS)}::text::text[])),
    later as (
      select side.account_id, side.sequence, side.minor, t.batch, coalesce(t.effective_on > ${end}::text::date, true) as is_later
      from ledger_transfers t
      cross join lateral (values
        (t.debit_account, t.debit_sequence, -t.amount_minor), (t.credit_account, t.credit_sequence, t.amount_minor))
        as side (account_id, sequence, minor)
      join due on due.id = side.account_id
      where t.batch > least(${closed}::int8, ${Number(head?.flushed ?? 0)}::int8) and t.kind in (1, 3)),
    parts as (
      select b.account_id, (b.credits_posted - b.debits_posted)::numeric as minor
      from ledger_balances b join due on due.id = b.account_id
      union all
      select l.account_id, l.minor
      from later l join ledger_balances b on b.account_id = l.account_id and l.sequence > b.sequence
      union all
      select account_id, -minor from later where batch > ${closed}::int8 and is_later)
    select p.account_id, due.currency, sum(p.minor)::text as minor
    from parts p join due on due.id = p.account_id
    group by p.account_id, due.currency
    having sum(p.minor) <> 0
    order by p.account_id`
  return rows.map((row) => {
    const currency = currencyCode(row.currency)
    invariant(currency.ok, `an account in the unknown currency ${row.currency}`)
    return { account: Number(row.account_id), currency: currency.value, amountMinor: BigInt(row.minor) }
  })
}
