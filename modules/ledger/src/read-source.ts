import type { Committer } from '@huitong/committer'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import { type AccountHistory, createAccountHistory, rememberedEntries } from './account-history.ts'
import { type BalanceReader, journalBalances, liveBalances } from './balance-reader.ts'
import type { Books } from './books.ts'

/** What a reading route reads from. One request reads from one source only: two that are at different batches would contradict each other. */
export interface ReadSource {
  readonly db: Pick<InstitutionDatabase, 'schema' | 'read'>
  readonly balances: BalanceReader
  readonly history: AccountHistory
  /** The accounting day of the batches to come. */
  readonly openDay: string
}

/** The database that the committer writes to, with what only its memory knows. */
export function primarySource(db: InstitutionDatabase, committer: Committer, books: Books): ReadSource {
  return {
    db,
    balances: liveBalances(committer, books),
    history: createAccountHistory(db, rememberedEntries(committer, books)),
    get openDay() {
      return committer.status().accountingDay
    },
  }
}

/**
 * One snapshot of a database that knows nothing of any committer's memory: all that is read through it is as of one batch. Balances
 * are the rows and the journal's tail on top of them.
 */
export function snapshotSource(tx: ReadTx, schema: string, openDay: string): ReadSource {
  const db: ReadSource['db'] = { schema, read: (work) => work(tx) }
  return { db, balances: journalBalances, history: createAccountHistory(db), openDay }
}
