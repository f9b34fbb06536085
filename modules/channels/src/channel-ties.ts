import { type BusinessDifference, type BusinessTie, holdDifferences, ownerBalance, pendingHolds } from '@huitong/ledger'
import type { ReadTx } from '@huitong/pg'
import {
  openRefundsMinor,
  returnDifferences,
  selectHeldOrders,
  selectOpenWithoutHold,
  suspenseMinor,
} from './channel-tie-store.ts'
import { CARD_MONEY, ORDER_CODES, ORDER_KINDS, SUSPENSE } from './order.ts'

const TABLE = 'channels_orders'

/** What channels keep about money: of orders on their way, of money in suspense, and of what came back. */
export const CHANNEL_TIES: readonly BusinessTie[] = [
  {
    name: 'channels.orders',
    table: TABLE,
    differences: async (tx: ReadTx) => {
      const held = await selectHeldOrders(tx)
      const found: BusinessDifference[] = []
      for (const kind of ORDER_KINDS) {
        const objects = held
          .filter((one) => one.kind === kind)
          .map(({ id, hold, amountMinor }) => ({ hold, what: `order ${id}`, leftMinor: amountMinor, isDue: false }))
        found.push(...holdDifferences(objects, await pendingHolds(tx, ORDER_CODES[kind])))
      }
      for (const id of await selectOpenWithoutHold(tx)) {
        found.push({ what: `order ${id}`, expected: 'a hold', found: 'none' })
      }
      return found
    },
  },
  {
    name: 'channels.suspense',
    table: TABLE,
    differences: async (tx: ReadTx) => {
      const said = await suspenseMinor(tx)
      const has = await ownerBalance(tx, SUSPENSE.owner)
      return has === said ? [] : [{ what: 'all orders', expected: String(has), found: String(said) }]
    },
  },
  {
    name: 'channels.refunds',
    table: 'channels_refunds',
    differences: async (tx: ReadTx) => {
      const said = await openRefundsMinor(tx)
      const has = await ownerBalance(tx, CARD_MONEY.owner)
      return has === said ? [] : [{ what: 'all refunds', expected: String(has), found: String(said) }]
    },
  },
  {
    name: 'channels.returns',
    table: TABLE,
    differences: async (tx: ReadTx) =>
      (await returnDifferences(tx)).map(({ id, saidMinor, foundMinor }) => ({
        ...{ what: `order ${id}`, expected: String(foundMinor), found: String(saidMinor) },
      })),
  },
]
