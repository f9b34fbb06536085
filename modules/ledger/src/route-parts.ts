import { decodeCursor } from '@huitong/contract'
import { badField, notFound } from '@huitong/http'
import { type CurrencyCode, currencyCode, parseAmount, parsePublicId } from '@huitong/kernel'
import Type from 'typebox'

/** What the ledger's routes have in common. */
export const LEDGER_TAGS = ['Ledger'] as const
export const LEDGER_READ = { callers: ['staff'], scope: 'ledger:read' } as const
export const LEDGER_POST = { callers: ['staff'], scope: 'ledger:post' } as const
export const LEDGER_OPERATE = { callers: ['staff'], scope: 'ledger:operate' } as const
export const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })

/** A path's id; what is no id of that kind is as little there as an unknown one. */
export function readId(prefix: string, text: string, noun: string): number {
  const id = parsePublicId(prefix, text)
  if (!id.ok) throw notFound(noun)
  return id.value
}

export function readAmount(field: string, text: string, currency: CurrencyCode): bigint {
  const amount = parseAmount(text, currency, { allowZero: true })
  if (!amount.ok) throw badField(field, amount.error, `is not an amount of ${currency}`)
  return amount.value
}

export function readSigned(field: string, text: string, currency: CurrencyCode): bigint {
  return text.startsWith('-') ? -readAmount(field, text.slice(1), currency) : readAmount(field, text, currency)
}

/** The number in a cursor of this list; `start` without one. */
export function afterCursor<Start>(list: string, cursor: string | undefined, start: Start): number | Start {
  if (cursor === undefined) return start
  const decoded = decodeCursor(list, ['number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return Number(decoded.value[0])
}

export function readCurrency(text: string): CurrencyCode {
  const currency = currencyCode(text)
  if (!currency.ok) throw badField('currency', 'iso_4217', 'is not a currency')
  return currency.value
}

/** An amount of more than nothing. */
export function readMovable(field: string, text: string, currency: CurrencyCode): bigint {
  const amount = parseAmount(text, currency)
  if (!amount.ok) throw badField(field, amount.error, `is not an amount of ${currency} that can be moved`)
  return amount.value
}
