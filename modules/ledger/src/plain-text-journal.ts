import type { CurrencyCode } from '@huitong/kernel'

/** A journal of plain-text accounting after it was read: the part of hledger's and beancount's languages that Huitong understands. */
export interface PlainJournal {
  readonly transactions: readonly PlainTransaction[]
  readonly assertions: readonly PlainAssertion[]
  /** Accounts that were declared, or that a transaction uses, in the order of their first mention. */
  readonly accounts: readonly PlainAccount[]
  readonly refusals: readonly PlainRefusal[]
}

export interface PlainAccount {
  /** Such as `assets:bank:checking`. */
  readonly name: string
  readonly class: PlainClass
  readonly currency: CurrencyCode
}

export type PlainClass = 'asset' | 'liability' | 'equity' | 'income' | 'expense'

export interface PlainPosting {
  readonly line: number
  readonly account: string
  /** Positive debits the account, negative credits it. */
  readonly minor: bigint
  readonly currency: CurrencyCode
}

export interface PlainTransaction {
  /** Its first line. */
  readonly line: number
  readonly date: string
  readonly description: string
  /** Of at least one posting; they add up to zero in each currency. */
  readonly postings: readonly PlainPosting[]
}

/** That an account has this balance after a transaction (hledger), or at the start of a day (beancount). */
export interface PlainAssertion {
  readonly line: number
  readonly account: string
  readonly minor: bigint
  readonly currency: CurrencyCode
  readonly date: string
  /** How many transactions, in the order of the result, come before it is checked. */
  readonly afterTransactions: number
  /** Whether it counts the accounts below it in. */
  readonly withChildren: boolean
}

/** What is outside the part of the language that Huitong understands, or wrong. */
export interface PlainRefusal {
  readonly line: number
  readonly code: 'malformed' | 'not_supported' | 'not_balanced' | 'assertion_failed'
  readonly detail: string
}
