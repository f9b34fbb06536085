const OPEN = 0x5b
const COMMA = 0x2c
const CLOSE = 0x5d
/** UTF-8 has no more bytes for a unit of UTF-16. */
const BYTES_PER_UNIT = 3

/** Writes a JSON array in UTF-8 item by item: one text of thousands of items would be made twice, joined and as bytes. */
export class JsonList {
  #bytes: Buffer
  #end = 0

  constructor(initialBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(initialBytes, 64))
  }

  /** Adds an item, which is JSON text, and tells the offset of the byte after it. */
  add(item: string): number {
    const needed = this.#end + 2 + item.length * BYTES_PER_UNIT
    if (needed > this.#bytes.length) this.#grow(needed)
    this.#bytes[this.#end] = this.#end === 0 ? OPEN : COMMA
    this.#end += 1
    this.#end += this.#bytes.write(item, this.#end, 'utf8')
    return this.#end
  }

  finish(): Buffer {
    if (this.#end === 0) this.#bytes[this.#end++] = OPEN
    this.#bytes[this.#end] = CLOSE
    return this.#bytes.subarray(0, this.#end + 1)
  }

  #grow(needed: number): void {
    const roomier = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(roomier, 0, 0, this.#end)
    this.#bytes = roomier
  }
}
