import { addDays, err, invariant, type LocalDate, ok, type Result } from '@huitong/kernel'
import { type Account, normalBalance } from './account.ts'
import type { AccountHistory, Stretch } from './account-history.ts'
import type { StatementEntry } from './ledger-read-store.ts'
import { isCreditNormal } from './subjects.ts'
import { movesMoney } from './transfer.ts'

/**
 * What an account's owner is given for a period: the balance before it, every entry that moved money, the balance after it. The
 * period is of accounting days, both inclusive. The same period gives the same statement for ever, once its days are closed.
 */
export interface AccountStatement {
  /** The account and the period, for people and programs. */
  readonly number: string
  readonly institution: string
  readonly account: Account
  readonly from: LocalDate
  readonly to: LocalDate
  readonly openingMinor: bigint
  readonly closingMinor: bigint
  readonly debits: { readonly count: number; readonly sumMinor: bigint }
  readonly credits: { readonly count: number; readonly sumMinor: bigint }
  readonly entries: readonly StatementEntry[]
  /** False while a day of the period is not closed: entries may still come. */
  readonly final: boolean
  /** Time of the last batch that it counts, µs; 0 before the first. */
  readonly at: number
}

export interface StatementRequest {
  readonly id: number
  readonly from: LocalDate
  readonly to: LocalDate
  readonly institution: string
  /** More entries than this are refused: whoever wants them asks for shorter periods. */
  readonly entriesMax: number
}

export type StatementRefusal = 'account_unknown' | 'period_backwards' | 'too_many_entries'

const PAGE_ENTRIES = 1000

export async function readStatement(
  history: AccountHistory,
  { id, from, to, institution, entriesMax }: StatementRequest,
): Promise<Result<AccountStatement, StatementRefusal>> {
  if (from > to) return err('period_backwards')
  const end = await history.point({ day: to })
  const start = await history.point({ day: addDays(from, -1) })
  invariant(start !== undefined && end !== undefined, 'every day names a point of the journal')
  const stretch = await history.stretch(id, start, end)
  if (stretch === undefined) return err('account_unknown')
  if (stretch.closing.sequence - stretch.opening.sequence > entriesMax) return err('too_many_entries')
  const entries = await postedEntries(history, stretch)
  const { account, opening, closing } = stretch
  const debits = sideOf(entries, 'debit')
  const credits = sideOf(entries, 'credit')
  const openingMinor = normalBalance(account, opening)
  const closingMinor = normalBalance(account, closing)
  const net = isCreditNormal(account.subject) ? credits.sumMinor - debits.sumMinor : debits.sumMinor - credits.sumMinor
  invariant(openingMinor + net === closingMinor, `the entries of account ${id} do not lead from balance to balance`)
  const number = `${from.replaceAll('-', '')}-${to.replaceAll('-', '')}`
  const { final, at } = end
  return ok({ number, institution, account, from, to, openingMinor, closingMinor, debits, credits, entries, final, at })
}

/** Holds, their increases and their ends move nothing and are left out. */
async function postedEntries(history: AccountHistory, stretch: Stretch): Promise<readonly StatementEntry[]> {
  const entries: StatementEntry[] = []
  for (let from: number | null = stretch.opening.sequence + 1; from !== null; ) {
    const page = await history.entries(stretch, { order: 'oldest', filter: {}, from, limit: PAGE_ENTRIES })
    for (const entry of page.entries) if (entry.transfer.amountMinor > 0n && isPosted(entry)) entries.push(entry)
    from = page.next
  }
  return entries
}

function isPosted({ transfer }: StatementEntry): boolean {
  return movesMoney(transfer.kind)
}

function sideOf(entries: readonly StatementEntry[], side: 'debit' | 'credit') {
  const own = entries.filter((entry) => entry.side === side)
  return { count: own.length, sumMinor: own.reduce((sum, entry) => sum + entry.transfer.amountMinor, 0n) }
}
