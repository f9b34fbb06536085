import type { InstitutionDatabase } from '@huitong/pg'
import type { FindingList } from './verify-finding.ts'
import { readHeadSeen, strayOutboxBatches, strayOutcomeBatches } from './verify-store.ts'

/** Remembered outcomes and outbox events must name batches that exist, against the head of the same snapshot. */
export async function checkOutcomes(db: Pick<InstitutionDatabase, 'read'>, findings: FindingList): Promise<void> {
  const { events, outcomes } = await db.read(async ({ sql }) => {
    const end = (await readHeadSeen(sql)).number
    return { events: await strayOutboxBatches(sql, end), outcomes: await strayOutcomeBatches(sql, end) }
  })
  for (const batch of new Set(events)) findings.add('outbox_without_batch', { batch })
  for (const batch of outcomes) findings.add('outcome_without_batch', { batch })
}
