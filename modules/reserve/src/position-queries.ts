import { readHead, readMovements } from '@huitong/ledger'
import type { InstitutionDatabase } from '@huitong/pg'
import { type Position, positionOf } from './position.ts'

/** A position, and the last batch that it knows of. */
export interface PositionLook {
  readonly position: Position
  readonly batch: number
}

/** How the reserve stands at the end of an accounting day, or now if the day has not ended. One snapshot, no lock, and no account is read. */
export function lookAtPosition(db: Pick<InstitutionDatabase, 'read'>, day: string): Promise<PositionLook> {
  return db.read(async (tx) => ({
    batch: (await readHead(tx)).number,
    position: positionOf(await readMovements(tx, { from: day, to: day, basis: 'booking', yearEnd: true })),
  }))
}
