import { type CurrencyCode, currencyCode, localDate, parseAmount } from '@huitong/kernel'
import type { PlainClass } from './plain-text-journal.ts'

/** A reason for a refusal; thrown and caught within the reader, for parsing goes many calls deep. */
export class PlainFault extends Error {
  readonly code: 'malformed' | 'not_supported' | 'not_balanced'

  constructor(code: PlainFault['code'], detail: string) {
    super(detail)
    this.code = code
  }
}

/** Signs and names of commodities that stand for one currency only. `$` and `¥` are several countries', so hledger's habit decides. */
const SYMBOLS: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'CNY',
  元: 'CNY',
  '₹': 'INR',
}

export function commodity(text: string): CurrencyCode {
  const name = SYMBOLS[text] ?? text.replace(/^"(.*)"$/, '$1')
  const code = currencyCode(name)
  if (code.ok) return code.value
  const signs = Object.keys(SYMBOLS).join(' ')
  throw new PlainFault('not_supported', `The commodity ${text} is not a code of ISO 4217 nor one of ${signs}.`)
}

/** A number such as `1,234.50`, `-5` or `.5` in minor units of a currency. */
export function minorUnits(text: string, currency: CurrencyCode): bigint {
  const match = /^([-+]?)\s*(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?$/.exec(text)
  const whole = match?.[2]?.replaceAll(',', '') ?? ''
  const decimals = match?.[3] ?? ''
  if (match === null || whole + decimals === '') throw new PlainFault('malformed', `${text} is not a number.`)
  // Zeros past the currency's decimals say nothing; anything else there would be money that cannot be kept.
  const plain = `${whole === '' ? '0' : whole.replace(/^0+(?=\d)/, '')}.${decimals}`
    .replace(/0+$/, '')
    .replace(/\.$/, '')
  const amount = parseAmount(plain, currency, { allowZero: true })
  if (!amount.ok) throw new PlainFault('not_supported', `${text} is not an amount of ${currency}: ${amount.error}.`)
  return match[1] === '-' ? -amount.value : amount.value
}

/** `2026-11-22`, `2026/11/22`, `2026.1.2`. */
export function plainDate(text: string): string {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? []
  const date = localDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  if (!date.ok) throw new PlainFault('malformed', `${text} is not a date.`)
  return date.value
}

const CLASSES: readonly (readonly [RegExp, PlainClass])[] = [
  [/^assets?$/i, 'asset'],
  [/^(?:liabilit(?:y|ies)|debts?)$/i, 'liability'],
  [/^equity$/i, 'equity'],
  [/^(?:incomes?|revenues?)$/i, 'income'],
  [/^expenses?$/i, 'expense'],
]

/** By the first part of an account's name, as both programs do. */
export function classOf(account: string): PlainClass {
  const [top = ''] = account.split(':')
  const found = CLASSES.find(([pattern]) => pattern.test(top))
  if (found !== undefined) return found[1]
  throw new PlainFault(
    'not_supported',
    `${account}: accounts must be below assets, liabilities, equity, income or expenses.`,
  )
}
