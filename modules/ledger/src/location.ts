import { invariant } from '@huitong/kernel'

/**
 * A place in the journal as one number: batch × 65,536 + position. Entries of an account are linked by it, newest to oldest,
 * which took the place of two indexes over all transfers: those cost more than half of what a batch asks of PostgreSQL
 * (docs/adr/0001). Good for 137 thousand million batches: 43 years at a hundred a second.
 */
export const POSITIONS_PER_BATCH = 65_536

export function locationOf(batch: number, position: number): number {
  invariant(position < POSITIONS_PER_BATCH, `position ${position} is past the end of a batch`)
  return batch * POSITIONS_PER_BATCH + position
}

export function batchOf(location: number): number {
  return Math.floor(location / POSITIONS_PER_BATCH)
}

export function positionOf(location: number): number {
  return location % POSITIONS_PER_BATCH
}
