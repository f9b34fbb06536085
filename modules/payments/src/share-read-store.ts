import type { ReadTx } from '@huitong/pg'
import type { Share, ShareReceiver } from './share.ts'
import { type ReceiverRow, receiverOf, type ShareRow, shareOf } from './share-store.ts'

/** All shares of a payment, oldest first; there are few. */
export async function selectShares(tx: ReadTx, trade: number): Promise<readonly Share[]> {
  const rows = await tx.sql<ShareRow[]>`select * from payments_shares where trade_id = ${trade} order by number`
  return rows.map(shareOf)
}

/** The customers that a merchant may share with, a page at a time, by id. */
export async function selectReceivers(
  tx: ReadTx,
  merchant: number,
  offset: number,
  limit: number,
): Promise<readonly ShareReceiver[]> {
  const rows = await tx.sql<ReceiverRow[]>`
    select * from payments_share_receivers where merchant_id = ${merchant} and bound
    order by customer_id offset ${offset} limit ${limit}`
  return rows.map(receiverOf)
}

export async function countReceivers(tx: ReadTx, merchant: number): Promise<number> {
  const rows = await tx.sql<{ count: bigint }[]>`
    select count(*) from payments_share_receivers where merchant_id = ${merchant} and bound`
  return Number(rows[0]?.count ?? 0n)
}
