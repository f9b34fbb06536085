import type { Committer, Outcome } from '@huitong/committer'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import type { LedgerCommands } from './ledger-commands.ts'
import { isTouched, revisionOf, type YearEnd, type YearResult } from './year-end.ts'
import { readYears } from './year-end-store.ts'
import { readYearResults } from './year-result-store.ts'

export interface YearEndOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: Pick<LedgerCommands, 'closeYear' | 'reopenYear'>
  /** Accounts in one command: few enough that payments are decided in between. */
  readonly accountsPerCommand?: number
}

export interface YearEndRun {
  /** Of the last command; done when all was. */
  readonly outcome: Outcome<{ readonly done: boolean }>
  /** How many accounts were closed, or entries taken back. */
  readonly count: number
}

const ACCOUNTS_PER_COMMAND = 250

interface YearView {
  readonly year: YearEnd | undefined
  readonly revision: number
}

async function viewOf(tx: ReadTx, year: number): Promise<YearView> {
  const years = await readYears(tx)
  const revision = revisionOf({ years: new Map(years.map((one) => [one.year, one])) })
  return { year: years.find((one) => one.year === year), revision }
}

/**
 * Carries all income and expenses of a year, and what earlier years left open, into retained earnings, in as many commands as it takes.
 * What was carried before it was interrupted is not read again. Returns how many accounts it closed.
 */
export async function closeYear(
  { db, committer, commands, accountsPerCommand = ACCOUNTS_PER_COMMAND }: YearEndOptions,
  year: number,
  by: string | null,
): Promise<YearEndRun> {
  const { view, results } = await db.read(async (tx) => {
    const seen = await viewOf(tx, year)
    const none: readonly YearResult[] = []
    return { view: seen, results: seen.year?.complete === true ? none : await readYearResults(tx, year) }
  })
  for (let { revision } = view, count = 0; ; revision += 1) {
    const some = results.slice(count, count + accountsPerCommand)
    count += some.length
    const input = { year, revision, results: some, complete: count === results.length, by }
    const outcome = await committer.submit({ kind: commands.closeYear, input }, 'bulk')
    if (outcome.status !== 'done') return { outcome, count: count - some.length }
    if (outcome.answer.done) return { outcome, count }
  }
}

/** Takes back what closed a year, the newest first. Returns how many entries it took back. */
export async function reopenYear(
  { db, committer, commands }: YearEndOptions,
  year: number,
  by: string | null,
): Promise<YearEndRun> {
  const view = await db.read((tx) => viewOf(tx, year))
  for (let { revision } = view, count = 0; ; revision += 1) {
    const outcome = await committer.submit({ kind: commands.reopenYear, input: { year, revision, by } }, 'bulk')
    if (outcome.status !== 'done') return { outcome, count }
    count += 1
    if (outcome.answer.done) return { outcome, count: Math.min(count, view.year?.entries.length ?? 0) }
  }
}

/** Years that were ever closed, newest first, with what is left of that. */
export async function listYears(tx: ReadTx): Promise<readonly (YearEnd & { readonly state: YearState })[]> {
  return (await readYears(tx)).map((year) => ({ ...year, state: stateOfYear(year) })).toReversed()
}

/** `closing`: a part of its accounts is carried, and closing it again goes on. */
export type YearState = 'open' | 'closing' | 'closed'

function stateOfYear(year: YearEnd): YearState {
  if (year.complete) return 'closed'
  return isTouched(year) ? 'closing' : 'open'
}
