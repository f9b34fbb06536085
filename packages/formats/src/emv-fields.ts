import { ok, type Result } from '@huitong/kernel'
import { type EmvFault, emvFault } from './emv-fault.ts'

/*
 * The text form of EMVCo's merchant-presented codes: a two-digit id, a two-digit length and the value, again and again. Lengths count
 * characters (code points) and not bytes, which only the Chinese fields show.
 */

/** Values by id, in the order of the text. */
export type EmvFields = ReadonlyMap<string, string>

/** A code taken apart: its fields, and those of its templates. */
export interface EmvParsedCode {
  readonly fields: EmvFields
  readonly templates: ReadonlyMap<string, EmvFields>
}

const TWO_DIGITS = /^[0-9]{2}$/
const HEADER = 4

/** Takes a text of fields apart. `at` names the template that the text is the value of. */
export function readEmvFields(text: string, at: string | null = null): Result<EmvFields, EmvFault> {
  const characters = Array.from(text)
  const fields = new Map<string, string>()
  let next = 0
  while (next < characters.length) {
    if (characters.length - next < HEADER) return emvFault('header_truncated', at)
    const id = characters.slice(next, next + 2).join('')
    const length = characters.slice(next + 2, next + HEADER).join('')
    if (!TWO_DIGITS.test(id)) return emvFault('id_not_digits', at)
    const field = at === null ? id : `${at}.${id}`
    if (!TWO_DIGITS.test(length)) return emvFault('length_not_digits', field)
    const end = next + HEADER + Number(length)
    if (length === '00') return emvFault('length_zero', field)
    if (end > characters.length) return emvFault('length_past_end', field)
    if (fields.has(id)) return emvFault('duplicate_tag', field)
    fields.set(id, characters.slice(next + HEADER, end).join(''))
    next = end
  }
  return ok(fields)
}

/** One field; the caller judges what is read back, so a value that is too long shows there. */
export function emvField(id: string, value: string): string {
  return `${id}${String(Array.from(value).length).padStart(2, '0')}${value}`
}
