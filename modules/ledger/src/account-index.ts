import type { WorkingSet } from '@huitong/committer'
import type { Account } from './account.ts'
import { accountIndexTable, accountsOpenedTable, indexKey } from './account-index-store.ts'
import type { SubjectCode } from './subjects.ts'

/** Finds accounts by subject and owner inside a batch. */
export interface AccountIndex {
  need(subject: SubjectCode, owner: string | null): void
  /** Ids, in order. */
  find(subject: SubjectCode, owner: string | null): readonly number[]
  /** Tells of a new account; costs no look-up. */
  opened(account: Account): void
}

/**
 * Nothing is loaded but for commands that ask. What is loaded does not have the accounts of the batch on its way to the disk, nor those that
 * this batch opened before; they are kept aside until they are durable.
 */
export function createAccountIndex(set: WorkingSet): AccountIndex {
  const stored = set.table(accountIndexTable)
  const opened = set.table(accountsOpenedTable)
  return {
    need: (subject, owner) => stored.need(indexKey(subject, owner)),
    find: (subject, owner) => {
      const key = indexKey(subject, owner)
      const ids = new Set([...(stored.get(key) ?? []), ...(opened.inMemory(key) ?? [])])
      return [...ids].sort((a, b) => a - b)
    },
    opened: ({ id, subject, owner }) => {
      const key = indexKey(subject, owner)
      const before = opened.inMemory(key)
      if (before === undefined) opened.add(key, [id])
      else opened.put(key, [...before, id])
    },
  }
}
