import { type BusinessDifference, type BusinessTie, holdDifferences, ownerBalance, pendingHolds } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import { returnDifferences, selectHeldPayments, selectOpenWithoutHold, suspenseMinor } from './bank-tie-store.ts'
import { PAYMENT_CODES, PAYMENT_KINDS, SUSPENSE } from './payment.ts'

const TABLE = 'bank_payments'

/** What the bank keeps about money: of payments on their way, of money in suspense, and of what went back. */
export const BANK_TIES: readonly BusinessTie[] = [
  {
    name: 'bank.payments',
    table: TABLE,
    differences: async (tx: ReadTx) => {
      const held = await selectHeldPayments(tx)
      const found: BusinessDifference[] = []
      for (const kind of PAYMENT_KINDS) {
        const objects = held
          .filter((one) => one.kind === kind)
          .map(({ reference, hold, amountMinor }) => ({
            ...{ hold, what: `payment ${reference}`, leftMinor: amountMinor, isDue: false },
          }))
        found.push(...holdDifferences(objects, await pendingHolds(tx, PAYMENT_CODES[kind])))
      }
      for (const reference of await selectOpenWithoutHold(tx)) {
        found.push({ what: `payment ${reference}`, expected: 'a hold', found: 'none' })
      }
      return found
    },
  },
  {
    name: 'bank.suspense',
    table: TABLE,
    differences: async (tx: ReadTx) => {
      const said = await suspenseMinor(tx)
      const has = await ownerBalance(tx, SUSPENSE.owner)
      return has === said ? [] : [{ what: 'all payments', expected: String(has), found: String(said) }]
    },
  },
  {
    name: 'bank.returns',
    table: TABLE,
    differences: async (tx: ReadTx) =>
      (await returnDifferences(tx)).map(({ reference, saidMinor, foundMinor }) => ({
        ...{ what: `payment ${reference}`, expected: String(foundMinor), found: String(saidMinor) },
      })),
  },
]
