import type { Clock, Micros } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Application } from './application.ts'
import { applicationByApiKey, applicationByAppId } from './application-queries.ts'

/** Finds applications for those who judge requests; asked for every one, so it remembers for up to two seconds. */
export interface ApplicationDirectory {
  findApplication(appId: string): Promise<Application | undefined>
  /** By SHA-256 of the API key, hexadecimal; see `apiKeyHashOf`. */
  findByApiKeyHash(hash: string): Promise<Application | undefined>
  /** Call after a command changed the application, so that this process never judges by its old keys. */
  forget(appId: string): void
}

const AGE_MAX: Micros = 2_000_000
const ENTRIES_MAX = 10_000

interface Entry {
  readonly readAt: Micros
  readonly found: Promise<Application | undefined>
}

export function createApplicationDirectory(db: InstitutionDatabase, clock: Clock): ApplicationDirectory {
  // Absent ones are remembered too, and the oldest entry leaves when it is full: guessing costs us no memory.
  const entries = new Map<string, Entry>()

  function remembered(key: string, read: () => Promise<Application | undefined>): Promise<Application | undefined> {
    const now = clock.now()
    const entry = entries.get(key)
    // A clock that was set back makes ages negative; such entries count as old.
    if (entry !== undefined && now >= entry.readAt && now - entry.readAt <= AGE_MAX) return entry.found
    // Age counts from before the read. Requests that come meanwhile wait for the same read.
    const found = read()
    const added = { readAt: now, found }
    entries.delete(key)
    entries.set(key, added)
    for (const oldest of entries.keys()) {
      if (entries.size <= ENTRIES_MAX) break
      entries.delete(oldest)
    }
    found.catch(() => {
      if (entries.get(key) === added) entries.delete(key)
    })
    return found
  }

  return {
    findApplication: (appId) => remembered(appId, () => db.read((tx) => applicationByAppId(tx, appId))),
    findByApiKeyHash: (hash) => remembered(`#${hash}`, () => db.read((tx) => applicationByApiKey(tx, hash))),
    forget: (appId) => {
      entries.delete(appId)
      // Which old API key led here is not known to the caller; there are few changes of keys and many entries are cheap to read again.
      for (const key of entries.keys()) if (key.startsWith('#')) entries.delete(key)
    },
  }
}
