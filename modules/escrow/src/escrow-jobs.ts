import type { Committer } from '@huitong/committer'
import type { Clock } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { EscrowKinds } from './escrow-kinds.ts'
import { selectDueEscrow } from './escrow-read-store.ts'

export interface EscrowJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly escrow: Pick<EscrowKinds, 'lapse'>
  readonly clock: Clock
}

const DUE_AT_ONCE = 500

/**
 * Does to trades what time does to them: closings, returns, confirmations and the ends of disputes that nobody answered. Returns how many
 * trades went on; call it every second, and again at once while it finds some.
 */
export async function lapseDueEscrow({ db, committer, escrow, clock }: EscrowJobsOptions): Promise<number> {
  const due = await db.read((tx) => selectDueEscrow(tx, clock.now(), DUE_AT_ONCE))
  const outcomes = await Promise.all(
    due.map((trade) => committer.submit({ kind: escrow.lapse, input: { trade } }, 'bulk')),
  )
  return outcomes.filter((outcome) => outcome.status === 'done' && outcome.answer.steps > 0).length
}
