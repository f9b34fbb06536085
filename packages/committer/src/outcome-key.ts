import { hash } from 'node:crypto'

/**
 * A caller's key as text with one character a byte: SHA-256 over caller, U+0000 (which no key may contain) and key. No caller can choose
 * where among the others his keys fall.
 */
export type OutcomeKey = string

export function outcomeKey(caller: string, key: string): OutcomeKey {
  return hash('sha256', `${caller}\u0000${key}`, 'binary')
}

/** First 4 bytes of a key. What is kept of keys for searching is 8 bytes; whether one is meant is then told by the whole. */
export function highWord(key: OutcomeKey): number {
  return wordAt(key, 0)
}

/** The 4 bytes after those. */
export function lowWord(key: OutcomeKey): number {
  return wordAt(key, 4)
}

function wordAt(key: OutcomeKey, at: number): number {
  return (
    ((key.charCodeAt(at) << 24) |
      (key.charCodeAt(at + 1) << 16) |
      (key.charCodeAt(at + 2) << 8) |
      key.charCodeAt(at + 3)) >>>
    0
  )
}
