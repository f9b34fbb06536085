import { type BusinessDifference, type BusinessTie, findTransfer } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import { selectBooked } from './resolution-store.ts'

/** What settled differences say that they booked must be in the ledger, to the cent. */
export const RECONCILIATION_TIES: readonly BusinessTie[] = [
  {
    name: 'reconciliation.bookings',
    table: 'reconciliation_resolutions',
    differences: async (tx: ReadTx) => {
      const found: BusinessDifference[] = []
      for (const { difference, transfer, minor } of await selectBooked(tx)) {
        const booked = await findTransfer(tx, transfer)
        const said = minor === null ? 'no difference' : String(minor < 0n ? -minor : minor)
        const has = booked?.reference === difference ? String(booked.amountMinor) : 'no such booking'
        if (said !== has) found.push({ what: `difference ${difference}`, expected: has, found: said })
      }
      return found
    },
  },
]
