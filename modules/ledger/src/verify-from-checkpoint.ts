import type { KeyObject } from 'node:crypto'
import type { InstitutionDatabase } from '@huitong/pg'
import type { CheckpointFolder, OpenedCheckpoint, RefusedCheckpoint } from './checkpoint-file.ts'
import { type VerifyOptions, type VerifyReport, verifyLedger } from './verify.ts'
import { CheckpointRefused, faultInJournal } from './verify-checkpoint.ts'

export interface CheckpointSource {
  readonly folder: CheckpointFolder
  readonly publicKey: KeyObject
  /** Refuses to begin at the start when no checkpoint can be used. */
  readonly required?: boolean
}

/** No checkpoint is there. */
export class CheckpointMissing extends Error {
  override readonly name = 'CheckpointMissing'

  constructor() {
    super('There is no checkpoint to begin at; ledger verify --checkpoint writes one.')
  }
}

/**
 * Verifies from the newest checkpoint that can be used, else from the start. One that was signed but is not what was signed, or not of
 * this journal, is a finding: somebody changed it, or the journal.
 */
export async function verifyFromCheckpoint(
  db: Pick<InstitutionDatabase, 'read' | 'schema'>,
  { folder, publicKey, required = false }: CheckpointSource,
  options: Omit<VerifyOptions, 'checkpoint' | 'refused' | 'from'> = {},
): Promise<VerifyReport> {
  const { checkpoint, refused } = await newestUsable(db, folder, publicKey)
  const [first] = refused
  if (checkpoint !== undefined) return await verifyLedger(db, { ...options, checkpoint, refused })
  if (required) throw first === undefined ? new CheckpointMissing() : new CheckpointRefused(first.number, first.fault)
  return await verifyLedger(db, { ...options, refused })
}

async function newestUsable(
  db: Pick<InstitutionDatabase, 'read'>,
  folder: CheckpointFolder,
  publicKey: KeyObject,
): Promise<{ readonly checkpoint?: OpenedCheckpoint; readonly refused: readonly RefusedCheckpoint[] }> {
  const refused: RefusedCheckpoint[] = []
  for (const number of await folder.numbers()) {
    const opened = await folder.open(number, publicKey)
    const fault = opened.ok ? await faultInJournal(db, opened.value) : opened.error
    if (opened.ok && fault === undefined) return { checkpoint: opened.value, refused }
    if (fault !== undefined) refused.push({ number, fault })
  }
  return { refused }
}
