import type { ReadTx } from '@huitong/pg'
import type { Application } from './application.ts'
import { selectApplications, selectByApiKey, selectByAppId } from './application-store.ts'

export async function applicationByAppId(tx: ReadTx, appId: string): Promise<Application | undefined> {
  return (await selectByAppId(tx.sql, [appId]))[0]
}

export async function applicationByApiKey(tx: ReadTx, apiKeyHash: string): Promise<Application | undefined> {
  return (await selectByApiKey(tx.sql, apiKeyHash))[0]
}

/** At most `limit` applications of a merchant, by id, after the one with id `after` (0: from the first). */
export function listApplications(
  tx: ReadTx,
  merchantId: number,
  after: number,
  limit: number,
): Promise<readonly Application[]> {
  return selectApplications(tx.sql, merchantId, after, limit)
}
