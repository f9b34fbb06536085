import type { ReadTx } from '@huitong/pg'
import type { ScheduledState } from './scheduled-posting.ts'
import { findScheduled, listScheduled } from './scheduled-posting-store.ts'
import { scheduledBody } from './scheduled-posting-views.ts'

/** A scheduled posting as it looks from outside; undefined when there is none. */
export async function readScheduledBody(tx: ReadTx, id: number) {
  const scheduled = await findScheduled(tx, id)
  return scheduled === undefined ? undefined : scheduledBody(scheduled)
}

/** By id, up to limit + 1 of them. */
export async function scheduledBodies(tx: ReadTx, state: ScheduledState | undefined, afterId: number, limit: number) {
  return (await listScheduled(tx, state, afterId, limit)).map(scheduledBody)
}
