import { describe, expect, it } from 'vitest'
import { csvColumns, csvFields, csvText } from './import-csv.ts'
import { type ImportFormat, LINE_LENGTH_MAX, readImportLine } from './import-reader.ts'

const COLUMNS = [
  'type',
  'reference',
  'subject',
  'currency',
  'floor',
  'debit',
  'credit',
  'amount',
  'code',
  'effective_on',
]
const CSV: ImportFormat = { type: 'csv', columns: COLUMNS }
const JSONL: ImportFormat = { type: 'jsonl' }

function verdict(text: string, format: ImportFormat): string {
  const read = readImportLine(text, 7, format)
  if (read === undefined) return 'nothing'
  return read.is === 'fault' ? `${read.fault.code}: ${read.fault.detail}` : read.record.type
}

describe('a line of CSV', () => {
  it.each([
    ['account,till,1002,CNY,,,,,,', 'account'],
    ['account,till,1002,CNY', 'account'],
    ['account,till,1002,CNY,-5.00', 'account'],
    ['transfer,t-1,,CNY,,till,bank,0.01,,', 'transfer'],
    ['transfer,,,CNY,,"a, ""b""",bank,1,transfer,2026-11-22', 'transfer'],
    ['', 'nothing'],
    ['  ', 'nothing'],
    ['account,"till,1002', 'line_malformed: A quote is not where it may be.'],
    ['account,ti"ll,1002', 'line_malformed: A quote is not where it may be.'],
    ['a,b,c,d,e,f,g,h,i,j,k', 'line_malformed: It has 11 fields, and the first line names 10.'],
    ['nonsense', 'field_invalid: type must be account or transfer.'],
    ['account,till,1002,CNY,,x', 'field_unknown: An account has no debit.'],
    ['transfer,t,1002,CNY,,a,b,1', 'field_unknown: A transfer has no subject.'],
    ['account,,1002,CNY', 'field_missing: reference is needed.'],
    ['account,till,,CNY', 'field_missing: subject is needed.'],
    ['account,till,9999,CNY', 'field_invalid: 9999 is not in the chart of accounts.'],
    ['account,till,1002,XYZ', 'field_invalid: currency must be a code of ISO 4217, such as CNY.'],
    ['account,till,1002,CNY,1.234', 'field_invalid: floor is not an amount of CNY: too_many_decimals.'],
    ['account,acct_000000012000,1002,CNY', 'field_invalid: reference looks like an id of Huitong.'],
    [`account,${'x'.repeat(129)},1002,CNY`, 'field_invalid: reference may have 128 characters.'],
    ['account,till\ufffd,1002,CNY', 'field_invalid: reference holds characters that cannot be kept.'],
    ['transfer,t,,CNY,,,b,1', 'field_missing: debit is needed.'],
    ['transfer,t,,CNY,,a,,1', 'field_missing: credit is needed.'],
    ['transfer,t,,CNY,,a,b,', 'field_missing: amount is needed.'],
    ['transfer,t,,CNY,,a,b,0', 'field_invalid: amount is not one of CNY that can be moved: zero.'],
    ['transfer,t,,CNY,,a,b,-1', 'field_invalid: amount is not one of CNY that can be moved: negative.'],
    ['transfer,t,,JPY,,a,b,1.5', 'field_invalid: amount is not one of JPY that can be moved: too_many_decimals.'],
    ['transfer,t,,CNY,,acct_nonsense,b,1', 'field_invalid: debit is neither the id of an account nor a reference.'],
    ['transfer,t,,CNY,,a,b,1,,2026-02-30', 'field_invalid: effective_on must be a day such as 2026-11-22.'],
    ['x'.repeat(LINE_LENGTH_MAX + 1), `line_too_long: It has ${LINE_LENGTH_MAX + 1} characters.`],
  ])('%s', (text, expected) => {
    expect(verdict(text, CSV)).toBe(expected)
  })

  it('names its columns in the first line', () => {
    expect(csvColumns(COLUMNS.join())).toEqual({ ok: true, value: COLUMNS })
    expect(csvColumns('\ufefftype,amount').ok).toBe(true)
    for (const bad of ['', 'amount', 'type,type', 'type,colour', '"type']) expect(csvColumns(bad).ok).toBe(false)
  })

  it('is read back as it was written', () => {
    const values = ['plain', 'with, comma', 'with "quotes"', '', '"', ',']
    expect(csvFields(values.map(csvText).join())).toEqual(values)
    expect(csvFields('a,b,')).toEqual(['a', 'b', ''])
    expect(csvFields('"a","b",')).toEqual(['a', 'b', ''])
  })
})

describe('a line of JSON', () => {
  const leg = '{"debit":"a","credit":"b","amount":"1.00","currency":"CNY"}'
  it.each([
    ['{"type":"account","reference":"till","subject":"1002","currency":"CNY","floor":null}', 'account'],
    ['{"type":"transfer","debit":"a","credit":"b","amount":"1.00","currency":"CNY"}', 'transfer'],
    [`{"type":"transfer","reference":"e-1","legs":[${leg},${leg}]}`, 'transfer'],
    ['{"type":"transfer"', 'line_malformed: It is not JSON: not_json at 18.'],
    ['{"type":"account","type":"transfer"}', 'line_malformed: It is not JSON: duplicate_key at 18.'],
    ['[]', 'line_malformed: It is no JSON object.'],
    ['{"type":"transfer","amount":1.5}', 'field_invalid: amount must be text.'],
    [`{"type":"transfer","debit":"a","legs":[${leg}]}`, 'field_unknown: A transfer of several legs has no debit.'],
    [`{"type":"account","legs":[${leg}]}`, 'field_unknown: Only a transfer has legs.'],
    ['{"type":"transfer","legs":[]}', 'field_invalid: legs must be a list of 1 to 100.'],
    [`{"type":"transfer","legs":[${leg},7]}`, 'field_invalid: legs[1]: it must be text.'],
    ['{"type":"transfer","legs":[{"debit":"a","note":"x"}]}', 'field_unknown: legs[0] has no note.'],
    ['{"type":"transfer","legs":[{"debit":"a"}]}', 'field_missing: legs[0]: credit is needed.'],
    ['{"type":"transfer","legs":[{"debit":"a\\u0000"}]}', 'field_invalid: legs[0]: debit must be text.'],
  ])('%s', (text, expected) => {
    expect(verdict(text, JSONL)).toBe(expected)
  })
})
