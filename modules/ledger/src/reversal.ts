import type { Transfer } from './transfer.ts'

/** How much of a transfer was taken back so far. */
export interface Reversal {
  readonly amountMinor: bigint
  readonly reversedMinor: bigint
}

/** What is to be taken back: one transfer, wholly or in part, or all that is left of an entry. */
export type ReversalTarget =
  | { readonly transfer: number; readonly amountMinor?: bigint }
  /** Id of the entry, which is that of its first transfer. */
  | { readonly entry: number }

/** What a journaled transfer says that its reversal must know. */
export type Original = Pick<
  Transfer,
  'id' | 'kind' | 'debit' | 'credit' | 'amountMinor' | 'code' | 'reference' | 'reverses' | 'entry'
>

/** Transfers by the id of one of them or of their entry, in the order of the journal. */
export interface OriginalGroup {
  readonly originals: readonly Original[]
}
