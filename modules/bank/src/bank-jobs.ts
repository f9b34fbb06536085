import type { Committer } from '@huitong/committer'
import type { Clock } from '@huitong/kernel'
import type { Bank } from './bank.ts'
import type { BankQueries } from './bank-queries.ts'

export interface BankJobsOptions {
  readonly committer: Pick<Committer, 'submit'>
  readonly bank: Bank
  readonly queries: BankQueries
  readonly clock: Clock
}

const PER_COMMAND = 200

/** Sends what is due and asks about what nothing was heard of; how many. */
export async function runDuePayments({ committer, bank, queries, clock }: BankJobsOptions): Promise<number> {
  let done = 0
  for (;;) {
    const references = await queries.due(clock.now(), PER_COMMAND)
    if (references.length === 0) return done
    const outcome = await committer.submit({ kind: bank.runDue, input: { references } }, 'bulk')
    // What could not be done now is due at the next run as well.
    if (outcome.status !== 'done' || outcome.answer.done === 0) return done
    done += outcome.answer.done
  }
}
