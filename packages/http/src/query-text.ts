import type { FieldError } from '@huitong/contract'
import { err, isStorable, ok, type Result } from '@huitong/kernel'
import { unstorable } from './json-body.ts'

export type TextValues = Record<string, string | string[]>

const PARAMETERS_MAX = 100

/**
 * Reads a query strictly: an escape that is not one is refused, where common parsers pass it through and so take two
 * spellings for one value. A name that comes twice becomes a list, which only a list's schema accepts.
 */
export function parseQuery(query: string): Result<TextValues, readonly FieldError[]> {
  const values: TextValues = Object.create(null)
  if (query === '') return ok(values)
  const parts = query.split('&')
  if (parts.length > PARAMETERS_MAX) return err([queryError('', 'count', `has more than ${PARAMETERS_MAX} parameters`)])
  for (const part of parts) {
    if (part === '') continue
    const cut = part.indexOf('=')
    const name = decoded(cut < 0 ? part : part.slice(0, cut))
    const value = decoded(cut < 0 ? '' : part.slice(cut + 1))
    if (name === undefined || value === undefined) {
      return err([queryError(name ?? '', 'url_encoding', 'is not correctly percent-encoded')])
    }
    if (!isStorable(name) || !isStorable(value)) return err([unstorable(name.replaceAll('\u0000', '?'))])
    const before = values[name]
    if (before === undefined) values[name] = value
    else values[name] = Array.isArray(before) ? [...before, value] : [before, value]
  }
  return ok(values)
}

function queryError(field: string, rule: string, message: string): FieldError {
  return { field: field === '' ? 'query' : field, rule, message }
}

function decoded(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
