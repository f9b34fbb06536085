// PostgreSQL's binary COPY format, written into one growing buffer.

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')

export class CopyRows {
  #buffer: Buffer
  #view: DataView
  #at = 0

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(1024, expectedBytes))
    this.#view = new DataView(this.#buffer.buffer)
    SIGNATURE.copy(this.#buffer)
    this.#buffer.fill(0, SIGNATURE.length, SIGNATURE.length + 8)
    this.#at = SIGNATURE.length + 8
  }

  /** Starts a row of `fields` columns; `room` is the most bytes that the row can take. */
  row(fields: number, room: number): this {
    if (this.#at + room + 16 > this.#buffer.length) this.#grow(room)
    this.#view.setInt16(this.#at, fields)
    this.#at += 2
    return this
  }

  int2(value: number): this {
    this.#view.setInt32(this.#at, 2)
    this.#view.setInt16(this.#at + 4, value)
    this.#at += 6
    return this
  }

  int4(value: number): this {
    this.#view.setInt32(this.#at, 4)
    this.#view.setInt32(this.#at + 4, value)
    this.#at += 8
    return this
  }

  int8(value: bigint): this {
    this.#view.setInt32(this.#at, 8)
    this.#view.setBigInt64(this.#at + 4, value)
    this.#at += 12
    return this
  }

  empty(): this {
    this.#view.setInt32(this.#at, -1)
    this.#at += 4
    return this
  }

  text(value: string): this {
    const length = this.#buffer.write(value, this.#at + 4, 'utf8')
    this.#view.setInt32(this.#at, length)
    this.#at += 4 + length
    return this
  }

  bytes(value: Uint8Array): this {
    this.#view.setInt32(this.#at, value.length)
    this.#buffer.set(value, this.#at + 4)
    this.#at += 4 + value.length
    return this
  }

  /** The binary form of jsonb is a version byte and the text. */
  jsonb(value: string): this {
    const length = this.#buffer.write(value, this.#at + 5, 'utf8')
    this.#view.setInt32(this.#at, length + 1)
    this.#buffer[this.#at + 4] = 1
    this.#at += 5 + length
    return this
  }

  finish(): Buffer {
    this.#view.setInt16(this.#at, -1)
    return this.#buffer.subarray(0, this.#at + 2)
  }

  #grow(room: number): void {
    const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 2 + room)
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
    this.#view = new DataView(larger.buffer)
  }
}
