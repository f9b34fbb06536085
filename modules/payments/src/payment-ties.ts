import { type BusinessTie, holdDifferences, pendingHolds, readHead } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import { selectOpenAuthorisations } from './authorisation-read-store.ts'
import { selectHeldTransfers } from './delayed-transfer-store.ts'

/** Promised money: what is left of every open authorisation and every transfer that can still be recalled is what its hold keeps. */
export const PAYMENT_TIES: readonly BusinessTie[] = [
  {
    name: 'payments.authorisations',
    table: 'payments_authorisations',
    differences: async (tx: ReadTx) => {
      const { at } = await readHead(tx)
      const open = await selectOpenAuthorisations(tx)
      const objects = open.map(({ id, hold, leftMinor, expiresAt }) => ({
        ...{ hold, what: `authorisation ${id}`, leftMinor },
        // The ledger ends a hold by itself when its time is over, and the authorisation a little later.
        isDue: expiresAt <= at,
      }))
      return holdDifferences(objects, await pendingHolds(tx, 'authorisation'))
    },
  },
  {
    name: 'payments.delayed-transfers',
    table: 'payments_delayed_transfers',
    differences: async (tx: ReadTx) => {
      const objects = (await selectHeldTransfers(tx)).map(({ id, hold, amountMinor }) => ({
        ...{ hold, what: `transfer ${id}`, leftMinor: amountMinor, isDue: false },
      }))
      return holdDifferences(objects, await pendingHolds(tx, 'transfer'))
    },
  },
]
