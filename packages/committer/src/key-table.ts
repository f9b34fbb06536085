/** Keys of one table at most: it grows to 2 MB, and growing the last time takes some milliseconds. */
export const TABLE_KEYS = 98_304

const FIRST_SLOTS = 4096
const WORDS = 4
const TWO_TO_32 = 4_294_967_296

/**
 * First 8 bytes of a key → its place, in one array of numbers without an object a key. Open addressing: a key stands in the first free
 * slot from the one that its low word names. Two keys with the same 8 bytes stand one after the other, and both are found.
 */
export class KeyTable {
  /** Each slot: high and low word of the key, high and low word of its place, which is never 0. */
  #slots = new Uint32Array(FIRST_SLOTS * WORDS)
  #mask = FIRST_SLOTS - 1
  #size = 0

  get size(): number {
    return this.#size
  }

  add(high: number, low: number, place: number): void {
    if (this.#size * WORDS >= this.#slots.length - this.#slots.length / WORDS) this.#grow()
    this.#put(high, low, Math.floor(place / TWO_TO_32), place % TWO_TO_32)
    this.#size += 1
  }

  has(high: number, low: number): boolean {
    const slots = this.#slots
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS
      if (slots[at + 2] === 0 && slots[at + 3] === 0) return false
      if (slots[at + 1] === low && slots[at] === high) return true
    }
  }

  /** Places of the keys that begin like this; nearly always one or none. */
  find(high: number, low: number): readonly number[] {
    const slots = this.#slots
    const places: number[] = []
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS
      const place = (slots[at + 2] ?? 0) * TWO_TO_32 + (slots[at + 3] ?? 0)
      if (place === 0) return places
      if (slots[at + 1] === low && slots[at] === high) places.push(place)
    }
  }

  visit(see: (high: number, low: number, place: number) => void): void {
    const slots = this.#slots
    for (let at = 0; at < slots.length; at += WORDS) {
      const place = (slots[at + 2] ?? 0) * TWO_TO_32 + (slots[at + 3] ?? 0)
      if (place !== 0) see(slots[at] ?? 0, slots[at + 1] ?? 0, place)
    }
  }

  #put(high: number, low: number, placeHigh: number, placeLow: number): void {
    const slots = this.#slots
    let slot = low & this.#mask
    while (slots[slot * WORDS + 2] !== 0 || slots[slot * WORDS + 3] !== 0) slot = (slot + 1) & this.#mask
    const at = slot * WORDS
    slots[at] = high
    slots[at + 1] = low
    slots[at + 2] = placeHigh
    slots[at + 3] = placeLow
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#mask = this.#slots.length / WORDS - 1
    for (let at = 0; at < old.length; at += WORDS) {
      const placeHigh = old[at + 2] ?? 0
      const placeLow = old[at + 3] ?? 0
      if (placeHigh !== 0 || placeLow !== 0) this.#put(old[at] ?? 0, old[at + 1] ?? 0, placeHigh, placeLow)
    }
  }
}
