import type { CurrencyCode } from '@huitong/kernel'
import { balanced, type DraftPosting } from './plain-text-balance.ts'
import type {
  PlainAccount,
  PlainAssertion,
  PlainJournal,
  PlainRefusal,
  PlainTransaction,
} from './plain-text-journal.ts'
import { classOf, PlainFault } from './plain-text-parts.ts'

export interface RawLine {
  readonly line: number
  readonly text: string
}

/** Collects what a reader finds. What it cannot take becomes a refusal of its line; the rest goes on. */
export class PlainJournalBuilder {
  readonly #transactions: PlainTransaction[] = []
  readonly #assertions: (Omit<PlainAssertion, 'afterTransactions'> & {
    readonly transaction: PlainTransaction | null
  })[] = []
  readonly #refusals: PlainRefusal[] = []
  #latest: PlainTransaction | null = null

  guard(line: number, read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof PlainFault)) throw error
      this.#refusals.push({ line, code: error.code, detail: error.message })
    }
  }

  /** An account that is declared must be one that can be kept; it is opened when a posting uses it. */
  declare(name: string): void {
    classOf(name)
  }

  transaction(line: number, date: string, description: string, drafts: readonly DraftPosting[]): void {
    if (drafts.length < 2) throw new PlainFault('malformed', 'A transaction has two postings at least.')
    for (const { account } of drafts) classOf(account)
    this.#latest = { line, date, description: description.trim(), postings: balanced(drafts) }
    this.#transactions.push(this.#latest)
  }

  /** A balance after the latest transaction. */
  assertAfter(line: number, account: string, minor: bigint, currency: CurrencyCode, withChildren: boolean): void {
    const date = this.#latest?.date ?? ''
    this.#assertions.push({ line, account, minor, currency, date, withChildren, transaction: this.#latest })
  }

  /** A balance at the start of a day. */
  assertAt(line: number, date: string, account: string, minor: bigint, currency: CurrencyCode): void {
    classOf(account)
    this.#assertions.push({ line, account, minor, currency, date, withChildren: true, transaction: null })
  }

  /** Everything in the order of its days; within a day in the order of the file. */
  finish(): PlainJournal {
    const transactions = this.#transactions.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
    const assertions = this.#assertions.map(({ transaction, ...assertion }) => ({
      ...assertion,
      afterTransactions:
        transaction === null
          ? transactions.filter((one) => one.date < assertion.date).length
          : transactions.indexOf(transaction) + 1,
    }))
    return { transactions, assertions, accounts: accountsOf(transactions), refusals: this.#refusals }
  }
}

function accountsOf(transactions: readonly PlainTransaction[]): readonly PlainAccount[] {
  const accounts = new Map<string, PlainAccount>()
  for (const { postings } of transactions) {
    for (const { account: name, currency } of postings) {
      const key = `${name} ${currency}`
      if (!accounts.has(key)) accounts.set(key, { name, class: classOf(name), currency })
    }
  }
  return [...accounts.values()]
}
