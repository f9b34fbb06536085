import type { Told } from './oracle-account.ts'

const KEYS_MAX = 20

/** Texts by key that hang on things that exist. */
export class OracleMetadata {
  readonly #of = new Map<string, Map<string, string>>()

  /** What a thing has. Things are named by the caller, such as `account 7`. */
  get(thing: string): ReadonlyMap<string, string> {
    return this.#of.get(thing) ?? new Map()
  }

  /** Sets keys, and takes those away that are null. */
  set(thing: string, changes: ReadonlyMap<string, string | null>): Told {
    const after = new Map(this.get(thing))
    for (const [key, value] of changes) {
      if (value === null) after.delete(key)
      else after.set(key, value)
    }
    if (after.size > KEYS_MAX) return 'metadata_too_many_keys'
    this.#of.set(thing, after)
    return 'done'
  }

  /** Adds keys to a thing whose keys never change. */
  add(thing: string, additions: ReadonlyMap<string, string>): Told {
    const before = this.get(thing)
    for (const [key, value] of additions) {
      if ((before.get(key) ?? value) !== value) return 'metadata_key_taken'
    }
    return this.set(thing, additions)
  }
}
