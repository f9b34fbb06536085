import type { Committer } from '@huitong/committer'
import type { Clock } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { selectDueDelayedTransfers } from './delayed-transfer-store.ts'
import { selectDueMoneyRequests } from './money-request-store.ts'
import type { Payments } from './payments.ts'
import { inBulk } from './trade-jobs.ts'

export interface PeopleJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'releaseTransfers' | 'expireMoneyRequests'>
  readonly clock: Clock
}

/** Sends delayed transfers whose time for recall is over. Returns how many; call it every few seconds. */
export function releaseDueTransfers({ db, committer, payments, clock }: PeopleJobsOptions): Promise<number> {
  return inBulk(
    (limit) => db.read((tx) => selectDueDelayedTransfers(tx, clock.now(), limit)),
    (transfers) => committer.submit({ kind: payments.releaseTransfers, input: { transfers } }, 'bulk'),
  )
}

/** Ends requests for money whose time is over. Returns how many. */
export function expireDueMoneyRequests({ db, committer, payments, clock }: PeopleJobsOptions): Promise<number> {
  return inBulk(
    (limit) => db.read((tx) => selectDueMoneyRequests(tx, clock.now(), limit)),
    (requests) => committer.submit({ kind: payments.expireMoneyRequests, input: { requests } }, 'bulk'),
  )
}
