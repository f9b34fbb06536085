import { type CurrencyCode, currencyCode, invariant } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { totalsWithTail } from './day-total-store.ts'
import { type SubjectCode, subjectCode } from './subjects.ts'

/** `booking` counts a transfer on the day of its batch, `value` on the day that it belongs to. */
export type ReportBasis = 'booking' | 'value'

export interface ReportPeriod {
  /** The first and the last day that count. */
  readonly from: string
  readonly to: string
  readonly basis: ReportBasis
  /** Whether transfers of the period that closed a year, or opened one again, are counted. */
  readonly yearEnd: boolean
}

/** What moved on a subject in one currency before the period and in it, in minor units. */
export interface SubjectMovement {
  readonly subject: SubjectCode
  readonly currency: CurrencyCode
  readonly openingDebitsMinor: bigint
  readonly openingCreditsMinor: bigint
  readonly debitsMinor: bigint
  readonly creditsMinor: bigint
}

interface MovementRow {
  readonly subject: string
  readonly currency: string
  readonly opening_debits: string
  readonly opening_credits: string
  readonly debits: string
  readonly credits: string
}

/** By currency and subject, exact as of the snapshot. */
export async function readMovements({ sql }: ReadTx, period: ReportPeriod): Promise<readonly SubjectMovement[]> {
  const [head] = await sql<{ flushed: bigint }[]>`select flushed from ledger_head`
  const { from, to } = period
  const rows = await sql<MovementRow[]>`
    select subject, currency,
      coalesce(sum(debits_minor) filter (where counted < ${from}::text::date), 0) as opening_debits,
      coalesce(sum(credits_minor) filter (where counted < ${from}::text::date), 0) as opening_credits,
      coalesce(sum(debits_minor) filter (where counted >= ${from}::text::date), 0) as debits,
      coalesce(sum(credits_minor) filter (where counted >= ${from}::text::date), 0) as credits
    from (
      select *, case when ${period.basis}::text = 'value' then effective_on else day end as counted
      from (${totalsWithTail(sql, Number(head?.flushed ?? 0))}) parts) dated
    where counted <= ${to}::text::date and (${period.yearEnd} or not year_end or counted < ${from}::text::date)
    group by subject, currency
    order by currency, subject`
  return rows.map((row) => {
    const subject = subjectCode(row.subject)
    const currency = currencyCode(row.currency)
    invariant(subject !== undefined && currency.ok, `a total of the unknown ${row.subject} in ${row.currency}`)
    return {
      subject,
      currency: currency.value,
      openingDebitsMinor: BigInt(row.opening_debits),
      openingCreditsMinor: BigInt(row.opening_credits),
      debitsMinor: BigInt(row.debits),
      creditsMinor: BigInt(row.credits),
    }
  })
}
