import { type CurrencyCode, currencyCode, invariant } from '@huitong/kernel'
import { TRADE_DETAILS, type TradeDetails } from './trade.ts'

/*
 * Reads what the database holds back into types. Anything unknown there is a broken invariant, not a refusal: constraints keep
 * it out, and this is the second of the pair.
 */

export function storedOneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((value) => value === text)
  invariant(found !== undefined, `a stored value is none of ${known.join(', ')}: ${text}`)
  return found
}

export function storedCurrency(text: string): CurrencyCode {
  const found = currencyCode(text)
  invariant(found.ok, `a stored currency is not known: ${text}`)
  return found.value
}

export function storedDetails(value: unknown): TradeDetails {
  invariant(typeof value === 'object' && value !== null, 'stored details are an object')
  const stored = new Map<string, unknown>(Object.entries(value))
  const details: { [Name in (typeof TRADE_DETAILS)[number]]?: string } = {}
  for (const name of TRADE_DETAILS) {
    const text = stored.get(name)
    if (typeof text === 'string') details[name] = text
  }
  return details
}

/** A count or an id that came as int8. */
export function optionalNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value)
}
