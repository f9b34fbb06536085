import type { InstitutionDatabase } from '@huitong/pg'
import type { Share, ShareReceiver } from './share.ts'
import { countReceivers, selectReceivers, selectShares } from './share-read-store.ts'

export interface ShareQueries {
  shares(trade: number): Promise<readonly Share[]>
  receivers(
    merchant: number,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly receivers: readonly ShareReceiver[]; readonly total: number }>
}

export function createShareQueries(db: InstitutionDatabase): ShareQueries {
  return {
    shares: (trade) => db.read((tx) => selectShares(tx, trade)),
    receivers: (merchant, { offset, limit }) =>
      db.read(async (tx) => ({
        receivers: await selectReceivers(tx, merchant, offset, limit),
        total: await countReceivers(tx, merchant),
      })),
  }
}
