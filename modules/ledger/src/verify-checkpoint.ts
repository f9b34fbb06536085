import type { KeyObject } from 'node:crypto'
import { invariant } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Checkpoint } from './checkpoint.ts'
import {
  CHECKPOINT_FAULTS,
  type CheckpointDraft,
  type CheckpointFault,
  type CheckpointFolder,
  type OpenedCheckpoint,
} from './checkpoint-file.ts'
import type { FindingList } from './verify-finding.ts'
import { readHashes } from './verify-journal-store.ts'
import type { Start } from './verify-start.ts'

/** The checkpoint that was to be used is not one of this journal. */
export class CheckpointRefused extends Error {
  override readonly name = 'CheckpointRefused'
  readonly number: number
  readonly fault: CheckpointFault

  constructor(number: number, fault: CheckpointFault) {
    super(`The checkpoint of batch ${number} is not used: ${CHECKPOINT_FAULTS[fault]}.`)
    this.number = number
    this.fault = fault
  }
}

/** A checkpoint counts for the very batch that was signed. */
export async function mustBeOfJournal(db: Pick<InstitutionDatabase, 'read'>, of: OpenedCheckpoint): Promise<void> {
  const fault = await faultInJournal(db, of)
  if (fault !== undefined) throw new CheckpointRefused(of.number, fault)
}

export async function faultInJournal(
  db: Pick<InstitutionDatabase, 'read'>,
  { number, hash, at, accountingDay }: Checkpoint,
): Promise<CheckpointFault | undefined> {
  const seal = (await db.read(({ sql }) => readHashes(sql, [number]))).get(number)
  if (seal === undefined) return 'beyond_end'
  return seal.hash === hash && seal.at === at && seal.accountingDay === accountingDay ? undefined : 'batch_differs'
}

export interface CheckpointWriter {
  readonly folder: CheckpointFolder
  readonly key: KeyObject
}

/** The batch of the checkpoint to be written: the last one of which everything is written back; undefined when there is none to write. */
export function checkpointBatch(
  { writer, from }: { readonly writer?: CheckpointWriter; readonly from?: 'start' | number },
  { flushed, end }: Start,
  begun: number,
): number | undefined {
  if (writer === undefined) return undefined
  invariant(from === undefined || from === 'start', 'a checkpoint is written of a journal that was hashed')
  const point = Math.min(flushed, end)
  return point > begun ? point : undefined
}

/** Signs what was drafted when the verification found nothing, and throws it away otherwise. */
export async function finishDraft(
  db: Pick<InstitutionDatabase, 'read'>,
  writer: CheckpointWriter | undefined,
  draft: CheckpointDraft | undefined,
  findings: FindingList,
): Promise<Checkpoint | null> {
  if (writer === undefined || draft === undefined) return null
  const seal = (await db.read(({ sql }) => readHashes(sql, [draft.number]))).get(draft.number)
  if (findings.counts.size === 0 && seal !== undefined) return await writer.folder.sign(draft, writer.key, seal)
  await writer.folder.abandon(draft)
  return null
}
