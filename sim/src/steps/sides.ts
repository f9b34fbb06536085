import { CNY, type CurrencyCode, currencyCode } from '@huitong/kernel'
import { availableOf } from '@huitong/oracle'
import type { Drawing } from '../knowledge.ts'

export type SimCurrency = 'CNY' | 'USD'

export const CURRENCIES: Readonly<Record<SimCurrency, CurrencyCode>> = { CNY, USD: dollars() }

function dollars(): CurrencyCode {
  const code = currencyCode('USD')
  if (!code.ok) throw new Error(code.error)
  return code.value
}

export interface Sides {
  readonly currency: SimCurrency
  readonly debit: number
  readonly credit: number
  readonly amount: number
}

export function someCurrency({ random }: Drawing): SimCurrency {
  return random.oneIn(8) ? 'USD' : 'CNY'
}

/** An account of a currency; now and then of another one. */
export function someAccount(drawing: Drawing, currency: SimCurrency): number {
  const { random, knowledge } = drawing
  return random.pick(knowledge.chosen[random.oneIn(60) ? (currency === 'CNY' ? 'USD' : 'CNY') : currency])
}

/** Two accounts and an amount. Money keeps coming from the account that has no floor, or soon nobody could pay. */
export function someSides(drawing: Drawing, currency: SimCurrency = someCurrency(drawing)): Sides {
  const { random, knowledge } = drawing
  const debit = random.oneIn(6) ? knowledge.own.source[currency] : someAccount(drawing, currency)
  const credit = someAccount(drawing, currency)
  return { currency, debit, credit, amount: someAmount(drawing, debit, credit) }
}

/** Whole balances that are exchanged again and again would grow beyond what the oracle, whose amounts are numbers, can count. */
const WHOLE_MAX = 1_000_000

/** By chance, or just about what the account has that becomes poorer: what finds both sides of a bound. */
export function someAmount({ random, oracle }: Drawing, debit: number, credit: number): number {
  if (!random.oneIn(12)) return random.amount()
  const account = oracle.core.account(oracle.core.account(debit).asset ? credit : debit)
  const available = availableOf(account)
  return available > 0 && available <= WHOLE_MAX ? available + random.below(3) - 1 : random.amount()
}

export function idOf({ knowledge }: Drawing, account: number): number {
  return knowledge.ids[account] ?? 0
}
