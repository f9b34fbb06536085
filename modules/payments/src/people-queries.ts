import { findCustomer } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import type { DelayedTransfer } from './delayed-transfer.ts'
import { selectDelayedTransfer, selectDelayedTransfers } from './delayed-transfer-store.ts'
import { maskedName } from './masked-name.ts'
import type { MoneyRequest } from './money-request.ts'
import { selectMoneyRequest, selectMoneyRequests, selectRequestsOfBill } from './money-request-store.ts'
import type { ListBounds } from './payments-read-store.ts'
import type { SplitBill } from './split-bill.ts'
import { selectSplitBill, selectSplitBills } from './split-bill-store.ts'

type OfCustomer = ListBounds & { readonly customer: number }

/** The read side of what people do with each other. Lists are newest first, up to limit + 1. */
export interface PeopleQueries {
  /** The name that strangers see; undefined when there is no such active customer. */
  maskedName(customer: number): Promise<string | undefined>
  delayedTransfer(id: number): Promise<DelayedTransfer | undefined>
  delayedTransfers(filter: OfCustomer): Promise<readonly DelayedTransfer[]>
  moneyRequest(id: number): Promise<MoneyRequest | undefined>
  moneyRequests(filter: OfCustomer): Promise<readonly MoneyRequest[]>
  splitBill(id: number): Promise<{ readonly bill: SplitBill; readonly shares: readonly MoneyRequest[] } | undefined>
  splitBills(filter: OfCustomer): Promise<readonly SplitBill[]>
}

export function createPeopleQueries(db: InstitutionDatabase): PeopleQueries {
  return {
    maskedName: async (id) => {
      const customer = await db.read((tx) => findCustomer(tx, id))
      return customer?.status === 'active' ? maskedName(customer.displayName) : undefined
    },
    delayedTransfer: (id) => db.read((tx) => selectDelayedTransfer(tx, id)),
    delayedTransfers: (filter) => db.read((tx) => selectDelayedTransfers(tx, filter)),
    moneyRequest: (id) => db.read((tx) => selectMoneyRequest(tx, id)),
    moneyRequests: (filter) => db.read((tx) => selectMoneyRequests(tx, filter)),
    splitBill: (id) =>
      db.read(async (tx) => {
        const bill = await selectSplitBill(tx, id)
        return bill === undefined ? undefined : { bill, shares: await selectRequestsOfBill(tx, bill.requests) }
      }),
    splitBills: ({ customer, ...bounds }) => db.read((tx) => selectSplitBills(tx, { ...bounds, owner: customer })),
  }
}
