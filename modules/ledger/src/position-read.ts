import { formatAmount, publicId } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { normalBalance } from './account.ts'
import type { BalanceReader } from './balance-reader.ts'
import { EXCHANGE_SUBJECTS } from './exchange-command.ts'
import { ACCOUNT_ID } from './ledger-ids.ts'
import { listAccounts } from './ledger-read-store.ts'

/** Far more accounts of positions than there are currencies. */
const POSITIONS_MAX = 1000

/** Positions by currency: positive is long, negative is short. */
export async function positionBodies(tx: ReadTx, balances?: BalanceReader) {
  const filter = { subject: EXCHANGE_SUBJECTS.position, afterId: 0, limit: POSITIONS_MAX }
  const views = await listAccounts(tx, filter, balances)
  return views.map(({ account, balance }) => ({
    account: publicId(ACCOUNT_ID, account.id),
    currency: account.currency,
    position: formatAmount(normalBalance(account, balance), account.currency),
  }))
}
