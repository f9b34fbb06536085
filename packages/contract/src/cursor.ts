import { err, ok, type Result } from '@huitong/kernel'

/**
 * Where a page ends, as text that callers give back unread: the list's name and the key values of its last row. The
 * name keeps a cursor of one list from being used on another; the values are judged like any other input.
 */
export type CursorValue = string | number

const CURSOR_LENGTH_MAX = 2048

export function encodeCursor(list: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([list, ...values]), 'utf8').toString('base64url')
}

/** Reads a cursor with as many values as `kinds` names, each of that type. Numbers are safe integers. */
export function decodeCursor(
  list: string,
  kinds: readonly ('string' | 'number')[],
  text: string,
): Result<readonly CursorValue[], 'malformed_cursor'> {
  if (text.length > CURSOR_LENGTH_MAX || !/^[A-Za-z0-9_-]+$/.test(text)) return err('malformed_cursor')
  const parts = parsedArray(Buffer.from(text, 'base64url').toString('utf8'))
  if (parts === undefined || parts.length !== kinds.length + 1 || parts[0] !== list) return err('malformed_cursor')
  const values: CursorValue[] = []
  for (const [index, kind] of kinds.entries()) {
    const value = parts[index + 1]
    if (kind === 'string' && typeof value === 'string') values.push(value)
    else if (kind === 'number' && typeof value === 'number' && Number.isSafeInteger(value)) values.push(value)
    else return err('malformed_cursor')
  }
  // A cursor has one text. Base64 that decodes to the same bytes in another way was not made here.
  return encodeCursor(list, values) === text ? ok(values) : err('malformed_cursor')
}

function parsedArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
