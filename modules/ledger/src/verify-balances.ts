import { batchOf } from './location.ts'
import {
  type AccountReplay,
  CREDITS_PENDING,
  CREDITS_POSTED,
  DEBITS_PENDING,
  DEBITS_POSTED,
  HAS_BALANCE_ROW,
  LAST_ENTRY,
  OPENED,
  ROW_CREDITS_PENDING,
  ROW_CREDITS_POSTED,
  ROW_DEBITS_PENDING,
  ROW_DEBITS_POSTED,
  ROW_IS_BEHIND,
  ROW_LAST_ENTRY,
  ROW_SEQUENCE,
  SEQUENCE,
} from './verify-accounts.ts'
import type { FindingList } from './verify-finding.ts'

const COUNTERS = [
  { name: 'debits_posted', replayed: DEBITS_POSTED, row: ROW_DEBITS_POSTED },
  { name: 'credits_posted', replayed: CREDITS_POSTED, row: ROW_CREDITS_POSTED },
  { name: 'debits_pending', replayed: DEBITS_PENDING, row: ROW_DEBITS_PENDING },
  { name: 'credits_pending', replayed: CREDITS_PENDING, row: ROW_CREDITS_PENDING },
] as const

/**
 * Balance rows are written back late, so each is as old as its own sequence says. All are read before the replay and compared at
 * the moment when the replay reaches that sequence; the head's `flushed` at the time of reading says how old a row may be.
 */
export class BalanceCheck {
  readonly #accounts: AccountReplay
  readonly #findings: FindingList
  readonly #flushed: number

  constructor(accounts: AccountReplay, findings: FindingList, flushed: number) {
    this.#accounts = accounts
    this.#findings = findings
    this.#flushed = flushed
  }

  /** After the account was opened or got an entry in `batch`. */
  passed(account: number, place: number, batch: number): void {
    const { view } = this.#accounts
    const sequence = view.getFloat64(place + SEQUENCE)
    const rowSequence = view.getFloat64(place + ROW_SEQUENCE)
    if (!this.#accounts.has(place, HAS_BALANCE_ROW)) return
    if (sequence === rowSequence) this.#compare(account, place)
    if (sequence > rowSequence && batch <= this.#flushed && !this.#accounts.has(place, ROW_IS_BEHIND)) {
      this.#accounts.set(place, ROW_IS_BEHIND)
      const facts = { batch, account, what: 'sequence', found: String(rowSequence) }
      this.#findings.add('balance_behind_flushed', { ...facts, expected: `>= ${sequence}` })
    }
  }

  /** A row is never older than a checkpoint, which is of a batch that was written back. */
  resumed(account: number, place: number): void {
    const lastEntry = this.#accounts.view.getFloat64(place + LAST_ENTRY)
    this.passed(account, place, batchOf(lastEntry))
  }

  #compare(account: number, place: number): void {
    for (const { name, replayed, row } of COUNTERS) {
      const expected = this.#accounts.counter(place, replayed)
      const found = this.#accounts.counter(place, row)
      if (expected === found) continue
      this.#findings.add('balance_differs', { account, what: name, expected: String(expected), found: String(found) })
    }
    const { view } = this.#accounts
    const lastEntry = view.getFloat64(place + LAST_ENTRY)
    const found = view.getFloat64(place + ROW_LAST_ENTRY)
    if (lastEntry !== found) {
      const facts = { account, what: 'last_entry', expected: String(lastEntry), found: String(found) }
      this.#findings.add('balance_differs', facts)
    }
  }

  /** After the last batch: the rows that the replay never met. */
  finish(): void {
    const { view } = this.#accounts
    for (const [account, place] of this.#accounts.all()) {
      const hasRow = this.#accounts.has(place, HAS_BALANCE_ROW)
      const opened = this.#accounts.has(place, OPENED)
      const sequence = view.getFloat64(place + SEQUENCE)
      const rowSequence = view.getFloat64(place + ROW_SEQUENCE)
      if (hasRow && !opened) this.#findings.add('balance_not_journaled', { account })
      else if (!hasRow && opened) this.#findings.add('balance_row_missing', { account })
      else if (hasRow && rowSequence > sequence) {
        const facts = { account, what: 'sequence', expected: `<= ${sequence}`, found: String(rowSequence) }
        this.#findings.add('balance_beyond_journal', facts)
      }
    }
  }
}
