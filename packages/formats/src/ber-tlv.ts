import { ok, type Result } from '@huitong/kernel'
import { type EmvFault, emvFault } from './emv-fault.ts'

/* The part of BER-TLV that payment codes use: tags of one or two bytes, definite lengths of one to three. */

export interface BerField {
  /** Capital hexadecimal, such as `4F` or `9F26`. */
  readonly tag: string
  readonly value: Buffer
}

/** Takes bytes apart; one level, the caller goes down into what is constructed. `at` names the field that the bytes are of. */
export function readBerFields(bytes: Buffer, at: string | null = null): Result<readonly BerField[], EmvFault> {
  const fields: BerField[] = []
  let next = 0
  while (next < bytes.length) {
    // Five low bits set: the tag goes on in a second byte, whose own high bit would ask for a third.
    const long = ((bytes[next] ?? 0) & 0x1f) === 0x1f
    const tagEnd = next + (long ? 2 : 1)
    if (tagEnd > bytes.length || (long && ((bytes[next + 1] ?? 0) & 0x80) !== 0)) return emvFault('tag_malformed', at)
    const tag = bytes.subarray(next, tagEnd).toString('hex').toUpperCase()
    const field = at === null ? tag : `${at}.${tag}`
    const size = readLength(bytes, tagEnd)
    if (size === undefined) return emvFault('length_malformed', field)
    const end = size.end + size.length
    if (end > bytes.length) return emvFault('length_past_end', field)
    fields.push({ tag, value: bytes.subarray(size.end, end) })
    next = end
  }
  return ok(fields)
}

function readLength(bytes: Buffer, from: number): { readonly length: number; readonly end: number } | undefined {
  const first = bytes[from]
  if (first === undefined) return undefined
  if (first < 0x80) return { length: first, end: from + 1 }
  const size = first & 0x7f
  if (size === 0 || size > 2 || from + 1 + size > bytes.length) return undefined
  const length = bytes.readUIntBE(from + 1, size)
  // The shortest form only: one content has one code.
  if (length < (size === 1 ? 0x80 : 0x100)) return undefined
  return { length, end: from + 1 + size }
}

/** One field; the length in its shortest form. */
export function berField(tag: string, value: Buffer): Buffer {
  const { length } = value
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(tag, 'hex'), Buffer.from(size), value])
}
