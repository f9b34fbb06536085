import type { FieldError } from '@huitong/contract'
import { err, isStorable, JsonNumber, type JsonValue, ok, parseJsonStrict, type Result } from '@huitong/kernel'
import { fieldPath } from './field-path.ts'

export interface BodyFault {
  readonly code: 'malformed_json' | 'invalid_request'
  readonly detail: string
  readonly errors: readonly FieldError[]
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a JSON body as plain values. Two equal keys, a text that PostgreSQL cannot store and a whole number that a float
 * cannot hold are refused here, once, for every route.
 */
export function parseJsonBody(bytes: Uint8Array): Result<unknown, BodyFault> {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return err({ code: 'malformed_json', detail: 'The body is not UTF-8.', errors: [] })
  }
  const parsed = parseJsonStrict(text)
  if (!parsed.ok) {
    const { code, at } = parsed.error
    return err({ code: 'malformed_json', detail: `${JSON_FAULTS[code]} (at character ${at}).`, errors: [] })
  }
  const errors: FieldError[] = []
  const value = plainValue(parsed.value, [], errors)
  if (errors.length === 0) return ok(value)
  return err({ code: 'invalid_request', detail: 'The body holds values that cannot be taken.', errors })
}

const JSON_FAULTS = {
  not_json: 'The body is not JSON',
  duplicate_key: 'The body names a field twice in one object',
  too_deep: 'The body is nested too deeply',
} as const

function plainValue(value: JsonValue, steps: readonly (string | number)[], errors: FieldError[]): unknown {
  if (typeof value === 'string') {
    if (!isStorable(value)) errors.push(unstorable(fieldPath(steps)))
    return value
  }
  if (value === null || typeof value === 'boolean') return value
  if (value instanceof JsonNumber) return plainNumber(value, steps, errors)
  if (Array.isArray(value)) return value.map((item: JsonValue, index) => plainValue(item, [...steps, index], errors))
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) {
    if (!isStorable(key)) errors.push(unstorable(fieldPath([...steps, key.toWellFormed().replaceAll('\u0000', '?')])))
    object[key] = plainValue(item, [...steps, key], errors)
  }
  return object
}

function plainNumber(number: JsonNumber, steps: readonly (string | number)[], errors: FieldError[]): number {
  const value = Number(number.text)
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    errors.push({ field: fieldPath(steps), rule: 'exact_number', message: 'is too large to be held exactly' })
  }
  return value
}

/** The one wording for text that cannot be stored. */
export function unstorable(field: string): FieldError {
  return { field, rule: 'storable_text', message: 'holds U+0000 or half of a surrogate pair' }
}
