import { type Clock, MICROS_PER_SECOND, type Micros, parsePublicId } from '@huitong/kernel'
import { type Customer, findCustomer, findMerchant, type Merchant } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'

/** Customers and merchants as answers show them and requests name them. Read outside the committer, for show and for look-up. */
export interface AlipayPeople {
  buyer(id: number): Promise<Customer | undefined>
  seller(id: number): Promise<Merchant | undefined>
  /** By user number (`2088…`), or by our own public id. */
  byUserId(userId: string): Promise<Customer | undefined>
  /** By phone number. */
  byLogonId(logonId: string): Promise<Customer | undefined>
}

/** How party finds customers by what others call them; undefined also for a number or phone that could be nobody's. */
export interface CustomerSearch {
  findByUserNumber(userNumber: string): Promise<Customer | undefined>
  findByPhone(phone: string): Promise<Customer | undefined>
}

const AGE_MAX: Micros = 2 * MICROS_PER_SECOND
const ENTRIES_MAX = 20_000

export function alipayPeople(db: InstitutionDatabase, search: CustomerSearch, clock: Clock): AlipayPeople {
  const buyers = remembering((id: number) => db.read((tx) => findCustomer(tx, id)), clock)
  const sellers = remembering((id: number) => db.read((tx) => findMerchant(tx, id)), clock)
  return {
    buyer: buyers,
    seller: sellers,
    byUserId: async (userId) => {
      if (/^2088[0-9]{12}$/.test(userId)) return search.findByUserNumber(userId)
      const id = parsePublicId('cust', userId)
      return id.ok ? buyers(id.value) : undefined
    },
    byLogonId: (logonId) => search.findByPhone(logonId),
  }
}

/** Asks once for what is asked for again and again within two seconds: the same till's merchant, the same payer's next query. */
function remembering<T>(read: (id: number) => Promise<T>, clock: Clock): (id: number) => Promise<T> {
  const entries = new Map<number, { readonly readAt: Micros; readonly found: Promise<T> }>()
  return (id) => {
    const now = clock.now()
    const entry = entries.get(id)
    if (entry !== undefined && now >= entry.readAt && now - entry.readAt <= AGE_MAX) return entry.found
    const added = { readAt: now, found: read(id) }
    entries.delete(id)
    entries.set(id, added)
    for (const oldest of entries.keys()) {
      if (entries.size <= ENTRIES_MAX) break
      entries.delete(oldest)
    }
    added.found.catch(() => {
      if (entries.get(id) === added) entries.delete(id)
    })
    return added.found
  }
}
