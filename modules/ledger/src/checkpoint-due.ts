import type { InstitutionDatabase } from '@huitong/pg'
import type { CheckpointFolder } from './checkpoint-file.ts'
import { listDays } from './day-store.ts'
import { readHeadSeen } from './verify-head-store.ts'

/** An accounting day was closed since the last checkpoint, and what it left behind is written back. */
export interface CheckpointDue {
  readonly day: string
  /** The batch that closed it. */
  readonly batch: number
}

/**
 * Whether a checkpoint is to be written: at each close of a day, also one that was missed. Balances are written back up to ten seconds
 * late, and a checkpoint is of written back balances only: until they have reached the close it is `later`.
 */
export async function checkpointDue(
  db: Pick<InstitutionDatabase, 'read'>,
  folder: CheckpointFolder,
): Promise<CheckpointDue | 'later' | 'none'> {
  const { closed, head } = await db.read(async (tx) => ({
    closed: (await listDays(tx, null, 1))[0],
    head: await readHeadSeen(tx.sql),
  }))
  if (closed === undefined) return 'none'
  // One beyond the journal is of another history of it, as after a restore: it says nothing about this close.
  const newest = await folder.newest(head.number)
  if (newest !== undefined && newest.number >= closed.closedBatch) return 'none'
  return head.flushed < closed.closedBatch ? 'later' : { day: closed.day, batch: closed.closedBatch }
}
