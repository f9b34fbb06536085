import type { Committer } from '@huitong/committer'
import type { ReadTx } from '@huitong/pg'
import type { Balance } from './account.ts'
import { loadBalances, newerTransfers } from './balance-store.ts'
import type { Books } from './books.ts'
import { applyTransfer } from './replay.ts'

/** Balances of accounts as of the newest committed batch; accounts that do not exist are left out. */
export type BalanceReader = (tx: ReadTx, ids: readonly number[]) => Promise<ReadonlyMap<number, Balance>>

/**
 * For programs that do not run the committer: the balance rows, which may be some seconds old, and on top of them the transfers of
 * the batches that are not written back yet. Costs a scan of that tail, which is empty when the ledger is at rest.
 */
export const journalBalances: BalanceReader = async (tx, ids) => {
  const balances = new Map(await loadBalances(tx.sql, ids))
  for (const { transfer, location } of await newerTransfers(tx.sql, ids)) applyTransfer(balances, transfer, location)
  return balances
}

/** For the program that runs the committer: its memory knows every balance that is not in the table yet. */
export function liveBalances(committer: Committer, books: Books): BalanceReader {
  return async (tx, ids) => {
    const inMemory = await committer.view(() => ids.map((id) => [id, books.peekBalance(id)] as const))
    if (inMemory === undefined) return journalBalances(tx, ids)
    const missing = inMemory.filter(([, balance]) => balance === undefined).map(([id]) => id)
    const balances = new Map(missing.length === 0 ? [] : await loadBalances(tx.sql, missing))
    for (const [id, balance] of inMemory) if (balance !== undefined) balances.set(id, balance)
    return balances
  }
}
