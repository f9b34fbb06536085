import { err, ok, type Result, storableText } from '@huitong/kernel'

/**
 * Texts by key that the institution's programs hang on accounts and transfers, to find them again by their own names for things: an
 * order, a branch, a file. They are journaled for ever, so nothing personal belongs into them: no name, no number of a person,
 * a document or a telephone.
 */
export type Metadata = ReadonlyMap<string, string>

/** What is set by key, or taken away (null). */
export type MetadataChanges = ReadonlyMap<string, string | null>

export const METADATA_KEYS_MAX = 20
const METADATA_VALUE_MAX = 256
export const METADATA_KEY = /^[a-z][a-z0-9_.-]{0,39}$/

export const NO_METADATA: Metadata = new Map()

export type MetadataFault = 'malformed_key' | 'malformed_value' | 'too_many_keys' | 'empty'

/** Reads keys and texts from outside, sorted by key. Null takes a key away, where `removing` allows it. */
export function readMetadata(
  input: Readonly<Record<string, string | null>>,
  removing: boolean,
): Result<MetadataChanges, { readonly fault: MetadataFault; readonly key: string | null }> {
  const changes = new Map<string, string | null>()
  const keys = Object.keys(input).sort()
  if (keys.length === 0) return err({ fault: 'empty', key: null })
  if (keys.length > METADATA_KEYS_MAX) return err({ fault: 'too_many_keys', key: null })
  for (const key of keys) {
    const value = input[key]
    if (!METADATA_KEY.test(key)) return err({ fault: 'malformed_key', key })
    if (value === null && removing) changes.set(key, null)
    else if (typeof value === 'string' && storableText(value, { max: METADATA_VALUE_MAX }).ok) changes.set(key, value)
    else return err({ fault: 'malformed_value', key })
  }
  return ok(changes)
}

export function changed(before: Metadata, changes: MetadataChanges): Metadata {
  const after = new Map(before)
  for (const [key, value] of changes) {
    if (value === null) after.delete(key)
    else after.set(key, value)
  }
  return after
}

/** Canonical JSON of an event: what changed, by key. Keys start with a letter, so objects keep their order. */
export function metadataData(changes: MetadataChanges): string {
  return JSON.stringify(Object.fromEntries([...changes].sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** What of the changes changes anything. */
export function effective(before: Metadata, changes: MetadataChanges): MetadataChanges {
  return new Map([...changes].filter(([key, value]) => (before.get(key) ?? null) !== value))
}
