import type { CurrencyCode } from '@huitong/kernel'

/**
 * A journal entry: debit and credit lines, any number of each, in any number of currencies. In each currency debits and credits are equal.
 * It is posted as transfers that stand or fall together.
 */
export interface EntryLine {
  readonly side: 'debit' | 'credit'
  readonly account: number
  readonly amountMinor: bigint
  readonly currency: CurrencyCode
}

/** A transfer between the accounts of two lines, which are named by their index. */
export interface LinePair {
  readonly debitLine: number
  readonly creditLine: number
  readonly amountMinor: bigint
}

export interface Imbalance {
  readonly currency: CurrencyCode
  readonly debitsMinor: bigint
  readonly creditsMinor: bigint
}

/** The first currency in which debits and credits are not equal. */
export function imbalanceOf(lines: readonly EntryLine[]): Imbalance | undefined {
  for (const currency of currenciesOf(lines)) {
    const debitsMinor = sideTotal(lines, 'debit', currency)
    const creditsMinor = sideTotal(lines, 'credit', currency)
    if (debitsMinor !== creditsMinor) return { currency, debitsMinor, creditsMinor }
  }
  return undefined
}

/**
 * Takes balanced lines apart into transfers, and always in the same way: currency by currency in the order in which they first occur, the
 * first debit line that still has something against the first credit line that still has something, for the smaller of the two rests. Each
 * pair uses up a line, and the last pair two, so n debit and m credit lines give n + m - 1 transfers at most; every line is used up
 * wholly, so an account's transfers come to just its lines.
 */
export function pairLines(lines: readonly EntryLine[]): readonly LinePair[] {
  return currenciesOf(lines).flatMap((currency) => {
    const debits = sideOf(lines, 'debit', currency)
    const credits = sideOf(lines, 'credit', currency)
    const pairs: LinePair[] = []
    let [debit, credit] = [debits.shift(), credits.shift()]
    while (debit !== undefined && credit !== undefined) {
      const amountMinor = debit.rest < credit.rest ? debit.rest : credit.rest
      pairs.push({ debitLine: debit.line, creditLine: credit.line, amountMinor })
      debit.rest -= amountMinor
      credit.rest -= amountMinor
      if (debit.rest === 0n) debit = debits.shift()
      if (credit.rest === 0n) credit = credits.shift()
    }
    return pairs
  })
}

/** The first line whose account also stands on the other side: such a pair would move nothing. */
export function accountOnBothSides(lines: readonly EntryLine[]): number | undefined {
  const sides = new Map<number, EntryLine['side']>()
  for (const [index, { account, side }] of lines.entries()) {
    if ((sides.get(account) ?? side) !== side) return index
    sides.set(account, side)
  }
  return undefined
}

function currenciesOf(lines: readonly EntryLine[]): readonly CurrencyCode[] {
  return [...new Set(lines.map((line) => line.currency))]
}

function sideOf(
  lines: readonly EntryLine[],
  side: EntryLine['side'],
  currency: CurrencyCode,
): { readonly line: number; rest: bigint }[] {
  return lines
    .map((line, index) => ({
      line: index,
      rest: line.amountMinor,
      is: line.side === side && line.currency === currency,
    }))
    .filter(({ is }) => is)
}

function sideTotal(lines: readonly EntryLine[], side: EntryLine['side'], currency: CurrencyCode): bigint {
  return sideOf(lines, side, currency).reduce((sum, { rest }) => sum + rest, 0n)
}
