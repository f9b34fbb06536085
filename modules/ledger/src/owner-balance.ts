import type { ReadTx } from '@huitong/pg'
import { normalBalance } from './account.ts'
import { journalBalances } from './balance-reader.ts'
import { listAccounts } from './ledger-read-store.ts'

/** More accounts than one name of the institution's own has, one for each currency. */
const ACCOUNTS_MAX = 100

/** What the accounts of one of the institution's own names have together, as the journal says; for names that keep one currency. */
export async function ownerBalance(tx: ReadTx, owner: string): Promise<bigint> {
  const views = await listAccounts(tx, { owner, afterId: 0, limit: ACCOUNTS_MAX }, journalBalances)
  return views.reduce((sum, { account, balance }) => sum + normalBalance(account, balance), 0n)
}
