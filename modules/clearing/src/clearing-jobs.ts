import type { Committer } from '@huitong/committer'
import type { Clock } from '@huitong/kernel'
import type { Clearing } from './clearing.ts'
import type { ClearingQueries } from './clearing-queries.ts'

export interface ClearingJobsOptions {
  readonly committer: Pick<Committer, 'submit'>
  readonly clearing: Clearing
  readonly queries: ClearingQueries
  readonly clock: Clock
}

const PER_COMMAND = 200

/** Ends what nobody answered in time; how many. Run again, it does nothing to what has ended. */
export async function lapseOverduePayments({
  committer,
  clearing,
  queries,
  clock,
}: ClearingJobsOptions): Promise<number> {
  let lapsed = 0
  for (;;) {
    const references = await queries.overdue(clock.now(), PER_COMMAND)
    if (references.length === 0) return lapsed
    const outcome = await committer.submit({ kind: clearing.lapse, input: { references } }, 'bulk')
    // What could not be done now is due at the next run as well.
    if (outcome.status !== 'done' || outcome.answer.lapsed === 0) return lapsed
    lapsed += outcome.answer.lapsed
  }
}

/** Windows end on the hour and on the half, µs; both are also such in Beijing. */
const WINDOW_ENDS_EVERY = 30 * 60 * 1_000_000

/**
 * Settles the open window once a half hour has ended since it was opened. One in which nothing counts goes on. True when one was settled; the
 * command names the window, so a second run, or a run by a second process, settles nothing more.
 */
export async function settleEndedWindow({
  committer,
  clearing,
  queries,
  clock,
}: ClearingJobsOptions): Promise<boolean> {
  const window = await queries.filledWindow()
  const lastEnd = Math.floor(clock.now() / WINDOW_ENDS_EVERY) * WINDOW_ENDS_EVERY
  if (window === undefined || window.openedAt >= lastEnd) return false
  const input = { window: window.number }
  const outcome = await committer.submit({ kind: clearing.settleWindow, input }, 'bulk')
  return outcome.status === 'done'
}
