import type { ReadTx } from '@huitong/pg'
import type { ConfirmedFactor } from './identity-factor.ts'
import { selectIdentityFactors, selectPersonOfDocument } from './identity-factor-store.ts'
import { selectPersonKey } from './person-store.ts'
import type { WrappedKey } from './vault.ts'

/** How a customer's identity was confirmed, oldest first. */
export async function findIdentityFactors(tx: ReadTx, customer: number): Promise<readonly ConfirmedFactor[]> {
  const [found] = await selectIdentityFactors(tx.sql, [customer])
  return found?.[1] ?? []
}

/** The key to a customer's personal data; undefined when there is no such customer or the person was erased. */
export function findPersonKey(tx: ReadTx, customer: number): Promise<WrappedKey | undefined> {
  return selectPersonKey(tx.sql, customer)
}

/** Whose identity document this is, by the keyed hash of its number; undefined when nobody here has confirmed it. */
export function findPersonOfDocument(tx: ReadTx, documentHash: string): Promise<number | undefined> {
  return selectPersonOfDocument(tx.sql, documentHash)
}
