import type { ReadTx } from '@huitong/pg'

/** A place in the outbox, one row each; rows are committed in this order. */
export interface OutboxPosition {
  readonly batch: bigint
  readonly position: number
}

export interface OutboxRow extends OutboxPosition {
  readonly topic: string
  /** Rows of one key are handled in order; different keys do not wait for each other. */
  readonly key: string
  /** JSON text, unparsed, so that no digit of a number is lost on the way. */
  readonly body: string
}

/** Reads up to `limit` rows after a place, in order. */
export type ReadOutbox = (tx: ReadTx, after: OutboxPosition, limit: number) => Promise<readonly OutboxRow[]>
