import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT } from '@huitong/contract'
import { badField } from '@huitong/http'
import type { ListBounds } from './payments-read-store.ts'

/* What the routes of delayed transfers, requests and bills share: customers only, each their own. */

export const AS_PERSON = { callers: ['customer'], scope: 'payments:write' } as const
export const PERSON_READS = { callers: ['customer'], scope: 'payments:read' } as const

/** Limit and place of a list that pages by time and id. */
export function readBounds(list: string, query: { readonly limit?: number; readonly cursor?: string }): ListBounds {
  const limit = query.limit ?? PAGE_LIMIT_DEFAULT
  if (query.cursor === undefined) return { limit }
  const decoded = decodeCursor(list, ['number', 'number'], query.cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  const [createdAt, id] = decoded.value.map(Number)
  return { limit, after: { createdAt: createdAt ?? 0, id: id ?? 0 } }
}

export function boundOf(list: string, last: { readonly createdAt: number; readonly id: number }): string {
  return encodeCursor(list, [last.createdAt, last.id])
}
