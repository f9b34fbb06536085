import { InvariantError, invariant, type Micros, microsToIso } from '@huitong/kernel'

/**
 * One array as one text value, used as `${int8Array(xs)}::text::int8[]`. The driver's own arrays are written wrong for several
 * types and are two and a half times slower; a text literal is parsed by PostgreSQL itself. Null elements are allowed
 * everywhere; a value that the type cannot hold throws, for it should have been refused long before.
 */
function literal<T>(values: readonly (T | null)[], write: (value: T) => string): string {
  // Joined at once: text that grows by pieces is a tree of them, which costs more than the pieces.
  return `{${values.map((value) => (value === null ? 'NULL' : write(value))).join()}}`
}

type Numeric = number | bigint

const MAX_INT8 = 2n ** 63n - 1n
const MIN_INT8 = -(2n ** 63n)

function int8(value: Numeric): string {
  if (typeof value === 'bigint') {
    if (value > MAX_INT8 || value < MIN_INT8) throw new InvariantError(`out of range for its column: ${value}`)
    // Every safe integer fits; comparing one with a bigint would cost more than writing it.
  } else if (!Number.isSafeInteger(value)) throw new InvariantError(`not an exact integer: ${value}`)
  return String(value)
}

function integer(value: Numeric, max: number): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new InvariantError(`not an exact integer: ${value}`)
  }
  if (value > max || value < -max - 1) throw new InvariantError(`out of range for its column: ${value}`)
  return String(value)
}

export function int8Array(values: readonly (Numeric | null)[]): string {
  return literal(values, int8)
}

export function int4Array(values: readonly (Numeric | null)[]): string {
  return literal(values, (value) => integer(value, 2_147_483_647))
}

export function int2Array(values: readonly (Numeric | null)[]): string {
  return literal(values, (value) => integer(value, 32_767))
}

/** Text that PostgreSQL can keep as it is: no U+0000, no half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function quoted(text: string): string {
  invariant(isStorableText(text), 'text with U+0000 or a lone surrogate cannot be stored')
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

export function textArray(values: readonly (string | null)[]): string {
  return literal(values, quoted)
}

/** Elements are JSON text. */
export function jsonbArray(values: readonly (string | null)[]): string {
  return literal(values, quoted)
}

export function boolArray(values: readonly (boolean | null)[]): string {
  return literal(values, (value) => (value ? 't' : 'f'))
}

export function byteaArray(values: readonly (Uint8Array | null)[]): string {
  return literal(
    values,
    (bytes) => `"\\\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}"`,
  )
}

export function timestamptzArray(values: readonly (Micros | null)[]): string {
  return literal(values, microsToIso)
}

/** Elements are days such as `2026-11-22`. */
export function dateArray(values: readonly (string | null)[]): string {
  return literal(values, (day) => {
    invariant(/^\d{4}-\d{2}-\d{2}$/.test(day), `not a day: ${day}`)
    return day
  })
}

/** Elements are plain decimals such as `-12.50`. */
export function numericArray(values: readonly (string | bigint | null)[]): string {
  return literal(values, (value) => {
    const text = String(value)
    invariant(/^-?\d+(?:\.\d+)?$/.test(text), `not a plain decimal: ${text}`)
    return text
  })
}
