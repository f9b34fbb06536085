import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { invariant } from './assert.ts'

/** Where modules get randomness from. */
export interface Chance {
  /** n random bytes. */
  bytes(n: number): Uint8Array
  /** A whole number in [0, n), every one equally likely; n in [1, 2^48). */
  below(n: number): number
  /** A random UUID (version 4). */
  uuid(): string
}

const BELOW_END = 2 ** 48

/** The operating system's randomness: fit for codes, keys and nonces. */
export function systemChance(): Chance {
  return {
    bytes: (n) => new Uint8Array(randomBytes(n)),
    below(n) {
      checkBelow(n)
      return randomInt(n)
    },
    uuid: () => randomUUID(),
  }
}

/** Repeatable randomness for tests and the simulator: the same seed, the same sequence. Never for secrets. */
export function seededChance(seed: number): Chance {
  const next = mulberry32(seed)
  const below48 = (): number => (next() & 0xffff) * 2 ** 32 + next()
  const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, () => next() & 0xff)
  return {
    bytes,
    below(n) {
      checkBelow(n)
      // Values past the last whole multiple of n would favour the small results, so they are drawn again.
      const limit = BELOW_END - (BELOW_END % n)
      let value = below48()
      while (value >= limit) value = below48()
      return value % n
    },
    uuid() {
      const raw = bytes(16)
      raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40
      raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80
      const hex = Buffer.from(raw).toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
  }
}

function checkBelow(n: number): void {
  invariant(Number.isInteger(n) && n >= 1 && n < BELOW_END, `cannot draw below ${n}`)
}

// A 32-bit counter through a mixing function (the mulberry32 generator): small, fast, and good enough for tests.
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
