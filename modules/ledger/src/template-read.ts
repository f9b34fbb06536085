import { currencyCode, err, ok, parseAmount, type Result } from '@huitong/kernel'
import { isRounding, parseRate, ROUNDINGS, type Rounding } from './exact.ts'
import { type SubjectCode, subjectCode } from './subjects.ts'
import type { AccountTerm, CurrencyTerm, Expression, ParameterType, RateTerm, TextTerm } from './template.ts'

/** What is wrong with a definition, and where. */
export interface DefinitionFault {
  readonly field: string
  readonly rule: string
  readonly message: string
}

type Read<T> = Result<T, DefinitionFault>
type Fields = Readonly<Record<string, unknown>>

export const NAME = /^[a-z][a-zA-Z0-9_]{0,31}$/
/** References such as `customer:4711` or `INV-2026-001`: texts are journaled, and the journal holds no names and no sentences. */
export const REFERENCE_TEXT = /^[A-Za-z0-9][A-Za-z0-9:_./-]{0,63}$/

/** Reads the parts of a definition. It knows the names that the definition gives, so that a wrong one is found where it is used. */
export class DefinitionReader {
  readonly #parameters: ReadonlyMap<string, ParameterType>
  readonly #values: ReadonlySet<string>
  readonly #parts: ReadonlySet<string>

  constructor(parameters: ReadonlyMap<string, ParameterType>, values: ReadonlySet<string>, parts: ReadonlySet<string>) {
    this.#parameters = parameters
    this.#values = values
    this.#parts = parts
  }

  currency(field: string, value: unknown): Read<CurrencyTerm> {
    if (typeof value !== 'string')
      return bad(field, 'currency', 'must be a currency or the name of a currency parameter')
    const code = currencyCode(value)
    if (code.ok) return ok({ type: 'code', code: code.value })
    return this.#named(field, value, 'currency')
  }

  rate(field: string, value: unknown): Read<RateTerm> {
    if (typeof value === 'string' && /^\d/.test(value)) {
      const rate = parseRate(value)
      return rate.ok
        ? ok({ type: 'literal', rate: rate.value })
        : bad(field, rate.error, 'must be a decimal above zero')
    }
    return this.#named(field, value, 'rate')
  }

  account(field: string, value: unknown): Read<AccountTerm> {
    const term = fieldsOf(value)
    if (term === undefined) return bad(field, 'account', 'must be an object that says which account')
    if ('parameter' in term) {
      const only = onlyFields(field, term, ['parameter'])
      return only ?? this.#named(`${field}.parameter`, term.parameter, 'account')
    }
    if ('ownAccount' in term) {
      const subject = this.subject(`${field}.ownAccount`, term.ownAccount)
      return (
        onlyFields(field, term, ['ownAccount']) ?? (subject.ok ? ok({ type: 'own', subject: subject.value }) : subject)
      )
    }
    const only = onlyFields(field, term, ['owner', 'subject'])
    if (only !== undefined) return only
    const subject = this.subject(`${field}.subject`, term.subject)
    if (!subject.ok) return subject
    const owner = this.#text(`${field}.owner`, term.owner)
    return owner.ok ? ok({ type: 'owned', subject: subject.value, owner: owner.value }) : owner
  }

  subject(field: string, value: unknown): Read<SubjectCode> {
    const subject = typeof value === 'string' ? subjectCode(value) : undefined
    return subject === undefined ? bad(field, 'known_subject', 'is not in the chart of accounts') : ok(subject)
  }

  expression(field: string, value: unknown): Read<Expression> {
    if (typeof value === 'string') return this.#reference(field, value)
    const term = fieldsOf(value)
    if (term === undefined) return bad(field, 'expression', 'must be a name or an expression')
    if ('literal' in term) return onlyFields(field, term, ['literal', 'currency']) ?? this.#literal(field, term)
    for (const type of ['sum', 'min', 'max'] as const) {
      if (!(type in term)) continue
      const of = this.#expressions(`${field}.${type}`, term[type])
      return onlyFields(field, term, [type]) ?? (of.ok ? ok({ type, of: of.value }) : of)
    }
    if ('difference' in term) {
      const of = this.#expressions(`${field}.difference`, term.difference)
      if (!of.ok) return of
      const [from, less] = of.value
      if (from === undefined || less === undefined || of.value.length !== 2) {
        return bad(`${field}.difference`, 'two', 'takes the second of two from the first')
      }
      return onlyFields(field, term, ['difference']) ?? ok({ type: 'difference', from, less })
    }
    if ('percent' in term) return onlyFields(field, term, ['percent', 'of', 'rounding']) ?? this.#percent(field, term)
    if ('convert' in term) {
      return onlyFields(field, term, ['convert', 'rate', 'to', 'rounding']) ?? this.#convert(field, term)
    }
    return bad(field, 'expression', 'is none of literal, sum, difference, min, max, percent, convert')
  }

  #expressions(field: string, value: unknown): Read<readonly Expression[]> {
    if (!Array.isArray(value) || value.length === 0 || value.length > 20) {
      return bad(field, 'expressions', 'must be a list of 1 to 20 expressions')
    }
    const found: Expression[] = []
    for (const [index, one] of value.entries()) {
      const read = this.expression(`${field}[${index}]`, one)
      if (!read.ok) return read
      found.push(read.value)
    }
    return ok(found)
  }

  #reference(field: string, name: string): Read<Expression> {
    if (this.#parameters.get(name) === 'amount') return ok({ type: 'parameter', name })
    if (this.#values.has(name)) return ok({ type: 'value', name })
    if (this.#parts.has(name)) return ok({ type: 'part', name })
    return bad(field, 'known_name', `${name} is no amount parameter, value or part`)
  }

  #literal(field: string, term: Fields): Read<Expression> {
    const currency = this.currency(`${field}.currency`, term.currency)
    if (!currency.ok) return currency
    if (currency.value.type !== 'code') return bad(`${field}.currency`, 'iso_4217', 'of a literal must be a currency')
    const minor = parseAmount(typeof term.literal === 'string' ? term.literal : '', currency.value.code)
    if (!minor.ok) return bad(`${field}.literal`, minor.error, `is not an amount of ${currency.value.code}`)
    return ok({ type: 'literal', minor: minor.value, currency: currency.value })
  }

  #percent(field: string, term: Fields): Read<Expression> {
    const percent = this.rate(`${field}.percent`, term.percent)
    if (!percent.ok) return percent
    const of = this.expression(`${field}.of`, term.of)
    if (!of.ok) return of
    const rounding = readRounding(`${field}.rounding`, term.rounding)
    if (!rounding.ok) return rounding
    return ok({ type: 'percent', percent: percent.value, of: of.value, rounding: rounding.value })
  }

  #convert(field: string, term: Fields): Read<Expression> {
    const of = this.expression(`${field}.convert`, term.convert)
    if (!of.ok) return of
    const rate = this.rate(`${field}.rate`, term.rate)
    if (!rate.ok) return rate
    const to = this.currency(`${field}.to`, term.to)
    if (!to.ok) return to
    const rounding = readRounding(`${field}.rounding`, term.rounding)
    if (!rounding.ok) return rounding
    return ok({ type: 'convert', of: of.value, rate: rate.value, to: to.value, rounding: rounding.value })
  }

  #text(field: string, value: unknown): Read<TextTerm> {
    if (typeof value === 'string') {
      return REFERENCE_TEXT.test(value)
        ? ok({ type: 'literal', text: value })
        : bad(field, 'reference', 'must be a reference')
    }
    const term = fieldsOf(value)
    if (term === undefined) return bad(field, 'required', 'must be a reference or a text parameter')
    return onlyFields(field, term, ['parameter']) ?? this.#named(`${field}.parameter`, term.parameter, 'text')
  }

  #named(
    field: string,
    name: unknown,
    type: ParameterType,
  ): Read<{ readonly type: 'parameter'; readonly name: string }> {
    if (typeof name === 'string' && this.#parameters.get(name) === type) return ok({ type: 'parameter', name })
    return bad(field, 'known_name', `must name a parameter of type ${type}`)
  }
}

function readRounding(field: string, value: unknown): Read<Rounding> {
  if (typeof value === 'string' && isRounding(value)) return ok(value)
  return bad(field, 'known_rounding', `must be one of ${Object.keys(ROUNDINGS).join(', ')}`)
}

/** A JSON object's fields. */
export function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.fromEntries(Object.entries(value))
}

/** A fault when there is a field that nothing will read: a mistake must not be taken for a wish. */
export function onlyFields(
  field: string,
  fields: Fields,
  allowed: readonly string[],
): { readonly ok: false; readonly error: DefinitionFault } | undefined {
  const other = Object.keys(fields).find((name) => !allowed.includes(name))
  if (other === undefined) return undefined
  return bad(field === '' ? other : `${field}.${other}`, 'not_allowed', 'has no meaning here')
}

export function bad(
  field: string,
  rule: string,
  message: string,
): { readonly ok: false; readonly error: DefinitionFault } {
  return err({ field, rule, message })
}
