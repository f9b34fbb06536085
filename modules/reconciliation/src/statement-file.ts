import { readIsoMessage } from '@huitong/iso20022'
import { type CurrencyCode, err, invariant, localDate, ok, parseAmount, type Result } from '@huitong/kernel'
import type { StatementLine } from './match.ts'

export const STATEMENT_FORMATS = ['csv', 'camt.053'] as const
export type StatementFormat = (typeof STATEMENT_FORMATS)[number]

/** A line as it was read: what is matched, and what people read of it. */
export interface FileLine extends StatementLine {
  /** At most 140 characters. */
  readonly text: string
}

/** What is wrong with a file, and at which line. */
export interface FileFault {
  readonly line: number
  readonly what: string
}

const DAY_MILLIS = 86_400_000
const TEXT_MAX = 140
const CAMT_BYTES_MAX = 64 * 1024 * 1024

/** Days since 1970-01-01. */
function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MILLIS
}

export function dayText(day: number): string {
  return new Date(day * DAY_MILLIS).toISOString().slice(0, 10)
}

export function readStatementFile(
  format: StatementFormat,
  bytes: Uint8Array,
  currency: CurrencyCode,
): Result<readonly FileLine[], FileFault> {
  return format === 'csv' ? readCsv(Buffer.from(bytes).toString('utf8'), currency) : readCamt(bytes, currency)
}

const COLUMNS = ['day', 'amount', 'reference', 'text'] as const

/** `day,amount,reference[,text]` with those names in the first line; an amount above zero makes the account grow. */
function readCsv(content: string, currency: CurrencyCode): Result<readonly FileLine[], FileFault> {
  const [header = '', ...rows] = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  const columns = header.split(',')
  const places = COLUMNS.map((column) => columns.indexOf(column))
  const [dayAt = -1, amountAt = -1, referenceAt = -1, textAt = -1] = places
  if (dayAt < 0 || amountAt < 0 || referenceAt < 0) {
    return err({ line: 1, what: 'the first line names the columns day, amount, reference and, if there is one, text' })
  }
  const unknown = columns.find((column) => !COLUMNS.some((known) => known === column))
  if (unknown !== undefined) return err({ line: 1, what: `there is no column ${unknown}` })
  const lines: FileLine[] = []
  for (const [index, row] of rows.entries()) {
    if (row === '') continue
    const fields = row.includes('"') ? quotedFields(row) : row.split(',')
    const number = index + 2
    if (fields?.length !== columns.length) return err({ line: number, what: `has not ${columns.length} fields` })
    const day = localDate(fields[dayAt] ?? '')
    if (!day.ok) return err({ line: number, what: 'day is none such as 2026-11-26' })
    const written = fields[amountAt] ?? ''
    const amount = parseAmount(written.replace(/^-/, ''), currency)
    if (!amount.ok) return err({ line: number, what: `amount is none of ${currency} (${amount.error})` })
    lines.push({
      ...{ line: number, day: dayNumber(day.value), minor: written.startsWith('-') ? -amount.value : amount.value },
      ...{ reference: (fields[referenceAt] ?? '').slice(0, TEXT_MAX), text: (fields[textAt] ?? '').slice(0, TEXT_MAX) },
    })
  }
  return ok(lines)
}

/** A row of RFC 4180 with quotes; undefined when one is not closed. */
function quotedFields(row: string): readonly string[] | undefined {
  const fields: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y
  for (let last = ','; last === ','; ) {
    const found = field.exec(row)
    if (found === null) return undefined
    const [, quoted, plain = '', end = ''] = found
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    last = end
  }
  return fields
}

/** camt.053: what the servicer books to the credit of its customer makes our account grow. Entries that are not booked yet are left out. */
function readCamt(bytes: Uint8Array, currency: CurrencyCode): Result<readonly FileLine[], FileFault> {
  const read = readIsoMessage(bytes, { maxBytes: CAMT_BYTES_MAX })
  if (!read.ok) return err({ line: 1, what: `it is no valid camt.053: ${read.error.rule} at ${read.error.path}` })
  if (read.value.kind !== 'day_statement') return err({ line: 1, what: 'it is another message than camt.053' })
  const lines: FileLine[] = []
  let number = 0
  for (const { entries = [], to } of read.value.value.reports) {
    for (const entry of entries) {
      number += 1
      if (entry.status !== 'BOOK') continue
      if (entry.amount.currency !== currency) return err({ line: number, what: `the entry is not in ${currency}` })
      const day = entry.bookedOn ?? entry.valuedOn ?? dayOfMicros(entry.bookedAt ?? to)
      if (day === undefined) return err({ line: number, what: 'the entry has no day' })
      const [detail] = entry.details ?? []
      const reference =
        detail?.uetr ?? detail?.endToEndId ?? detail?.transactionId ?? entry.servicerReference ?? entry.reference ?? ''
      lines.push({
        ...{
          line: number,
          day: dayNumber(day),
          minor: entry.side === 'CRDT' ? entry.amount.minor : -entry.amount.minor,
        },
        ...{ reference, text: (detail?.remittance ?? entry.code ?? '').slice(0, TEXT_MAX) },
      })
    }
  }
  return ok(lines)
}

function dayOfMicros(at: number | undefined): string | undefined {
  if (at === undefined) return undefined
  invariant(Number.isSafeInteger(at), 'a time is a count of microseconds')
  return new Date(at / 1000).toISOString().slice(0, 10)
}
