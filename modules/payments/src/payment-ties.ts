import { type BusinessTie, holdDifferences, pendingHolds, readHead } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import { selectOpenAuthorisations } from './authorisation-read-store.ts'
import { selectHeldTransfers } from './delayed-transfer-store.ts'
import type { PartnerRefund } from './partner.ts'
import { selectSendingPartnerPayments } from './partner-payment-store.ts'
import { selectSendingPartnerRefunds } from './partner-refund-store.ts'

/** Promised money: what is left of everything that is open (authorisations, transfers that can be recalled, what a partner has not answered for) is what its hold keeps. */
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
  {
    name: 'payments.partner-payments',
    table: 'payments_partner_payments',
    differences: async (tx: ReadTx) => {
      const objects = (await selectSendingPartnerPayments(tx)).map(({ id, hold, amountMinor }) => ({
        ...{ hold, what: `payment ${id}`, leftMinor: amountMinor, isDue: false },
      }))
      return holdDifferences(objects, await pendingHolds(tx, 'partner_payment'))
    },
  },
  {
    name: 'payments.partner-refunds',
    table: 'payments_partner_refunds',
    differences: async (tx: ReadTx) => {
      const sending = await selectSendingPartnerRefunds(tx)
      const expected = (part: 'hold' | 'feeHold', minorOf: (refund: PartnerRefund) => bigint) =>
        sending.flatMap((refund) => {
          const hold = refund[part]
          return hold === null ? [] : [{ hold, what: `refund ${refund.id}`, leftMinor: minorOf(refund), isDue: false }]
        })
      const owners = expected('hold', ({ amountMinor, feeReturnedMinor }) => amountMinor - feeReturnedMinor)
      const fees = expected('feeHold', ({ feeReturnedMinor }) => feeReturnedMinor)
      return [
        ...holdDifferences(owners, await pendingHolds(tx, 'partner_refund')),
        ...holdDifferences(fees, await pendingHolds(tx, 'fee_return')),
      ]
    },
  },
]
