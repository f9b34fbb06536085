import { canonicalJson } from '@huitong/kernel'
import type { EntryLine } from './journal-entry.ts'

/** A JSON value without numbers: what is counted or measured is exact as text. */
type FactValue = string | boolean | null | readonly FactValue[] | EntryFacts

/** What an entry says of itself beside its lines, such as the rates of an exchange; journaled with it. Nothing personal. */
export interface EntryFacts {
  readonly [name: string]: FactValue
}

/** Canonical JSON of what an entry is journaled with. */
export function entryData(lines: readonly EntryLine[], facts: EntryFacts = {}): string {
  return canonicalJson({
    ...facts,
    lines: lines.map(({ side, account, amountMinor }) => ({
      side,
      account: String(account),
      amount_minor: String(amountMinor),
    })),
  })
}

/** A line as `entryData` wrote it. */
export function readEntryLine(line: unknown): Omit<EntryLine, 'currency'> | undefined {
  if (typeof line !== 'object' || line === null) return undefined
  if (!('side' in line && 'account' in line && 'amount_minor' in line)) return undefined
  const { side, account, amount_minor: amount } = line
  if (side !== 'debit' && side !== 'credit') return undefined
  if (typeof account !== 'string' || !/^[1-9]\d{0,15}$/.test(account)) return undefined
  if (typeof amount !== 'string' || !/^[1-9]\d{0,18}$/.test(amount)) return undefined
  return { side, account: Number(account), amountMinor: BigInt(amount) }
}
