import { isJsonObject, isStorable, type JsonValue, parseJsonStrict } from '@huitong/kernel'
import { csvFields } from './import-csv.ts'
import { type ImportFields, readDay, readFields, readLeg, referenceFault } from './import-fields.ts'
import type { ImportedAccount, ImportedLeg, ImportedTransfer, ImportFault, ImportLine } from './import-line.ts'

export type ImportFormat = { readonly type: 'csv'; readonly columns: readonly string[] } | { readonly type: 'jsonl' }

/** UTF-16 units; a line of a hundred legs has a tenth of it. */
export const LINE_LENGTH_MAX = 100_000
const LEGS_MAX = 100

/** Reads one line of a file. Undefined: there is nothing in it. */
export function readImportLine(text: string, line: number, format: ImportFormat): ImportLine | undefined {
  if (text === '' || text.trim() === '') return undefined
  if (text.length > LINE_LENGTH_MAX) return fault(line, 'line_too_long', `It has ${text.length} characters.`)
  return format.type === 'csv' ? readCsv(text, line, format.columns) : readJson(text, line)
}

function readCsv(text: string, line: number, columns: readonly string[]): ImportLine {
  const values = csvFields(text)
  if (values === undefined) return fault(line, 'line_malformed', 'A quote is not where it may be.')
  if (values.length > columns.length) {
    return fault(line, 'line_malformed', `It has ${values.length} fields, and the first line names ${columns.length}.`)
  }
  const fields: Record<string, string | undefined> = {}
  for (const [index, column] of columns.entries()) fields[column] = values[index]
  return judged(line, readFields(fields))
}

function readJson(text: string, line: number): ImportLine {
  const parsed = parseJsonStrict(text)
  if (!parsed.ok) return fault(line, 'line_malformed', `It is not JSON: ${parsed.error.code} at ${parsed.error.at}.`)
  if (!isJsonObject(parsed.value)) return fault(line, 'line_malformed', 'It is no JSON object.')
  const { legs, ...rest } = parsed.value
  const fields = textFields(rest)
  if (typeof fields === 'string') return fault(line, 'field_invalid', `${fields} must be text.`)
  return legs === undefined ? judged(line, readFields(fields)) : readLegs(line, fields, legs)
}

function readLegs(line: number, fields: ImportFields, legs: JsonValue): ImportLine {
  const stray = Object.keys(fields).find((name) => !['type', 'reference', 'effective_on'].includes(name))
  if (stray !== undefined) return fault(line, 'field_unknown', `A transfer of several legs has no ${stray}.`)
  if (fields.type !== 'transfer') return fault(line, 'field_unknown', 'Only a transfer has legs.')
  if (!Array.isArray(legs) || legs.length === 0 || legs.length > LEGS_MAX) {
    return fault(line, 'field_invalid', `legs must be a list of 1 to ${LEGS_MAX}.`)
  }
  const { reference = '', effective_on: effectiveText = '' } = fields
  const bad = reference === '' ? undefined : referenceFault(reference)
  if (bad !== undefined) return fault(line, 'field_invalid', bad)
  const day = readDay(effectiveText)
  if (!day.ok) return judged(line, day)
  const read: ImportedLeg[] = []
  for (const [index, leg] of legs.entries()) {
    const of = isJsonObject(leg) ? textFields(leg) : 'it'
    if (typeof of === 'string') return fault(line, 'field_invalid', `legs[${index}]: ${of} must be text.`)
    const unknown = Object.keys(of).find((name) => !['debit', 'credit', 'amount', 'currency', 'code'].includes(name))
    if (unknown !== undefined) return fault(line, 'field_unknown', `legs[${index}] has no ${unknown}.`)
    const result = readLeg(of)
    if (!result.ok) return fault(line, result.error.code, `legs[${index}]: ${result.error.detail}`)
    read.push(result.value)
  }
  return judged(line, {
    ok: true,
    value: { type: 'transfer', reference: reference === '' ? null : reference, legs: read, effectiveOn: day.value },
  })
}

/** The fields of an object whose values are all text (null counts as absent), or the name of one that is not. */
function textFields(json: Readonly<Record<string, JsonValue>>): ImportFields | string {
  const fields: Record<string, string> = {}
  for (const name in json) {
    const value = json[name]
    if (value === null || value === undefined) continue
    // Amounts are text at every edge: a number would have gone through a float somewhere.
    if (typeof value !== 'string' || !isStorable(value)) return name
    fields[name] = value
  }
  return fields
}

function judged(
  line: number,
  read:
    | { readonly ok: true; readonly value: ImportedAccount | ImportedTransfer }
    | { readonly ok: false; readonly error: ImportFault },
): ImportLine {
  return read.ok ? { line, is: 'record', record: read.value } : { line, is: 'fault', fault: read.error }
}

function fault(line: number, code: ImportFault['code'], detail: string): ImportLine {
  return { line, is: 'fault', fault: { code, detail } }
}
