import type { ReadTx } from '@huitong/pg'
import { currencyOf, findAccount, findHold, pendingHolds } from './ledger-read-store.ts'
import { holdBody } from './ledger-views.ts'

/** A hold as it looks from outside; undefined when there is none. */
export async function readHoldBody(tx: ReadTx, id: number) {
  const hold = await findHold(tx, id)
  return hold === undefined ? undefined : holdBody(hold, await currencyOf(tx, hold.debit))
}

/** What is promised out of an account, by id, up to limit + 1; undefined when there is no such account. */
export async function pendingHoldBodies(tx: ReadTx, account: number, afterId: number, limit: number) {
  const view = await findAccount(tx, account)
  if (view === undefined) return undefined
  const holds = await pendingHolds(tx, account, afterId, limit)
  return holds.map((hold) => holdBody(hold, view.account.currency))
}
