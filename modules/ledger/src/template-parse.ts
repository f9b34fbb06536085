import { ok, type Result } from '@huitong/kernel'
import {
  type Allocation,
  type CurrencyTerm,
  type Expression,
  PARAMETER_TYPES,
  type Parameter,
  type ParameterType,
  type Template,
  type TemplateLine,
} from './template.ts'
import { argumentFault } from './template-arguments.ts'
import { typeFault } from './template-check.ts'
import { bad, type DefinitionFault, DefinitionReader, fieldsOf, NAME, onlyFields } from './template-read.ts'
import { isPostingCode, postingCodes } from './transfer.ts'

type Read<T> = Result<T, DefinitionFault>
type Fields = Readonly<Record<string, unknown>>

const FIELDS = ['description', 'code', 'parameters', 'values', 'allocations', 'lines', 'effectiveOn']
const LINES_MAX = 100
const NAMES_MAX = 100

/** Reads and judges a template's definition: a JSON value as it came over HTTP or out of its table. */
export function parseTemplate(definition: unknown): Read<Template> {
  const fields = fieldsOf(definition)
  if (fields === undefined) return bad('', 'object', 'must be an object')
  const only = onlyFields('', fields, FIELDS)
  if (only !== undefined) return only
  const { description = '', code = 'adjustment' } = fields
  if (typeof description !== 'string' || description.length > 200) {
    return bad('description', 'text', 'must be a text of at most 200 characters')
  }
  if (typeof code !== 'string' || !isPostingCode(code)) {
    return bad('code', 'known_code', `must be one of ${postingCodes().join(', ')}`)
  }
  const names = readNames(fields)
  if (!names.ok) return names
  const { types, values, allocations, parts } = names.value
  const reader = new DefinitionReader(types, new Set(Object.keys(values)), parts)
  const parameters = readParameters(reader, fieldsOf(fields.parameters ?? {}) ?? {}, types)
  if (!parameters.ok) return parameters
  const readValues = new Map<string, Expression>()
  for (const [name, value] of Object.entries(values)) {
    const read = reader.expression(`values.${name}`, value)
    if (!read.ok) return read
    readValues.set(name, read.value)
  }
  const readAllocations = new Map<string, Allocation>()
  for (const [name, allocation] of Object.entries(allocations)) {
    const read = readAllocation(reader, `allocations.${name}`, allocation)
    if (!read.ok) return read
    readAllocations.set(name, read.value)
  }
  const lines = readLines(reader, fields.lines)
  if (!lines.ok) return lines
  const { effectiveOn = null } = fields
  if (effectiveOn !== null && (typeof effectiveOn !== 'string' || types.get(effectiveOn) !== 'date')) {
    return bad('effectiveOn', 'date_parameter', 'must be the name of a parameter of type date')
  }
  const template = {
    ...{ description, code, parameters: parameters.value, values: readValues },
    ...{ allocations: readAllocations, lines: lines.value, effectiveOn },
  }
  const fault = typeFault(template)
  return fault === undefined ? ok(template) : { ok: false, error: fault }
}

interface Names {
  readonly types: ReadonlyMap<string, ParameterType>
  readonly values: Fields
  readonly allocations: Fields
  readonly parts: ReadonlySet<string>
}

/** All names that a definition gives; each is given once. */
function readNames(fields: Fields): Read<Names> {
  const groups: Record<'parameters' | 'values' | 'allocations', Fields> = {
    parameters: {},
    values: {},
    allocations: {},
  }
  const taken = new Set<string>()
  for (const group of ['parameters', 'values', 'allocations'] as const) {
    const members = fieldsOf(fields[group] ?? {})
    if (members === undefined) return bad(group, 'object', 'must be an object of names')
    for (const name of Object.keys(members)) {
      if (!NAME.test(name)) return bad(`${group}.${name}`, 'name', 'must start with a small letter and have no spaces')
      if (taken.has(name)) return bad(`${group}.${name}`, 'once', 'is the name of something else already')
      taken.add(name)
    }
    groups[group] = members
  }
  if (taken.size > NAMES_MAX) return bad('parameters', 'at_most', `may be ${NAMES_MAX} names in all`)
  const types = new Map<string, ParameterType>()
  for (const [name, parameter] of Object.entries(groups.parameters)) {
    const type = PARAMETER_TYPES.find((one) => one === fieldsOf(parameter)?.type)
    if (type === undefined)
      return bad(`parameters.${name}.type`, 'known_type', `must be one of ${PARAMETER_TYPES.join(', ')}`)
    types.set(name, type)
  }
  const parts = new Set<string>()
  for (const [name, allocation] of Object.entries(groups.allocations)) {
    const list = fieldsOf(allocation)?.parts
    for (const part of Array.isArray(list) ? list : []) {
      const of = fieldsOf(part)?.name
      if (typeof of === 'string') parts.add(`${name}.${of}`)
    }
  }
  return ok({ types, values: groups.values, allocations: groups.allocations, parts })
}

function readParameters(
  reader: DefinitionReader,
  members: Fields,
  types: ReadonlyMap<string, ParameterType>,
): Read<ReadonlyMap<string, Parameter>> {
  const parameters = new Map<string, Parameter>()
  for (const [name, type] of types) {
    const field = `parameters.${name}`
    const spec = fieldsOf(members[name]) ?? {}
    const allowed = { amount: ['currency'], account: ['subjects'], currency: [], text: [], rate: [], date: [] }[type]
    const only = onlyFields(field, spec, ['type', 'default', ...allowed])
    if (only !== undefined) return only
    let currency: CurrencyTerm | null = null
    if (type === 'amount') {
      const read = reader.currency(`${field}.currency`, spec.currency)
      if (!read.ok) return read
      currency = read.value
    }
    const subjects = spec.subjects === undefined ? null : spec.subjects
    if (subjects !== null && !Array.isArray(subjects))
      return bad(`${field}.subjects`, 'list', 'must be a list of subjects')
    const read = (subjects ?? []).map((one: unknown, index) => reader.subject(`${field}.subjects[${index}]`, one))
    const wrong = read.find((one) => !one.ok)
    if (wrong !== undefined && !wrong.ok) return wrong
    const otherwise = spec.default ?? null
    if (otherwise !== null && typeof otherwise !== 'string') return bad(`${field}.default`, 'text', 'must be a text')
    const parameter: Parameter = {
      ...{ type, currency, otherwise },
      subjects: subjects === null ? null : read.flatMap((one) => (one.ok ? [one.value] : [])),
    }
    const fault = otherwise === null ? undefined : argumentFault(parameter, otherwise)
    if (fault !== undefined) return bad(`${field}.default`, fault, `is not a value of type ${type}`)
    parameters.set(name, parameter)
  }
  return ok(parameters)
}

function readAllocation(reader: DefinitionReader, field: string, value: unknown): Read<Allocation> {
  const fields = fieldsOf(value) ?? {}
  const only = onlyFields(field, fields, ['of', 'parts'])
  if (only !== undefined) return only
  const of = reader.expression(`${field}.of`, fields.of)
  if (!of.ok) return of
  if (!Array.isArray(fields.parts) || fields.parts.length < 2 || fields.parts.length > 50) {
    return bad(`${field}.parts`, 'parts', 'must be a list of 2 to 50 parts')
  }
  const parts: Allocation['parts'][number][] = []
  for (const [index, part] of fields.parts.entries()) {
    const at = `${field}.parts[${index}]`
    const { name, weight, ...rest } = fieldsOf(part) ?? {}
    const extra = onlyFields(at, rest, [])
    if (extra !== undefined) return extra
    if (typeof name !== 'string' || !NAME.test(name)) return bad(`${at}.name`, 'name', 'must be a name')
    if (parts.some((one) => one.name === name)) return bad(`${at}.name`, 'once', 'is the name of another part')
    const read = reader.rate(`${at}.weight`, weight)
    if (!read.ok) return read
    parts.push({ name, weight: read.value })
  }
  return ok({ of: of.value, parts })
}

function readLines(reader: DefinitionReader, value: unknown): Read<readonly TemplateLine[]> {
  if (!Array.isArray(value) || value.length < 2 || value.length > LINES_MAX) {
    return bad('lines', 'lines', `must be a list of 2 to ${LINES_MAX} lines`)
  }
  const lines: TemplateLine[] = []
  for (const [index, line] of value.entries()) {
    const field = `lines[${index}]`
    const fields = fieldsOf(line) ?? {}
    const only = onlyFields(field, fields, ['side', 'account', 'currency', 'amount'])
    if (only !== undefined) return only
    const { side } = fields
    if (side !== 'debit' && side !== 'credit') return bad(`${field}.side`, 'side', 'must be debit or credit')
    const account = reader.account(`${field}.account`, fields.account)
    if (!account.ok) return account
    const currency = reader.currency(`${field}.currency`, fields.currency)
    if (!currency.ok) return currency
    const amount =
      fields.amount === 'remainder' ? ok('remainder' as const) : reader.expression(`${field}.amount`, fields.amount)
    if (!amount.ok) return amount
    lines.push({ side, account: account.value, currency: currency.value, amount: amount.value })
  }
  return ok(lines)
}
