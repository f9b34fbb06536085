import type { Committer } from '@huitong/committer'
import type { Clock } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Payments } from './payments.ts'
import { selectDueRiskChecks } from './risk-check-store.ts'

export interface RiskCheckJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'lapseCheck'>
  readonly clock: Clock
}

/** Checks a run; those that became due meanwhile are the next one's. */
const CHECKS_PER_RUN = 200

/** Ends checks of payments whose time is over. Returns how many; call it every second. */
export async function lapseDueChecks({ db, committer, payments, clock }: RiskCheckJobsOptions): Promise<number> {
  const due = await db.read((tx) => selectDueRiskChecks(tx, clock.now(), CHECKS_PER_RUN))
  const outcomes = await Promise.all(
    due.map((check) => committer.submit({ kind: payments.lapseCheck, input: { check } }, 'bulk')),
  )
  return outcomes.filter((outcome) => outcome.status === 'done').length
}
