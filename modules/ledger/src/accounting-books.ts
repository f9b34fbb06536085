import type { WorkingSet } from '@huitong/committer'
import { addDays, err, invariant, localDate, ok, type Result } from '@huitong/kernel'
import { accountOpeningTable } from './account-opening-store.ts'
import type { ClosedDay } from './day.ts'
import { dayTable } from './day-store.ts'
import { DEFAULT_KIND, type InstitutionKind } from './institution-kind.ts'
import type { LedgerEventKind } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { NOTHING_SETTLED, SETTINGS, type Settings, settingsTable } from './settings-store.ts'

/** What the books know of charts and days, inside a batch. */
export interface AccountingBooks {
  needSettings(): void
  needDay(day: string): void
  /** Whose chart of accounts the books are kept by. */
  kind(): InstitutionKind
  /** Settles the chart for good. Again with the same kind it changes nothing. */
  adoptChart(kind: InstitutionKind): Result<InstitutionKind, LedgerRefusal>
  /** Makes this batch the last of its day. The day after it begins when none is told. */
  closeDay(next: string | null, by: string | null): Result<string, LedgerRefusal>
  /** Writes down that accounts and subjects agree as of a batch after the day's close. */
  tieDay(day: string, batch: number): Result<string, LedgerRefusal>
  /** Ends the time in which transfers may be back-dated to a day or an earlier one. */
  finalizeDays(through: string, by: string | null): Result<string, LedgerRefusal>
  /** No transfer may be back-dated to this day or an earlier one; null while every day is open for that. */
  finalThrough(): string | null
  /** Remembers the day of an account that this batch opens. */
  accountOpened(account: number): void
  /**
   * The day that a transfer between two accounts is back-dated to: null when that is the batch's own. Asks for rows that only
   * back-dating needs.
   */
  effectiveDay(effectiveOn: string, debit: number, credit: number): Result<string | null, LedgerRefusal>
}

/** Adds an event of the whole ledger to the journal. */
type AddEvent = (kind: LedgerEventKind, data: string) => void

export function createAccountingBooks(set: WorkingSet, event: AddEvent): AccountingBooks {
  const table = set.table(settingsTable)
  const days = set.table(dayTable)
  const openings = set.table(accountOpeningTable)

  function settings(): Settings {
    return table.get(SETTINGS) ?? NOTHING_SETTLED
  }

  return {
    needSettings: () => table.need(SETTINGS),
    needDay: (day) => days.need(day),
    kind: () => settings().kind,

    adoptChart: (kind) => {
      const adopted = table.get(SETTINGS)
      if (adopted?.kind === kind) return ok(kind)
      // Accounts that were opened without a chart were opened by that of the default kind.
      const isOpened = set.lastCounter > 0
      if (adopted !== undefined || (isOpened && kind !== DEFAULT_KIND)) {
        return err({ code: 'chart_fixed', facts: { kind: settings().kind } })
      }
      table.put(SETTINGS, { ...NOTHING_SETTLED, kind })
      event('chart_adopted', JSON.stringify({ kind }))
      return ok(kind)
    },

    closeDay: (asked, by) => {
      const day = set.nextAccountingDay
      const next = asked ?? dayAfter(day)
      if (next <= day) return err({ code: 'day_not_next', facts: { accounting_day: day } })
      set.startAccountingDay(next)
      const { number, at } = set.batch
      days.add(day, { day, nextDay: next, closedBatch: number, closedAt: at, closedBy: by, tiedBatch: null })
      event('day_closed', JSON.stringify({ closed: day, next, ...(by === null ? {} : { by }) }))
      return ok(next)
    },

    tieDay: (day, batch) => {
      const closed = days.get(day)
      if (closed === undefined || batch < closed.closedBatch) return err({ code: 'day_not_closed', facts: { day } })
      if (closed.tiedBatch !== null) return ok(day)
      const tied: ClosedDay = { ...closed, tiedBatch: batch }
      days.put(day, tied)
      event('day_tied', JSON.stringify({ batch: String(batch), day }))
      return ok(day)
    },

    finalizeDays: (through, by) => {
      const closed = days.get(through)
      if (closed === undefined) return err({ code: 'day_not_closed', facts: { day: through } })
      if (closed.tiedBatch === null) return err({ code: 'day_not_tied', facts: { day: through } })
      const { finalThrough } = settings()
      if (finalThrough !== null && through <= finalThrough) {
        return err({ code: 'day_already_final', facts: { final_through: finalThrough } })
      }
      table.put(SETTINGS, { ...settings(), finalThrough: through })
      event('days_finalized', JSON.stringify({ ...(by === null ? {} : { by }), through }))
      return ok(through)
    },

    finalThrough: () => settings().finalThrough,

    accountOpened: (account) => openings.add(account, set.batch.accountingDay),

    effectiveDay: (effectiveOn, debit, credit) => {
      const day = set.batch.accountingDay
      if (effectiveOn === day) return ok(null)
      if (effectiveOn > day) return err({ code: 'effective_day_in_future', facts: { accounting_day: day } })
      const { finalThrough } = settings()
      if (finalThrough !== null && effectiveOn <= finalThrough) {
        return err({ code: 'effective_day_final', facts: { final_through: finalThrough } })
      }
      for (const account of [debit, credit]) {
        const opened = openings.get(account)
        // Of an account that is not there, the checks of every transfer tell.
        if (opened !== undefined && opened > effectiveOn) {
          return err({ code: 'account_not_open_then', facts: { account: String(account), opened_on: opened } })
        }
      }
      return ok(effectiveOn)
    },
  }
}

function dayAfter(day: string): string {
  const date = localDate(day)
  invariant(date.ok, `the accounting day ${day} is no day`)
  return addDays(date.value, 1)
}
