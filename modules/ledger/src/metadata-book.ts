import type { WorkingSet } from '@huitong/committer'
import { err, invariant, ok, type Result } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import {
  changed,
  effective,
  METADATA_KEYS_MAX,
  type Metadata,
  type MetadataChanges,
  metadataData,
  NO_METADATA,
} from './metadata.ts'
import { journaledTransfers, type MetadataObject, metadataTable } from './metadata-store.ts'

/** Metadata inside a batch. Every change is an event of the journal; a command that names none touches no table of it. */
export interface MetadataBook {
  needAccount(id: number): void
  needTransfer(id: number): void
  /** Sets and removes keys of an account. Returns what it has then. */
  setOnAccount(id: number, changes: MetadataChanges): Result<Metadata, LedgerRefusal>
  /** Adds keys to a transfer, which like all of it are never changed. */
  addToTransfer(id: number, additions: Metadata): Result<Metadata, LedgerRefusal>
  /** Of a transfer that this command has just made. */
  setOnNewTransfer(id: number, metadata: Metadata): void
}

export function createMetadataBook(set: WorkingSet, books: Books): MetadataBook {
  const table = set.table(metadataTable)
  const transfers = set.table(journaledTransfers)

  function write(object: MetadataObject, id: number, changes: MetadataChanges): Result<Metadata, LedgerRefusal> {
    const before = table.get(id)?.metadata ?? NO_METADATA
    const news = effective(before, changes)
    const after = changed(before, news)
    if (after.size > METADATA_KEYS_MAX) {
      return err({ code: 'metadata_too_many_keys', facts: { keys_max: String(METADATA_KEYS_MAX) } })
    }
    if (news.size > 0) {
      table.put(id, { object, metadata: after })
      books.record(object === 'account' ? 'account_metadata_set' : 'transfer_metadata_added', id, metadataData(news))
    }
    return ok(after)
  }

  return {
    needAccount: (id) => {
      books.needAccount(id)
      table.need(id)
    },
    needTransfer: (id) => {
      transfers.need(id)
      table.need(id)
    },
    setOnAccount: (id, changes) =>
      books.account(id) === undefined ? err({ code: 'account_unknown' }) : write('account', id, changes),
    addToTransfer: (id, additions) => {
      if (transfers.get(id) === undefined) return err({ code: 'transfer_unknown' })
      const before = table.get(id)?.metadata ?? NO_METADATA
      for (const [key, value] of additions) {
        const known = before.get(key)
        if (known !== undefined && known !== value) return err({ code: 'metadata_key_taken', facts: { key } })
      }
      return write('transfer', id, additions)
    },
    setOnNewTransfer: (id, metadata) => {
      invariant(metadata.size <= METADATA_KEYS_MAX, `transfer ${id} has too many keys`)
      table.add(id, { object: 'transfer', metadata })
      books.record('transfer_metadata_added', id, metadataData(metadata))
    },
  }
}
