import type { WorkingSet } from '@huitong/committer'
import { beijingDay } from '@huitong/kernel'
import type { Books } from '@huitong/ledger'
import type { Party } from '@huitong/party'
import type { Purse, Purses } from '@huitong/payments'
import type { Limits } from '@huitong/pricing'
import type { FamilyLink } from './family-link.ts'
import { linkTable, memberTable, useTable } from './family-store.ts'

export interface FamilyDeps {
  readonly books: Books
  readonly party: Party
  readonly limits: Limits
  readonly purses: Purses
}

/** What the command kinds and the tender of this module close over. */
export type FamilyContext = ReturnType<typeof createFamilyContext>

export function createFamilyContext(set: WorkingSet, { books, party, limits, purses }: FamilyDeps) {
  const tables = { links: set.table(linkTable), members: set.table(memberTable), uses: set.table(useTable) }
  return {
    set,
    party,
    limits,
    purses,
    tables,
    today: (): string => beijingDay(set.batch.at),

    /** Whether a customer may take part: neither frozen nor closed nor dead. */
    isActive: (customer: number): boolean => party.customer(customer)?.status === 'active',
    personOf: (customer: number): number => party.customer(customer)?.person ?? customer,

    /** Announces a link and, as far as it is in memory, what a payment out of its owner's wallet reads. */
    needLink: (id: number): void => {
      tables.links.need(id)
      const link = tables.links.inMemory(id)
      if (link == null) return
      limits.needSpending(link.owner)
      purses.needWallet(link.owner)
    },

    /** Open links of a customer, on either side. */
    linksOf: (customer: number): readonly number[] => tables.members.get(customer) ?? [],
    addLink: ({ id, owner, member }: FamilyLink): void => {
      for (const customer of [owner, member])
        tables.members.put(customer, [...(tables.members.get(customer) ?? []), id])
    },
    dropLink: ({ id, owner, member }: FamilyLink): void => {
      for (const customer of [owner, member]) {
        tables.members.put(
          customer,
          (tables.members.get(customer) ?? []).filter((one) => one !== id),
        )
      }
    },

    /** Whether money can come to an account: it is neither closed nor stopped. */
    takesMoney: ({ account }: Purse): boolean => {
      books.needAccount(account)
      return books.account(account)?.state === 'open'
    },
  }
}
