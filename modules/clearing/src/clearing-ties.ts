import { type BusinessDifference, type BusinessTie, holdDifferences, pendingHolds } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import { listParticipants } from './clearing-read-store.ts'
import {
  reservationDifferences,
  type Sum,
  selectOpenGross,
  settlementDifferences,
  windowDifferences,
} from './clearing-tie-store.ts'
import { PAYMENT_CODES, PAYMENT_KINDS } from './payment.ts'

const TABLE = 'clearing_payments'

/** What the clearing house keeps about money: covers of caps, open payments, and what counts in windows. */
export const CLEARING_TIES: readonly BusinessTie[] = [
  {
    name: 'clearing.caps',
    table: TABLE,
    differences: async (tx: ReadTx) => {
      const objects = (await listParticipants(tx)).flatMap(({ member, coverHold, capMinor }) =>
        coverHold === null
          ? []
          : [{ hold: coverHold, what: `participant ${member}`, leftMinor: capMinor, isDue: false }],
      )
      return holdDifferences(objects, await pendingHolds(tx, 'net_cover'))
    },
  },
  {
    name: 'clearing.gross-payments',
    table: TABLE,
    differences: async (tx: ReadTx) => {
      const open = await selectOpenGross(tx)
      const found: BusinessDifference[] = []
      for (const kind of PAYMENT_KINDS) {
        const objects = open
          .filter((one) => one.kind === kind)
          .map(({ reference, hold, amountMinor }) => ({
            ...{ hold, what: `payment ${reference}`, leftMinor: amountMinor, isDue: false },
          }))
        found.push(...holdDifferences(objects, await pendingHolds(tx, PAYMENT_CODES[kind])))
      }
      return found
    },
  },
  {
    name: 'clearing.reservations',
    table: TABLE,
    differences: async (tx: ReadTx) => (await reservationDifferences(tx)).map(said),
  },
  {
    name: 'clearing.windows',
    table: TABLE,
    differences: async (tx: ReadTx) => (await windowDifferences(tx)).map(said),
  },
  {
    name: 'clearing.settlements',
    table: TABLE,
    differences: async (tx: ReadTx) => (await settlementDifferences(tx)).map(said),
  },
]

function said({ what, saidMinor, foundMinor }: Sum): BusinessDifference {
  return { what, expected: String(foundMinor), found: String(saidMinor) }
}
