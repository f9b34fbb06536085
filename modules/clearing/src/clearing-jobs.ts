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
