import type { ReadTx } from '@huitong/pg'
import type { ClosedDay } from './day.ts'
import { allDays } from './day-store.ts'
import { allDayTotals, type DayTotal } from './day-total-store.ts'
import type { YearEnd } from './year-end.ts'
import { readYears } from './year-end-store.ts'

/** Rows of charts, days and years as of one snapshot. */
export interface AccountingSeen {
  readonly kind: string | null
  readonly finalThrough: string | null
  readonly days: readonly ClosedDay[]
  readonly years: readonly YearEnd[]
  readonly totals: readonly DayTotal[]
  /** Keys of totals of subjects or currencies that nobody knows. */
  readonly unknownTotals: readonly string[]
}

export async function readAccountingSeen(tx: ReadTx): Promise<AccountingSeen> {
  const [settings] = await tx.sql<{ kind: string; final_through: string | null }[]>`
    select kind, final_through from ledger_settings`
  const { known, unknown } = await allDayTotals(tx)
  return {
    kind: settings?.kind ?? null,
    finalThrough: settings?.final_through ?? null,
    days: await allDays(tx),
    years: await readYears(tx),
    totals: known,
    unknownTotals: unknown,
  }
}
