import { formatAmount } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { findAccount } from './ledger-read-store.ts'
import { readBuffers, readPolicy } from './posting-policy-store.ts'

/** What waits to be posted to an account when the day closes; undefined when there is no such account. */
export async function readBufferBody(tx: ReadTx, id: number) {
  const view = await findAccount(tx, id)
  if (view === undefined) return undefined
  const buffers = await readBuffers(tx.sql)
  const of = (side: 'debit' | 'credit') => buffers.filter((buffer) => buffer[side] === id)
  const total = (side: 'debit' | 'credit') =>
    formatAmount(
      of(side).reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      view.account.currency,
    )
  return {
    policy: await readPolicy(tx, id),
    debits: total('debit'),
    credits: total('credit'),
    postings: [...of('debit'), ...of('credit')].reduce((sum, { count }) => sum + count, 0),
  }
}
