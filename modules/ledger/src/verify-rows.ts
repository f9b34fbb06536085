import type { Readable } from 'node:stream'
import { invariant } from '@huitong/kernel'

/** Order of the columns in which transfers are copied: first what is not in the leaf or has another width there, then the leaf's own
 * order. */
export const TRANSFER_COLUMNS = {
  batch: 0,
  kind: 1,
  code: 2,
  debitPrevious: 3,
  creditPrevious: 4,
  id: 5,
  debit: 6,
  credit: 7,
  amount: 8,
  released: 9,
  hold: 10,
  reference: 11,
  debitSequence: 12,
  debitBalance: 13,
  creditSequence: 14,
  creditBalance: 15,
  position: 16,
  holdExpiresAt: 17,
  effectiveDays: 18,
  reverses: 19,
  entry: 20,
} as const

export const TRANSFER_COLUMN_COUNT = Object.keys(TRANSFER_COLUMNS).length

const FIELD_BYTES = 12
const LENGTH_BYTES = 4
const HEADER_BYTES = 19
/** PostgreSQL counts microseconds from 2000-01-01; `infinity` is the largest int8. */
const EPOCH_MICROS = 946_684_800_000_000
const INFINITY_HIGH = 0x7fff_ffff
const INFINITY_LOW = 0xffff_ffff

/** The current row of a copy: one view that moves over the received bytes, so that reading a row leaves no garbage. */
export class CopiedRow {
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = 0

  load(bytes: Buffer): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  moveTo(at: number): void {
    this.#at = at
  }

  /** For ids, counts and numbers that are safe integers when the database is sound; beyond them the nearest number. */
  number(column: number): number {
    const at = this.#at + 2 + column * FIELD_BYTES + LENGTH_BYTES
    return this.#view.getInt32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4)
  }

  bigint(column: number): bigint {
    return this.#view.getBigInt64(this.#at + 2 + column * FIELD_BYTES + LENGTH_BYTES)
  }

  /** A timestamptz in µs since 1970; null for `infinity`, which stands for an absent one. */
  micros(column: number): number | null {
    const at = this.#at + 2 + column * FIELD_BYTES + LENGTH_BYTES
    const high = this.#view.getInt32(at)
    const low = this.#view.getUint32(at + 4)
    return high === INFINITY_HIGH && low === INFINITY_LOW ? null : high * 0x1_0000_0000 + low + EPOCH_MICROS
  }

  /** Copies a column as it came, big endian. */
  copyTo(target: DataView, at: number, column: number): void {
    const from = this.#at + 2 + column * FIELD_BYTES + LENGTH_BYTES
    target.setInt32(at, this.#view.getInt32(from))
    target.setInt32(at + 4, this.#view.getInt32(from + 4))
  }
}

/**
 * Streams the rows of a binary copy to stdout whose columns are all 8 bytes wide and never null: neither side writes or parses
 * digits, which is most of what reading rows costs otherwise. Returns the number of rows. When `onRow` throws, the rest is still
 * read, since the connection must be left clean.
 */
export async function eachCopiedRow(
  stream: Readable,
  columns: number,
  onRow: (row: CopiedRow) => void,
): Promise<number> {
  const rowBytes = 2 + columns * FIELD_BYTES
  const row = new CopiedRow()
  let rest: Buffer = Buffer.alloc(0)
  let inRows = false
  let rows = 0
  let failure: { readonly error: unknown } | undefined
  for await (const chunk of stream) {
    invariant(Buffer.isBuffer(chunk), 'a copy sends bytes')
    if (failure !== undefined) continue
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    if (!inRows) {
      if (bytes.length < HEADER_BYTES) {
        rest = bytes
        continue
      }
      at = HEADER_BYTES + bytes.readInt32BE(HEADER_BYTES - 4)
      inRows = true
    }
    row.load(bytes)
    try {
      for (; at + rowBytes <= bytes.length; at += rowBytes) {
        invariant(bytes.readInt16BE(at) === columns, 'a copied row has other columns than were asked for')
        row.moveTo(at)
        onRow(row)
        rows += 1
      }
    } catch (error) {
      failure = { error }
    }
    rest = bytes.subarray(at)
  }
  if (failure !== undefined) throw failure.error
  invariant(rest.length === 2 && rest.readInt16BE(0) === -1, 'a copy was cut short')
  return rows
}
