import { InvariantError, invariant } from './assert.ts'
import { JsonNumber } from './json.ts'

/**
 * One text for one value, for hashing the input of a command: keys sorted by UTF-16 code units, no white space, escapes as
 * JSON.stringify writes them (RFC 8785). Absent and undefined properties are the same. Numbers are safe integers only, and a
 * number token stays as it was written. A bigint is refused rather than written: as a number it would lose digits in other
 * readers, as a string it would equal that string, so the caller says `amount.toString()`.
 */
export function canonicalJson(value: unknown): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      invariant(value.isWellFormed(), 'canonical JSON has no lone surrogates')
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      invariant(Number.isSafeInteger(value), `canonical JSON takes safe integers only, not ${value}`)
      return JSON.stringify(value)
    case 'object':
      return canonicalComposite(value)
    default:
      throw new InvariantError(`canonical JSON has no ${typeof value}`)
  }
}

function canonicalComposite(value: object): string {
  if (value instanceof JsonNumber) return value.text
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const prototype: unknown = Object.getPrototypeOf(value)
  // A Date, a Map or a byte array has contents that its properties do not show: two of them would look the same.
  invariant(prototype === null || prototype === Object.prototype, 'canonical JSON takes plain objects only')
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
