/**
 * A batch, as the point of the journal up to which something is told. A time or an accounting day means the last batch that is not
 * after it.
 */
export interface JournalPoint {
  /** 0 stands before the first batch. */
  readonly batch: number
  /** µs; 0 before the first batch. */
  readonly at: number
  readonly accountingDay: string | null
  /** Counter of the last id that was given out by then. */
  readonly lastCounter: number
  /** False when batches that are still to come may belong before the time or into the day that was asked for. */
  readonly final: boolean
}

export type PointWanted =
  | { readonly batch: number }
  /** µs; batches of this very time are included. */
  | { readonly at: number }
  /** The end of an accounting day. */
  | { readonly day: string }
  | 'newest'
