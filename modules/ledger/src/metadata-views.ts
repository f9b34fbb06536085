import { microsToIso } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'

import { findMetadata, type MetadataChange, metadataHistory } from './metadata-read-store.ts'
import type { MetadataObject } from './metadata-store.ts'

/** One change of metadata as it looks from outside. */
export function metadataChangeBody({ batch, at, data }: MetadataChange) {
  const parsed: unknown = JSON.parse(data)
  const changes = Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {})
  return {
    batch,
    at: microsToIso(at),
    changes: Object.fromEntries(changes.map(([key, value]) => [key, value === null ? null : String(value)])),
  }
}

/** What was set on an account or a transfer, newest first, up to limit + 1; undefined when there is no such thing. */
export async function metadataHistoryOf(
  tx: ReadTx,
  object: MetadataObject,
  id: number,
  before: { readonly batch: number; readonly position: number } | undefined,
  limit: number,
): Promise<readonly MetadataChange[] | undefined> {
  return (await findMetadata(tx, object, id)) === undefined ? undefined : metadataHistory(tx, id, before, limit)
}

/** The same as it looks from outside. */
export async function metadataHistoryBodies(...of: Parameters<typeof metadataHistoryOf>) {
  return (await metadataHistoryOf(...of))?.map(metadataChangeBody)
}
