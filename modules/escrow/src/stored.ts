import { type CurrencyCode, currencyCode, invariant } from '@huitong/kernel'

/* Reads what the database holds back into types. Anything unknown there is a broken invariant: constraints keep it out. */

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

/** Rows of several trades, by trade, in the order in which they came. */
export function byTrade<Row extends { readonly trade_id: bigint }, T>(
  rows: readonly Row[],
  read: (row: Row) => T,
): readonly (readonly [number, readonly T[]])[] {
  const found = new Map<number, T[]>()
  for (const row of rows) {
    const id = Number(row.trade_id)
    const list = found.get(id) ?? []
    list.push(read(row))
    found.set(id, list)
  }
  return [...found]
}
