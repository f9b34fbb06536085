import { setTimeout as sleep } from 'node:timers/promises'
import { checkRun, runsAfterGaps, storedRuns } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import type { VerifyFinding } from './verify-finding.ts'
import { readHeadSeen } from './verify-head-store.ts'
import {
  firstSealedOutcomes,
  strayOutboxBatches,
  strayOutcomeBatches,
  unsealedOutcomes,
} from './verify-outcome-store.ts'

/** Batches whose outcomes are hashed in one query; PostgreSQL hashes them where they are. */
const BATCHES_AT_ONCE = 64
/** How much longer than it works it rests; it ends before the replay all the same. */
const RESTS = 2

/**
 * What is remembered of commands, against the batches after `begun` through `end`: it must be what they were sealed with, and the runs of
 * its keys must have each of them. Remembered outcomes and outbox events must name batches that exist, against the head of the same
 * snapshot. It reads nothing that the replay reads, and may run beside it.
 */
export async function checkOutcomes(
  db: Pick<InstitutionDatabase, 'read'>,
  begun: number,
  end: number,
): Promise<readonly VerifyFinding[]> {
  const findings: VerifyFinding[] = []
  const sealedFrom = await db.read(({ sql }) => firstSealedOutcomes(sql))
  for (let after = begun; after < end; after += BATCHES_AT_ONCE) {
    const through = Math.min(end, after + BATCHES_AT_ONCE)
    const began = performance.now()
    const batches = await db.read(({ sql }) => unsealedOutcomes(sql, { after, through, sealedFrom }))
    findings.push(...batches.map((batch) => ({ code: 'outcomes_differ', batch }) as const))
    // PostgreSQL's process has no low priority, so it gets rests: payments must not wait for a verification.
    await sleep(RESTS * (performance.now() - began))
  }
  const faults = [...(await db.read(({ sql }) => runsAfterGaps(sql)))]
  for (const last of await db.read(({ sql }) => storedRuns(sql))) {
    const fault = await db.read(({ sql }) => checkRun(sql, last))
    if (fault !== undefined) faults.push(fault)
  }
  findings.push(...faults.map(({ run, what }) => ({ code: 'outcome_keys_differ', batch: run, what }) as const))
  const { events, outcomes } = await db.read(async ({ sql }) => {
    const { number } = await readHeadSeen(sql)
    return { events: await strayOutboxBatches(sql, number), outcomes: await strayOutcomeBatches(sql, number) }
  })
  findings.push(...[...new Set(events)].map((batch) => ({ code: 'outbox_without_batch', batch }) as const))
  findings.push(...outcomes.map((batch) => ({ code: 'outcome_without_batch', batch }) as const))
  return findings
}
