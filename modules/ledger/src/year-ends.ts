import type { WorkingSet } from '@huitong/committer'
import { canonicalJson, err, ok, type Result } from '@huitong/kernel'
import type { Account } from './account.ts'
import { accountBySubject } from './account-by-subject.ts'
import type { LedgerEventKind } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import type { SubjectCode } from './subjects.ts'
import type { Transfer } from './transfer.ts'
import type { EntryRef, TransferRequest } from './transfer-request.ts'
import {
  isTouched,
  lastDayOf,
  laterYear,
  NO_YEARS,
  notClosed,
  RETAINED_EARNINGS,
  revisionOf,
  type YearEnd,
  type YearResult,
} from './year-end.ts'
import { YEARS, yearTable } from './year-end-store.ts'

export interface YearCloseRequest {
  readonly year: number
  /** That of the books when the results were read. */
  readonly revision: number
  readonly results: readonly YearResult[]
  /** Whether these are all that is left. */
  readonly complete: boolean
  readonly by: string | null
}

export type YearReopenRequest = Pick<YearCloseRequest, 'year' | 'revision' | 'by'>

/** Closing a year and opening it again, as a part of the books. */
export interface YearEnds {
  needYears(): void
  needYearAccounts(results: readonly YearResult[]): void
  /** Carries results of a year into retained earnings, as one entry of its last day. Of a year that is closed it changes nothing. */
  closeYear(request: YearCloseRequest): Result<YearEnd, LedgerRefusal>
  /** Takes back the newest entry that closed a year. */
  reopenYear(request: YearReopenRequest): Result<YearEnd, LedgerRefusal>
}

interface YearBooks {
  finalThrough(): string | null
  needSettings(): void
  needAccount(id: number): void
  needAccountsOf(subject: SubjectCode, owner: string | null): void
  accountsOf(subject: SubjectCode, owner: string | null): readonly Account[]
  /** Posts under the codes that nobody else may use. */
  post(request: TransferRequest): Result<Transfer, LedgerRefusal>
  keepEntry(entry: number, transfers: readonly Transfer[]): void
  takeBack(entry: number, effectiveOn: string): Result<readonly Transfer[], LedgerRefusal>
  event(kind: LedgerEventKind, account: number, data: string): void
}

export function createYearEnds(set: WorkingSet, books: YearBooks): YearEnds {
  const table = set.table(yearTable)
  const book = () => table.get(YEARS) ?? NO_YEARS

  function change(before: YearEnd, after: Pick<YearEnd, 'entries' | 'complete'>): YearEnd {
    const changed = { year: before.year, ...after, revision: before.revision + 1 }
    table.put(YEARS, { years: new Map(book().years).set(before.year, changed) })
    return changed
  }

  function carry(
    { account, currency, amountMinor }: YearResult,
    effectiveOn: string,
    entry: EntryRef,
  ): Result<Transfer, LedgerRefusal> {
    const retained = accountBySubject(books, RETAINED_EARNINGS, null, currency)
    if (!retained.ok) return retained
    const [debit, credit] = amountMinor > 0n ? [account, retained.value.id] : [retained.value.id, account]
    const posted = books.post({
      ...{ debit, credit, amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency },
      ...{ code: 'year_end', reference: null, effectiveOn, entry },
    })
    return posted.ok
      ? posted
      : err({ code: posted.error.code, facts: { ...posted.error.facts, account: String(account) } })
  }

  return {
    needYears: () => {
      books.needSettings()
      table.need(YEARS)
    },
    needYearAccounts: (results) => {
      books.needAccountsOf(RETAINED_EARNINGS, null)
      for (const { account } of results) books.needAccount(account)
    },

    closeYear: ({ year, revision, results, complete, by }) => {
      const before = book().years.get(year) ?? notClosed(year)
      if (before.complete) return ok(before)
      const through = lastDayOf(year)
      const finalThrough = books.finalThrough()
      if (finalThrough === null || finalThrough < through) {
        return err({ code: 'year_not_final', facts: finalThrough === null ? {} : { final_through: finalThrough } })
      }
      const later = laterYear(book(), year)
      if (later !== undefined) return err({ code: 'later_year_closed', facts: { year: String(later) } })
      if (revision !== revisionOf(book())) return err({ code: 'year_end_overtaken' })
      let entry: EntryRef = 'new'
      const transfers: Transfer[] = []
      for (const result of results) {
        const carried = carry(result, through, entry)
        if (!carried.ok) return carried
        transfers.push(carried.value)
        entry = carried.value.entry
      }
      const made = typeof entry === 'number' ? [entry] : []
      for (const id of made) books.keepEntry(id, transfers)
      books.event(
        'year_end_posted',
        0,
        canonicalJson({
          ...(by === null ? {} : { by }),
          complete,
          entry: made.length === 0 ? null : String(entry),
          transfers: String(results.length),
          year: String(year),
        }),
      )
      return ok(change(before, { entries: [...before.entries, ...made], complete }))
    },

    reopenYear: ({ year, revision, by }) => {
      const later = laterYear(book(), year)
      if (later !== undefined) return err({ code: 'later_year_closed', facts: { year: String(later) } })
      const before = book().years.get(year) ?? notClosed(year)
      if (!isTouched(before)) return err({ code: 'year_not_closed', facts: { year: String(year) } })
      if (revision !== revisionOf(book())) return err({ code: 'year_end_overtaken' })
      const entry = before.entries.at(-1)
      const taken = entry === undefined ? ok([]) : books.takeBack(entry, lastDayOf(year))
      if (!taken.ok) return taken
      const made = taken.value[0]?.entry ?? null
      books.event(
        'year_end_reversed',
        0,
        canonicalJson({
          ...(by === null ? {} : { by }),
          entry: made === null ? null : String(made),
          of: entry === undefined ? null : String(entry),
          transfers: String(taken.value.length),
          year: String(year),
        }),
      )
      return ok(change(before, { entries: before.entries.slice(0, -1), complete: false }))
    },
  }
}
