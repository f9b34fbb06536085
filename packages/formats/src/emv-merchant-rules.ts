import { type EmvFault, type EmvFaultCode, emvFault } from './emv-fault.ts'
import type { EmvFields, EmvParsedCode } from './emv-fields.ts'
import { type EmvTip, isAccountId } from './emv-merchant-code.ts'

/*
 * The rules of a payable code as a table, in the order in which they are told. Lengths are in characters. Names and places are ASCII:
 * whoever is called otherwise has template 64 for it.
 */

interface FieldRule {
  readonly required: boolean
  readonly lengths: readonly [min: number, max: number]
  readonly fault?: (value: string) => EmvFaultCode | undefined
}

const ASCII = /^[\x20-\x7e]+$/
const AMOUNT = /^[0-9]+(?:\.[0-9]+)?$/

const digits = (value: string): EmvFaultCode | undefined => (/^[0-9]+$/.test(value) ? undefined : 'not_digits')
const printable = (value: string): EmvFaultCode | undefined => (ASCII.test(value) ? undefined : 'not_printable')
const oneOf =
  (values: readonly string[], code: EmvFaultCode) =>
  (value: string): EmvFaultCode | undefined =>
    values.includes(value) ? undefined : code

function amount(value: string): EmvFaultCode | undefined {
  if (!AMOUNT.test(value)) return 'amount_malformed'
  return /[1-9]/.test(value) ? undefined : 'amount_zero'
}

const PERCENT = /^[0-9]{1,2}(?:\.[0-9]{1,2})?$/

const RULES: Readonly<Record<string, FieldRule>> = {
  '00': { required: true, lengths: [2, 2], fault: oneOf(['01'], 'format_not_supported') },
  '01': { required: false, lengths: [2, 2], fault: oneOf(['11', '12'], 'point_of_initiation_unknown') },
  '52': { required: true, lengths: [4, 4], fault: digits },
  '53': { required: true, lengths: [3, 3], fault: digits },
  '54': { required: false, lengths: [1, 13], fault: amount },
  '55': { required: false, lengths: [2, 2], fault: oneOf(['01', '02', '03'], 'tip_indicator_unknown') },
  '56': { required: false, lengths: [1, 13], fault: amount },
  '57': {
    required: false,
    lengths: [1, 5],
    fault: (value) => (PERCENT.test(value) ? amount(value) : 'amount_malformed'),
  },
  '58': { required: true, lengths: [2, 2], fault: (value) => (/^[A-Z]{2}$/.test(value) ? undefined : 'not_letters') },
  '59': { required: true, lengths: [1, 25], fault: printable },
  '60': { required: true, lengths: [1, 15], fault: printable },
  '61': { required: false, lengths: [1, 10], fault: printable },
}

const ADDITIONAL: Readonly<Record<string, FieldRule>> = {
  ...Object.fromEntries(
    ['01', '02', '03', '04', '05', '06', '07', '08'].map((id) => [
      id,
      { required: false, lengths: [1, 25], fault: printable } satisfies FieldRule,
    ]),
  ),
  '09': {
    required: false,
    lengths: [1, 3],
    fault: (value) => (/^(?!.*(.).*\1)[AME]+$/.test(value) ? undefined : 'value_unknown'),
  },
}

const LANGUAGE: Readonly<Record<string, FieldRule>> = {
  '00': { required: true, lengths: [2, 2] },
  '01': { required: true, lengths: [1, 25] },
  '02': { required: false, lengths: [1, 15] },
}

const IDENTIFIED: Readonly<Record<string, FieldRule>> = {
  '00': { required: true, lengths: [1, 32], fault: printable },
}

/** The first rule that the code breaks. */
export function emvRulesFault({ fields, templates }: EmvParsedCode): EmvFault | undefined {
  const plain = tableFault(fields, RULES, null)
  if (plain !== undefined) return plain
  if (![...fields.keys()].some(isAccountId)) return emvFault('missing', '26').error
  const tip = tipFault(fields)
  if (tip !== undefined) return tip
  for (const [id, inner] of templates) {
    const table = id === '62' ? ADDITIONAL : id === '64' ? LANGUAGE : IDENTIFIED
    const fault = tableFault(inner, table, id)
    if (fault !== undefined) return fault
  }
  return undefined
}

function tableFault(
  fields: EmvFields,
  table: Readonly<Record<string, FieldRule>>,
  at: string | null,
): EmvFault | undefined {
  for (const [id, rule] of Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const field = at === null ? id : `${at}.${id}`
    const value = fields.get(id)
    if (value === undefined) {
      if (rule.required) return { code: 'missing', field }
      continue
    }
    const length = Array.from(value).length
    if (length < rule.lengths[0] || length > rule.lengths[1]) return { code: 'wrong_length', field }
    const code = rule.fault?.(value)
    if (code !== undefined) return { code, field }
  }
  return undefined
}

/** Field 55 announces what 56 and 57 say: exactly the announced one is there. */
function tipFault(fields: EmvFields): EmvFault | undefined {
  const announced = fields.get('55')
  for (const [field, indicator] of [
    ['56', '02'],
    ['57', '03'],
  ] as const) {
    if (fields.has(field) && announced !== indicator) return { code: 'tip_not_announced', field }
    if (!fields.has(field) && announced === indicator) return { code: 'missing', field }
  }
  return undefined
}

export function readEmvTip(fields: EmvFields): EmvTip | null {
  switch (fields.get('55')) {
    case '01':
      return { kind: 'ask' }
    case '02':
      return { kind: 'fixed', amount: fields.get('56') ?? '' }
    case '03':
      return { kind: 'percent', percent: fields.get('57') ?? '' }
    default:
      return null
  }
}
