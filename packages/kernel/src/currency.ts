import { invariant } from './assert.ts'
import type { Brand } from './brand.ts'
import { ISO_4217 } from './iso-4217.ts'
import { err, ok, type Result } from './result.ts'

/** A code of the table, such as "CNY": upper case, known, and with a minor unit. */
export type CurrencyCode = Brand<string, 'CurrencyCode'>

export interface Currency {
  readonly code: CurrencyCode
  /** The three-digit code as text, with its leading zeros. */
  readonly numeric: string
  /** Decimals of the minor unit: 2 for CNY, 0 for JPY. */
  readonly scale: number
  readonly name: string
}

const BY_CODE: ReadonlyMap<string, Currency> = new Map(
  ISO_4217.map(([code, numeric, scale, name]) => [code, { code: trusted(code), numeric, scale, name }]),
)

/** Every currency of the table, by code. */
export const CURRENCIES: readonly Currency[] = [...BY_CODE.values()]

export const CNY: CurrencyCode = trusted('CNY')

/** The currency of a code, if the code is known. Lower case is not: one currency has one spelling. */
export function currency(code: string): Currency | undefined {
  return BY_CODE.get(code)
}

export function currencyCode(text: string): Result<CurrencyCode, 'unknown_currency'> {
  const found = BY_CODE.get(text)
  return found === undefined ? err('unknown_currency') : ok(found.code)
}

/** Decimals of the minor unit. */
export function scaleOf(code: CurrencyCode): number {
  const found = BY_CODE.get(code)
  invariant(found !== undefined, `a currency code outside the table: ${code}`)
  return found.scale
}

// The one place where text becomes a code without a look-up: for the table itself.
function trusted(code: string): CurrencyCode {
  invariant(isCode(code), `malformed currency code: ${code}`)
  return code
}

function isCode(code: string): code is CurrencyCode {
  return /^[A-Z]{3}$/.test(code)
}
