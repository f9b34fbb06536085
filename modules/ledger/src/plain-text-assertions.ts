import { type CurrencyCode, formatAmount } from '@huitong/kernel'
import type { PlainJournal, PlainRefusal } from './plain-text-journal.ts'

export interface CheckedAssertions {
  /** How many were true. */
  readonly held: number
  readonly failed: readonly PlainRefusal[]
}

/** Checks each balance that the journal asserts against its transactions; those that did not come in are named by their places. */
export function checkAssertions(journal: PlainJournal, leftOut: ReadonlySet<number>): CheckedAssertions {
  const balances = new Map<string, bigint>()
  const failed: PlainRefusal[] = []
  let held = 0
  const due = journal.assertions.toSorted((a, b) => a.afterTransactions - b.afterTransactions || a.line - b.line)
  let next = 0
  for (let done = 0; done <= journal.transactions.length; done += 1) {
    for (let one = due[next]; one !== undefined && one.afterTransactions === done; one = due[next]) {
      next += 1
      const found = balanceOf(balances, one.account, one.currency, one.withChildren)
      if (found === one.minor) held += 1
      else failed.push({ line: one.line, code: 'assertion_failed', detail: differenceOf(one, found) })
    }
    if (leftOut.has(done)) continue
    for (const { account, minor, currency } of journal.transactions[done]?.postings ?? []) {
      const key = `${account}\n${currency}`
      balances.set(key, (balances.get(key) ?? 0n) + minor)
    }
  }
  return { held, failed }
}

function balanceOf(
  balances: ReadonlyMap<string, bigint>,
  account: string,
  currency: CurrencyCode,
  withChildren: boolean,
): bigint {
  let sum = 0n
  for (const [key, minor] of balances) {
    const [name = '', of] = key.split('\n')
    if (of !== currency) continue
    if (name === account || (withChildren && name.startsWith(`${account}:`))) sum += minor
  }
  return sum
}

function differenceOf(
  { account, minor, currency }: { account: string; minor: bigint; currency: CurrencyCode },
  found: bigint,
): string {
  const [expected, is] = [formatAmount(minor, currency), formatAmount(found, currency)]
  return `${account} was to have ${expected} ${currency} and has ${is} ${currency}.`
}
