import type { ReadTx } from '@huitong/pg'
import { followHistory, readHistoryTree } from './history-store.ts'
import type { HistoryTree } from './history-tree.ts'
import { readHead } from './ledger-read-store.ts'
import type { HeadStatement } from './signed-head.ts'

/** Follows the journal and says of its last batch what a signed head says. */
export class HistoryFollower {
  #tree: HistoryTree | undefined

  /** Undefined before the first batch. */
  async statement(tx: ReadTx, institution: string): Promise<HeadStatement | undefined> {
    const { number, hash, at, batchDay } = await readHead(tx)
    // A journal that became shorter was set back; what is signed then must follow from what is there.
    if (this.#tree === undefined || this.#tree.size > number) this.#tree = await readHistoryTree(tx.sql, number)
    await followHistory(tx.sql, this.#tree, number)
    if (number === 0) return undefined
    return { institution, number, hash, at, accountingDay: batchDay, historyRoot: this.#tree.root() }
  }
}
