import type { StatementEntry } from './ledger-read-store.ts'
import type { TransferCode, TransferKind } from './transfer.ts'

/** Which entries of an account are wanted; what is left out does not matter. */
export interface EntryFilter {
  readonly side?: 'debit' | 'credit'
  readonly kind?: TransferKind
  readonly code?: TransferCode
  /** The account on the other side. */
  readonly counterparty?: number
  /** Of the amount, both inclusive. */
  readonly minMinor?: bigint
  readonly maxMinor?: bigint
  /** Id of the business object. */
  readonly reference?: number
}

export function isUnfiltered(filter: EntryFilter): boolean {
  return Object.values(filter).every((wanted) => wanted === undefined)
}

export function matches(entry: StatementEntry, filter: EntryFilter): boolean {
  const { side, kind, code, counterparty, minMinor, maxMinor, reference } = filter
  const { transfer } = entry
  return (
    (side === undefined || entry.side === side) &&
    (kind === undefined || transfer.kind === kind) &&
    (code === undefined || transfer.code === code) &&
    (counterparty === undefined || entry.otherAccount === counterparty) &&
    (minMinor === undefined || transfer.amountMinor >= minMinor) &&
    (maxMinor === undefined || transfer.amountMinor <= maxMinor) &&
    (reference === undefined || transfer.reference === reference)
  )
}
