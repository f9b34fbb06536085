import { err, ok, type Result } from '@huitong/kernel'
import { IMPORT_FIELDS } from './import-fields.ts'

/**
 * One line of CSV (RFC 4180) as its fields. A quoted field may hold commas and doubled quotes; a line break within one is refused by the
 * lack of its closing quote, since lines are counted and given back by their numbers.
 */
export function csvFields(line: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(',')
  const fields: string[] = []
  let at = 0
  for (;;) {
    if (line[at] === '"') {
      let text = ''
      let from = at + 1
      for (;;) {
        const quote = line.indexOf('"', from)
        if (quote === -1) return undefined
        text += line.slice(from, quote)
        at = quote + 1
        if (line[at] !== '"') break
        text += '"'
        from = at + 1
      }
      fields.push(text)
      if (at < line.length && line[at] !== ',') return undefined
    } else {
      const comma = line.indexOf(',', at)
      const text = line.slice(at, comma === -1 ? line.length : comma)
      if (text.includes('"')) return undefined
      fields.push(text)
      at = comma === -1 ? line.length : comma
    }
    if (at >= line.length) return fields
    at += 1
    if (at === line.length) return [...fields, '']
  }
}

/** A field as CSV. */
export function csvText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The columns that the first line of a file names. */
export function csvColumns(line: string): Result<readonly string[], string> {
  const columns = csvFields(line.replace(/^\uFEFF/, '')) ?? []
  const unknown = columns.find((column) => !IMPORT_FIELDS.includes(column))
  if (unknown !== undefined) {
    return err(
      `The first line must name the columns, of ${IMPORT_FIELDS.join(', ')}; it has "${unknown.slice(0, 40)}".`,
    )
  }
  if (new Set(columns).size < columns.length) return err('The first line names a column twice.')
  return columns.includes('type') ? ok(columns) : err('The first line names no column type.')
}
