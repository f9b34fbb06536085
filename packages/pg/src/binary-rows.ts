import { InvariantError, invariant, type Micros } from '@huitong/kernel'
import { isStorableText } from './arrays.ts'

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const twoTo32 = 4_294_967_296
/** PostgreSQL counts from 2000-01-01. */
const epochMicros = 946_684_800_000_000
const epochDays = 10_957
const dayMillis = 86_400_000
const MAX_INT8 = 2n ** 63n - 1n
const MIN_INT8 = -(2n ** 63n)

/**
 * Builds the rows of `copy … from stdin (format binary)`, the cheapest way to hand many rows to PostgreSQL: it parses nothing.
 * Columns are written in their order, each by the writer of its type; a row with too few or too many throws. Used as
 * `rows.beginRow().int8(id).text(name).endRow()`.
 */
export class BinaryRows {
  readonly #columns: number
  #buffer: Buffer
  #view: DataView
  #end = header.length
  #written = 0
  #rows = 0
  #inRow = false

  constructor(columns: number, initialBytes = 65_536) {
    this.#columns = columns
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(initialBytes, 64))
    this.#view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.length)
    header.copy(this.#buffer)
  }

  /** Complete rows so far. */
  get rows(): number {
    return this.#rows
  }

  beginRow(): this {
    invariant(!this.#inRow, 'a row began inside another')
    this.#inRow = true
    this.#written = 0
    this.#reserve(2)
    this.#view.setInt16(this.#end, this.#columns)
    this.#end += 2
    return this
  }

  endRow(): this {
    if (!this.#inRow || this.#written !== this.#columns) {
      throw new InvariantError(`a row has ${this.#written} of ${this.#columns} columns`)
    }
    this.#inRow = false
    this.#rows += 1
    return this
  }

  /** A number is split by plain arithmetic: bigint maths would cost more than the rest of the row. */
  int8(value: number | bigint): this {
    this.#field(8)
    if (typeof value === 'bigint') {
      if (value > MAX_INT8 || value < MIN_INT8) throw new InvariantError(`out of range for int8: ${value}`)
      this.#view.setBigInt64(this.#end, value)
    } else {
      if (!Number.isSafeInteger(value)) throw new InvariantError(`not an exact integer: ${value}`)
      const high = Math.floor(value / twoTo32)
      this.#view.setInt32(this.#end, high)
      this.#view.setUint32(this.#end + 4, value - high * twoTo32)
    }
    this.#end += 8
    return this
  }

  int4(value: number): this {
    if (value !== (value | 0)) throw new InvariantError(`not a 4-byte integer: ${value}`)
    this.#field(4)
    this.#view.setInt32(this.#end, value)
    this.#end += 4
    return this
  }

  int2(value: number): this {
    if (value !== (value << 16) >> 16) throw new InvariantError(`not a 2-byte integer: ${value}`)
    this.#field(2)
    this.#view.setInt16(this.#end, value)
    this.#end += 2
    return this
  }

  bool(value: boolean): this {
    this.#field(1)
    this.#buffer[this.#end] = value ? 1 : 0
    this.#end += 1
    return this
  }

  text(value: string): this {
    if (!isStorableText(value)) throw new InvariantError('text with U+0000 or a lone surrogate cannot be stored')
    const bytes = Buffer.byteLength(value)
    this.#field(bytes)
    // As many bytes as characters means ASCII, which is copied as it is.
    this.#end += this.#buffer.write(value, this.#end, bytes, bytes === value.length ? 'latin1' : 'utf8')
    return this
  }

  bytea(value: Uint8Array): this {
    this.#field(value.byteLength)
    this.#buffer.set(value, this.#end)
    this.#end += value.byteLength
    return this
  }

  /** JSON text. */
  jsonb(value: string): this {
    invariant(isStorableText(value), 'text with U+0000 or a lone surrogate cannot be stored')
    const bytes = Buffer.byteLength(value)
    this.#field(bytes + 1)
    this.#buffer[this.#end] = 1
    this.#end += 1
    this.#end += this.#buffer.write(value, this.#end, bytes, 'utf8')
    return this
  }

  timestamptz(value: Micros): this {
    return this.int8(value - epochMicros)
  }

  /** A day such as `2026-11-22`. */
  date(value: string): this {
    const millis = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
    invariant(Number.isInteger(millis), `not a day: ${value}`)
    return this.int4(millis / dayMillis - epochDays)
  }

  uuid(bytes: Uint8Array): this {
    invariant(bytes.byteLength === 16, 'a uuid has 16 bytes')
    return this.bytea(bytes)
  }

  /** A uuid as its 32 hexadecimal digits. */
  uuidHex(digits: string): this {
    this.#field(16)
    const written = this.#buffer.write(digits, this.#end, 16, 'hex')
    if (written !== 16 || digits.length !== 32) throw new InvariantError('a uuid has 32 hexadecimal digits')
    this.#end += 16
    return this
  }

  null(): this {
    this.#written += 1
    this.#reserve(4)
    this.#view.setInt32(this.#end, -1)
    this.#end += 4
    return this
  }

  /** All rows as one buffer that is the caller's; the builder starts anew, empty and as roomy as it was. */
  finish(): Buffer {
    invariant(!this.#inRow, 'the last row is not ended')
    this.#reserve(2)
    this.#view.setInt16(this.#end, -1)
    const finished = this.#buffer.subarray(0, this.#end + 2)
    this.#use(Buffer.allocUnsafeSlow(this.#buffer.length))
    header.copy(this.#buffer)
    this.#end = header.length
    this.#rows = 0
    return finished
  }

  #field(bytes: number): void {
    this.#written += 1
    this.#reserve(bytes + 4)
    this.#view.setInt32(this.#end, bytes)
    this.#end += 4
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes
    if (needed <= this.#buffer.length) return
    const roomier = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(roomier, 0, 0, this.#end)
    this.#use(roomier)
  }

  /** Numbers go through a view: the compiler makes one machine instruction of it, of a Buffer's writers a call with checks. */
  #use(buffer: Buffer): void {
    this.#buffer = buffer
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
  }
}
