import { invariant } from '@huitong/kernel'

const BLOCK_WORDS = 8
const BLOCK_BYTES = BLOCK_WORDS * 4
/** At 16 bits a key about one in a thousand keys that are not there is told to be. */
const BITS_PER_KEY = 16
const TWO_TO_32 = 4_294_967_296
/** Odd numbers of the split-block Bloom filter of Apache Parquet (BloomFilter.md). */
const SALTS = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31] as const

/**
 * Whether a key was never added, in 2 bytes a key: a split-block Bloom filter. The high word of a key chooses a block of 32 bytes, its low
 * word one bit in each of the block's 8 words, so that a look costs one miss of the processor's cache.
 */
export class KeyFilter {
  readonly #words: Uint32Array
  readonly #blocks: number

  private constructor(words: Uint32Array) {
    this.#words = words
    this.#blocks = words.length / BLOCK_WORDS
  }

  static forKeys(keys: number): KeyFilter {
    const blocks = Math.max(1, Math.ceil((keys * BITS_PER_KEY) / (BLOCK_BYTES * 8)))
    return new KeyFilter(new Uint32Array(blocks * BLOCK_WORDS))
  }

  /** An empty one of as many bytes as another. */
  static like({ byteLength }: KeyFilter): KeyFilter {
    return new KeyFilter(new Uint32Array(byteLength / 4))
  }

  /** From `bytes()`. */
  static from(bytes: Buffer): KeyFilter {
    invariant(bytes.length > 0 && bytes.length % BLOCK_BYTES === 0, 'a filter of keys is cut short')
    const words = new Uint32Array(bytes.length / 4)
    for (let index = 0; index < words.length; index += 1) words[index] = bytes.readUInt32LE(index * 4)
    return new KeyFilter(words)
  }

  get byteLength(): number {
    return this.#words.byteLength
  }

  /** Little endian, as Parquet has it. */
  bytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#words.byteLength)
    this.#words.forEach((word, index) => {
      bytes.writeUInt32LE(word, index * 4)
    })
    return bytes
  }

  add(high: number, low: number): void {
    const start = this.#blockOf(high)
    for (let index = 0; index < BLOCK_WORDS; index += 1) {
      const at = start + index
      this.#words[at] = (this.#words[at] ?? 0) | bitOf(low, index)
    }
  }

  /** False: it was never added. */
  mayHave(high: number, low: number): boolean {
    const start = this.#blockOf(high)
    for (let index = 0; index < BLOCK_WORDS; index += 1) {
      if (((this.#words[start + index] ?? 0) & bitOf(low, index)) === 0) return false
    }
    return true
  }

  #blockOf(high: number): number {
    return Math.floor((high * this.#blocks) / TWO_TO_32) * BLOCK_WORDS
  }
}

function bitOf(low: number, index: number): number {
  return 1 << (Math.imul(low, SALTS[index] ?? 1) >>> 27)
}
