import type { TableDefinition } from '@huitong/committer'
import { type CurrencyCode, currencyCode, invariant } from '@huitong/kernel'
import { boolArray, dateArray, int8Array, numericArray, type ReadTx, type Sql, textArray } from '@huitong/pg'
import { type SubjectCode, subjectCode } from './subjects.ts'
import { TRANSFER_CODES } from './transfer.ts'

/** What moved on a subject in one currency on one accounting day: the debits and credits of all its accounts. */
export interface DayTotal {
  readonly day: string
  /** The day to which the transfers belong; `day` itself unless they were back-dated. */
  readonly effectiveOn: string
  /** Whether the transfers close a year: an income statement leaves them out. */
  readonly yearEnd: boolean
  readonly subject: SubjectCode
  readonly currency: CurrencyCode
  readonly debitsMinor: bigint
  readonly creditsMinor: bigint
  readonly entries: number
  /** The last batch that it counts. */
  readonly through: number
}

export type DayTotalKey = Pick<DayTotal, 'day' | 'effectiveOn' | 'yearEnd' | 'subject' | 'currency'>

export function dayTotalKey({ day, effectiveOn, yearEnd, subject, currency }: DayTotalKey): string {
  return `${day} ${effectiveOn} ${yearEnd} ${subject} ${currency}`
}

interface DayTotalRow {
  readonly day: string
  readonly effective_on: string
  readonly year_end: boolean
  readonly subject: string
  readonly currency: string
  readonly debits_minor: string
  readonly credits_minor: string
  readonly entries: bigint
  readonly through: bigint
}

function dayTotalOf(row: DayTotalRow): DayTotal {
  const total = knownDayTotal(row)
  invariant(total !== undefined, `a total of the unknown ${row.subject} in ${row.currency}`)
  return total
}

/** Undefined when nothing has such a subject or currency. */
function knownDayTotal(row: DayTotalRow): DayTotal | undefined {
  const subject = subjectCode(row.subject)
  const currency = currencyCode(row.currency)
  if (subject === undefined || !currency.ok) return undefined
  return {
    day: row.day,
    effectiveOn: row.effective_on,
    yearEnd: row.year_end,
    subject,
    currency: currency.value,
    debitsMinor: BigInt(row.debits_minor),
    creditsMinor: BigInt(row.credits_minor),
    entries: Number(row.entries),
    through: Number(row.through),
  }
}

const { year_end: YEAR_END, year_end_reversal: YEAR_END_REVERSAL } = TRANSFER_CODES

/** More than the subjects of two days have in a few currencies. */
const RESIDENT_TOTALS = 2000

/**
 * Totals live in the committer's memory and reach their table seconds later, so that a batch pays no statement for them. Whoever
 * reads them adds the entries of later batches than `through` (`totalsWithTail`).
 */
export const dayTotalTable: TableDefinition<string, DayTotal> = {
  name: 'ledger_day_totals',
  residentRows: RESIDENT_TOTALS,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split(' '))
    const rows = await sql<DayTotalRow[]>`
      select t.* from ledger_day_totals t
      join unnest(
        ${dateArray(parts.map(([day = '']) => day))}::text::date[],
        ${dateArray(parts.map(([, effectiveOn = '']) => effectiveOn))}::text::date[],
        ${boolArray(parts.map(([, , yearEnd]) => yearEnd === 'true'))}::text::boolean[],
        ${textArray(parts.map(([, , , subject = '']) => subject))}::text::text[],
        ${textArray(parts.map(([, , , , currency = '']) => currency))}::text::text[]
      ) as k (day, effective_on, year_end, subject, currency)
        using (day, effective_on, year_end, subject, currency)`
    return rows.map(dayTotalOf).map((total) => [dayTotalKey(total), total])
  },
  write: (sql, changes) => {
    const totals = changes.map((change) => change.row)
    return [
      sql`
      insert into ledger_day_totals
        (day, effective_on, year_end, subject, currency, debits_minor, credits_minor, entries, through)
      select * from unnest(
        ${dateArray(totals.map((total) => total.day))}::text::date[],
        ${dateArray(totals.map((total) => total.effectiveOn))}::text::date[],
        ${boolArray(totals.map((total) => total.yearEnd))}::text::boolean[],
        ${textArray(totals.map((total) => total.subject))}::text::text[],
        ${textArray(totals.map((total) => total.currency))}::text::text[],
        ${numericArray(totals.map((total) => total.debitsMinor))}::text::numeric[],
        ${numericArray(totals.map((total) => total.creditsMinor))}::text::numeric[],
        ${int8Array(totals.map((total) => total.entries))}::text::int8[],
        ${int8Array(totals.map((total) => total.through))}::text::int8[])
      on conflict on constraint ledger_day_totals_pkey do update set
        debits_minor = excluded.debits_minor, credits_minor = excluded.credits_minor,
        entries = excluded.entries, through = excluded.through`,
    ]
  },
  writeBack: {
    horizonMicros: 10_000_000,
    rowsPerBatch: 1000,
    replay: async (sql, flushed) => {
      const rows = await sql<DayTotalRow[]>`
        select day, effective_on, year_end, subject, currency, sum(debits_minor) as debits_minor,
          sum(credits_minor) as credits_minor, sum(entries)::int8 as entries, max(through) as through
        from (${totalsWithTail(sql, flushed)}) parts
        group by day, effective_on, year_end, subject, currency
        having max(through) > ${flushed}`
      return rows.map(dayTotalOf).map((total) => [dayTotalKey(total), total])
    },
  },
}

/**
 * The rows of `ledger_day_totals` and, as further rows of the same keys, the entries of batches after `flushed` that these do not
 * count yet: together they are exact as of the snapshot. `flushed` is the head's.
 */
export function totalsWithTail(sql: Sql, flushed: number) {
  return sql`
    select day, effective_on, year_end, subject, currency, debits_minor, credits_minor, entries, through
    from ledger_day_totals
    union all
    select b.accounting_day, coalesce(t.effective_on, b.accounting_day), t.code in (${YEAR_END}, ${YEAR_END_REVERSAL}), a.subject, a.currency,
      side.debit_minor, side.credit_minor, 1, t.batch
    from ledger_transfers t
    join ledger_batches b on b.number = t.batch
    cross join lateral (values (t.debit_account, t.amount_minor, 0::int8), (t.credit_account, 0::int8, t.amount_minor))
      as side (account_id, debit_minor, credit_minor)
    join ledger_accounts a on a.id = side.account_id
    left join ledger_day_totals r
      on r.day = b.accounting_day and r.effective_on = coalesce(t.effective_on, b.accounting_day)
      and r.year_end = (t.code in (${YEAR_END}, ${YEAR_END_REVERSAL})) and r.subject = a.subject and r.currency = a.currency
    where t.batch > ${flushed} and t.kind in (1, 3) and t.batch > coalesce(r.through, 0)`
}

/** The rows as they are written, for verification: a few dozen a day. `unknown` are the keys of those that cannot be read. */
export async function allDayTotals({
  sql,
}: ReadTx): Promise<{ readonly known: readonly DayTotal[]; readonly unknown: readonly string[] }> {
  const known: DayTotal[] = []
  const unknown: string[] = []
  for (const row of await sql<DayTotalRow[]>`select * from ledger_day_totals`) {
    const total = knownDayTotal(row)
    if (total !== undefined) known.push(total)
    else unknown.push(`${row.day} ${row.effective_on} ${row.year_end} ${row.subject} ${row.currency}`)
  }
  return { known, unknown }
}
