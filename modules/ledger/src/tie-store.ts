import type { ReadTx } from '@huitong/pg'
import { totalsWithTail } from './day-total-store.ts'

/** What the accounts of a subject add up to, beside what its days add up to. Debits and credits since the beginning, in minor units. */
export interface TieLine {
  readonly subject: string
  readonly currency: string
  readonly accounts: number
  readonly accountDebitsMinor: bigint
  readonly accountCreditsMinor: bigint
  readonly subjectDebitsMinor: bigint
  readonly subjectCreditsMinor: bigint
}

export interface Tie {
  /** The last batch that is counted on both sides. */
  readonly batch: number
  readonly lines: readonly TieLine[]
  /** The lines of which the two sides differ. */
  readonly differences: readonly TieLine[]
}

interface TieRow {
  readonly subject: string
  readonly currency: string
  readonly accounts: bigint
  readonly account_debits: string
  readonly account_credits: string
  readonly subject_debits: string
  readonly subject_credits: string
}

/**
 * Holds the balances of all accounts against the totals of all days, by subject and currency, in one snapshot and so as of one batch,
 * while the ledger goes on. Both are written back late; what they do not count yet is read from the journal, for balances by the
 * entry's sequence and for totals by its batch. Reads every balance once: about a second for a million accounts.
 */
export async function readTie({ sql }: ReadTx): Promise<Tie> {
  const [head] = await sql<{ number: bigint; flushed: bigint }[]>`select number, flushed from ledger_head`
  const flushed = Number(head?.flushed ?? 0)
  const rows = await sql<TieRow[]>`
    with subledger as (
      select a.subject, a.currency, count(*) as accounts, sum(b.debits_posted) as debits, sum(b.credits_posted) as credits
      from ledger_accounts a join ledger_balances b on b.account_id = a.id
      group by a.subject, a.currency),
    later as (
      select a.subject, a.currency, sum(side.debit_minor) as debits, sum(side.credit_minor) as credits
      from ledger_transfers t
      cross join lateral (values
        (t.debit_account, t.debit_sequence, t.amount_minor, 0::int8),
        (t.credit_account, t.credit_sequence, 0::int8, t.amount_minor)) as side (account_id, sequence, debit_minor, credit_minor)
      join ledger_balances b on b.account_id = side.account_id and side.sequence > b.sequence
      join ledger_accounts a on a.id = side.account_id
      where t.batch > ${flushed} and t.kind in (1, 3)
      group by a.subject, a.currency),
    general as (
      select subject, currency, sum(debits_minor) as debits, sum(credits_minor) as credits
      from (${totalsWithTail(sql, flushed)}) parts
      group by subject, currency)
    select subject, currency, coalesce(s.accounts, 0) as accounts,
      coalesce(s.debits, 0) + coalesce(l.debits, 0) as account_debits,
      coalesce(s.credits, 0) + coalesce(l.credits, 0) as account_credits,
      coalesce(g.debits, 0) as subject_debits, coalesce(g.credits, 0) as subject_credits
    from subledger s
    full join later l using (subject, currency)
    full join general g using (subject, currency)
    order by subject, currency`
  const lines = rows.map((row) => ({
    subject: row.subject,
    currency: row.currency,
    accounts: Number(row.accounts),
    accountDebitsMinor: BigInt(row.account_debits),
    accountCreditsMinor: BigInt(row.account_credits),
    subjectDebitsMinor: BigInt(row.subject_debits),
    subjectCreditsMinor: BigInt(row.subject_credits),
  }))
  return { batch: Number(head?.number ?? 0), lines, differences: lines.filter(differs) }
}

function differs(line: TieLine): boolean {
  return line.accountDebitsMinor !== line.subjectDebitsMinor || line.accountCreditsMinor !== line.subjectCreditsMinor
}

/** A line for people. */
export function tieLineText(line: TieLine): string {
  return `${line.subject} ${line.currency}: accounts ${line.accountDebitsMinor}/${line.accountCreditsMinor}, subject ${line.subjectDebitsMinor}/${line.subjectCreditsMinor}`
}
