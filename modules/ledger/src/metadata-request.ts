import { badField } from '@huitong/http'
import Type from 'typebox'
import { type Metadata, type MetadataChanges, readMetadata } from './metadata.ts'

const Value = Type.String({ minLength: 1, maxLength: 512 })

/** Up to 20 keys with texts of up to 256 characters. */
export const MetadataInput = Type.Object(
  {},
  {
    additionalProperties: Value,
    maxProperties: 20,
    description: 'Texts by key, for the institution’s own programs. Kept for ever: nothing personal.',
    examples: [{ order: 'A-1001' }],
  },
)

export const MetadataChangesInput = Type.Object(
  {},
  {
    additionalProperties: Type.Union([Value, Type.Null()]),
    maxProperties: 20,
    description: 'Texts by key; null takes a key away. Kept for ever: nothing personal.',
  },
)

const RULES = {
  malformed_key: 'must be a lower-case letter and up to 39 lower-case letters, digits, dots, dashes and underlines',
  malformed_value: 'must be 1 to 256 characters of one line',
  too_many_keys: 'has more than 20 keys',
  empty: 'must name a key',
} as const

export function readMetadataChanges(input: object, field = 'metadata'): MetadataChanges {
  const read = readMetadata(textsOf(input), true)
  if (read.ok) return read.value
  const { fault, key } = read.error
  throw badField(key === null ? field : `${field}.${key}`, fault, RULES[fault])
}

/** Texts only: nothing is taken away from a transfer. */
export function metadataOf(input: object):
  | { readonly ok: true; readonly value: Metadata }
  | {
      readonly ok: false
      readonly error: { readonly field: string; readonly rule: string; readonly message: string }
    } {
  const read = readMetadata(textsOf(input), false)
  if (!read.ok) {
    const { fault, key } = read.error
    return {
      ok: false,
      error: { field: key === null ? 'metadata' : `metadata.${key}`, rule: fault, message: RULES[fault] },
    }
  }
  const metadata = new Map<string, string>()
  for (const [key, value] of read.value) if (value !== null) metadata.set(key, value)
  return { ok: true, value: metadata }
}

function textsOf(input: object): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, typeof value === 'string' ? value : null]),
  )
}
