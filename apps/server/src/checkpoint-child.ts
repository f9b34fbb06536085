import { createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { CheckpointFolder, readSignedHeads, verifyFromCheckpoint } from '@huitong/ledger'
import { openDatabase } from '@huitong/pg'
import { BUSINESS_TIES } from './business-ties.ts'
import type { CheckpointAnswer, CheckpointOrder } from './checkpoint-order.ts'

/*
 * A program of its own, started by `checkpoint-process.ts`: verifies the ledger from its newest checkpoint, writes the next one, says what
 * came of it and ends. It ends at once when the server is gone; a checkpoint counts only once its statement is signed, so nothing is left
 * half done.
 */

process.once('disconnect', () => process.exit(1))
process.once('message', (order: CheckpointOrder) => {
  void write(order)
    .catch((error): CheckpointAnswer => ({ outcome: 'failed', message: String(error) }))
    .then((answer) => process.send?.(answer, undefined, undefined, () => process.exit(0)))
})

async function write(order: CheckpointOrder): Promise<CheckpointAnswer> {
  const { connection, schema, directory, kept, headsFile } = order
  const key = createPrivateKey(order.signingKey)
  const publicKey = createPublicKey(order.signingKey)
  const folder = new CheckpointFolder(directory, schema, kept)
  const database = openDatabase(connection, { connectionsMax: 2 })
  try {
    const report = await verifyFromCheckpoint(
      database.institution(schema),
      { folder, publicKey },
      {
        writer: { folder, key },
        ties: BUSINESS_TIES,
        ...(existsSync(headsFile) ? { signedHeads: { heads: readSignedHeads(headsFile), publicKey } } : {}),
      },
    )
    if (!report.sound) return { outcome: 'unsound', counts: Object.fromEntries(report.counts) }
    const { checkpoint } = report
    return checkpoint === null ? { outcome: 'nothing_new' } : { outcome: 'written', batch: checkpoint.number }
  } finally {
    await database.close()
  }
}
