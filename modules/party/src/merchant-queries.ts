import type { ReadTx } from '@huitong/pg'
import type { Merchant } from './merchant.ts'
import { selectMerchants, selectMerchantsById } from './merchant-store.ts'

export async function findMerchant(tx: ReadTx, id: number): Promise<Merchant | undefined> {
  return (await selectMerchantsById(tx.sql, [id]))[0]
}

/** Those of the merchants that exist, in no order. */
export function findMerchants(tx: ReadTx, ids: readonly number[]): Promise<readonly Merchant[]> {
  return selectMerchantsById(tx.sql, ids)
}

/** At most `limit` merchants, by id, after the one with id `after` (0: from the first). */
export function listMerchants(tx: ReadTx, after: number, limit: number): Promise<readonly Merchant[]> {
  return selectMerchants(tx.sql, after, limit)
}
