import {
  type AmountLimits,
  CNY,
  err,
  isJsonObject,
  isStorable,
  JsonNumber,
  type JsonValue,
  ok,
  parseAmount,
  type Result,
  storableText,
} from '@huitong/kernel'

/*
 * Rules for the fields of business content. Whoever breaks one is told which field and what it must be. Numbers are judged as they
 * are written: an amount may be text or a number token, and never becomes a float on the way.
 */

export interface FieldRule {
  readonly required: boolean
  /** The field as text, as it is used further on; for objects and lists, which nobody here looks into, their place holder "". */
  readonly read: (value: JsonValue) => Result<string, string>
}

export interface TextOptions {
  readonly max: number
  readonly pattern?: RegExp
  /** What the pattern asks for, in words that follow "must be". */
  readonly form?: string
}

/** One line of text. A whole number is taken as its digits, since some clients write numbers of orders so. */
export function text(options: TextOptions): FieldRule {
  const { max, pattern, form = `one line of 1 to ${max} characters without control characters` } = options
  return optional((value) => {
    const written = value instanceof JsonNumber && /^[0-9]+$/.test(value.text) ? value.text : value
    if (typeof written !== 'string') return err(`must be text`)
    const judged = storableText(written, { max })
    if (!judged.ok || (pattern !== undefined && !pattern.test(written))) return err(`must be ${form}`)
    return judged
  })
}

/** Yuan as text or as a number token. */
export function amount(limits: AmountLimits): FieldRule {
  return optional((value) => {
    const written = value instanceof JsonNumber ? value.text : value
    if (typeof written !== 'string') return err('must be an amount')
    const judged = parseAmount(written, CNY, limits)
    return judged.ok ? ok(written) : err(AMOUNT_TEXTS[judged.error])
  })
}

const AMOUNT_TEXTS = {
  not_a_number: 'must be a decimal number such as 88.88',
  exponent_form: 'must be written without an exponent',
  negative: 'must not be negative',
  too_many_decimals: 'must have at most two decimals',
  zero: 'must not be zero',
  too_large: 'is above the largest amount allowed',
} as const

export function oneOf(values: readonly string[]): FieldRule {
  return optional((value) => {
    return typeof value === 'string' && values.includes(value) ? ok(value) : err(`must be one of ${values.join(', ')}`)
  })
}

/** Text, number, flag, object or list that means nothing here: it is only made sure that it is of bounded size and storable. */
export function ignored(max = 4096): FieldRule {
  return optional((value) =>
    sizeOf(value, max) <= max ? ok('') : err(`must be storable and at most ${max} characters`),
  )
}

/** A field of the platform that asks for something that is not done here. */
export function notOffered(what: string): FieldRule {
  return optional(() => err(`asks for ${what}, which is not offered`))
}

/** An object whose fields are judged by rules of their own. */
export function record(): FieldRule {
  return optional((value) => (isJsonObject(value) ? ok('') : err('must be an object')))
}

/** A list whose items are judged by rules of their own. */
export function list(): FieldRule {
  return optional((value) => (Array.isArray(value) ? ok('') : err('must be a list')))
}

export function required(rule: FieldRule): FieldRule {
  return { ...rule, required: true }
}

/** A rule for text that is parsed: `read` gives the canonical text or what the field must be. */
export function parsed(read: (written: string) => Result<string, string>): FieldRule {
  return optional((value) => (typeof value === 'string' ? read(value) : err('must be text')))
}

function optional(read: FieldRule['read']): FieldRule {
  return { required: false, read }
}

/** Characters in all texts of a value; more than `max` as soon as one of them cannot be stored. */
function sizeOf(value: JsonValue, max: number): number {
  if (typeof value === 'string') return isStorable(value) ? value.length : max + 1
  if (value instanceof JsonNumber) return value.text.length
  if (value === null || typeof value === 'boolean') return 1
  if (isJsonObject(value)) {
    return Object.entries(value).reduce((sum, [key, item]) => sum + sizeOf(key, max) + sizeOf(item, max), 1)
  }
  return value.reduce((sum: number, item) => sum + sizeOf(item, max), 1)
}
