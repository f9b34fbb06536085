import { CheckpointFolder, type CheckpointState, type CheckpointWriteFault, checkpointDue } from '@huitong/ledger'
import { type CheckpointProcess, startCheckpointProcess } from './checkpoint-process.ts'
import type { DataFolder } from './data-folder.ts'
import type { Institution } from './institution.ts'
import { type Repeated, repeat } from './repeat.ts'

const LOOK_EVERY_MS = 2000
/** Between a try that failed and the next one; the last of these from then on. */
const AGAIN_AFTER_MS = [5000, 60_000, 600_000, 3_600_000] as const
const FOUND = 'the verification at the close of the day found what does not fit; run ledger verify'

export interface Checkpoints extends Repeated {
  state(): Promise<CheckpointState>
}

/**
 * Writes a signed checkpoint after each close of an accounting day, one at a time, in a process of its own. What has been written stands in
 * the folder, so a close that was missed, or a process that was killed, is made good at the next look or the next start. A verification that
 * found something is not repeated before the next close: it would find the same.
 */
export function startCheckpoints(institution: Institution, dataFolder: DataFolder, kept: number): Checkpoints {
  const { db, committer, clock, database, keys, schema, log } = institution
  const directory = dataFolder.checkpoints
  const folder = new CheckpointFolder(directory, schema, Math.max(kept, 1))
  let running: CheckpointProcess | undefined
  let fault: CheckpointWriteFault | undefined
  let stopped = false
  let notBefore = 0
  // The closing batch whose verification found something, and the accounting day as of which nothing was due.
  let unsoundAt = 0
  let currentOn = ''

  async function turn(): Promise<boolean> {
    const { state, accountingDay } = committer.status()
    if (state !== 'running' || accountingDay === currentOn || performance.now() < notBefore) return false
    const due = await checkpointDue(db, folder)
    if (due === 'later') return false
    if (due === 'none' || due.batch === unsoundAt) {
      currentOn = accountingDay
      return false
    }
    await write(due.batch, due.day)
    return false
  }

  async function write(closedBatch: number, day: string): Promise<void> {
    if (stopped) return
    running = startCheckpointProcess({
      ...{ connection: database.connection, schema, directory, kept, headsFile: dataFolder.headsFile(schema) },
      signingKey: keys.head.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
    const answer = await running.answer
    running = undefined
    // Killed because the server stops: the next start begins anew.
    if (stopped) return
    if (answer.outcome === 'written' || answer.outcome === 'nothing_new') {
      fault = undefined
      log.info({ institution: schema, day, ...answer }, 'the ledger was verified at the close of the day')
      return
    }
    const tries = (fault?.kind === 'failed' ? fault.tries : 0) + 1
    if (answer.outcome === 'unsound') {
      unsoundAt = closedBatch
      fault = { kind: 'unsound', what: codesOf(answer.counts), at: clock.now(), tries: 1 }
      log.error({ institution: schema, day, findings: answer.counts }, FOUND)
      return
    }
    fault = { kind: 'failed', what: answer.message, at: clock.now(), tries }
    const pause = AGAIN_AFTER_MS[Math.min(tries, AGAIN_AFTER_MS.length) - 1] ?? 0
    notBefore = performance.now() + pause
    log.warn(
      { institution: schema, day, tries, fault: answer.message },
      'no checkpoint could be written; it is tried again',
    )
  }

  const repeated =
    kept === 0
      ? undefined
      : repeat(LOOK_EVERY_MS, turn, (error) =>
          log.warn({ institution: schema, err: error }, 'whether a checkpoint is due could not be seen'),
        )
  return {
    state: async () => {
      const last = await folder.newest()
      if (repeated === undefined) return { state: 'off', last, fault }
      if (running !== undefined) return { state: 'writing', last, fault }
      return { state: (await checkpointDue(db, folder)) === 'none' ? 'current' : 'due', last, fault }
    },
    stop: async () => {
      stopped = true
      running?.kill()
      await repeated?.stop()
    },
  }
}

function codesOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([code, count]) => `${count} × ${code}`)
    .join(', ')
}
