import type { Committer, Outcome } from '@huitong/committer'
import type { Clock } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { selectDueAuthorisations } from './authorisation-read-store.ts'
import { selectDueDeferrals } from './deferral-read-store.ts'
import type { Payments } from './payments.ts'
import { selectDueTrades, selectUnrefundableTrades } from './payments-read-store.ts'
import type { BulkAnswer } from './trade-end-commands.ts'

export interface TradeJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'expireTrades' | 'finishTrades' | 'expireAuthorisations' | 'settleDue'>
  readonly clock: Clock
}

/** Trades a command: a batch stays short, and one command that fails holds up only these. */
const TRADES_PER_COMMAND = 200
/** Commands a run, so that a run ends even when trades become due as fast as they are closed. */
const COMMANDS_PER_RUN = 50

/** Closes trades whose time to pay is over. Returns how many; call it every few seconds. */
export function expireDueTrades({ db, committer, payments, clock }: TradeJobsOptions): Promise<number> {
  return inBulk(
    (limit) => db.read((tx) => selectDueTrades(tx, clock.now(), limit)),
    (trades) => committer.submit({ kind: payments.expireTrades, input: { trades } }, 'bulk'),
  )
}

/** Ends the time for refunds of old trades. Returns how many; once an hour is often enough. */
export function finishOldTrades({ db, committer, payments, clock }: TradeJobsOptions): Promise<number> {
  return inBulk(
    (limit) => db.read((tx) => selectUnrefundableTrades(tx, clock.now(), limit)),
    (trades) => committer.submit({ kind: payments.finishTrades, input: { trades } }, 'bulk'),
  )
}

/** Ends authorisations whose time is over. Returns how many; call it every few seconds. */
export function expireDueAuthorisations({ db, committer, payments, clock }: TradeJobsOptions): Promise<number> {
  return inBulk(
    (limit) => db.read((tx) => selectDueAuthorisations(tx, clock.now(), limit)),
    (authorisations) => committer.submit({ kind: payments.expireAuthorisations, input: { authorisations } }, 'bulk'),
  )
}

/** Settles payments whose merchants did not confirm or share them in time. Returns how many; call it every few seconds. */
export function settleDuePayments({ db, committer, payments, clock }: TradeJobsOptions): Promise<number> {
  return inBulk(
    (limit) => db.read((tx) => selectDueDeferrals(tx, clock.now(), limit)),
    (trades) => committer.submit({ kind: payments.settleDue, input: { trades } }, 'bulk'),
  )
}

/** Asks and submits until nothing is due. Whatever goes wrong leaves them due, so the next run takes them up again. */
export async function inBulk<Due>(
  due: (limit: number) => Promise<readonly Due[]>,
  submit: (due: readonly Due[]) => Promise<Outcome<BulkAnswer>>,
): Promise<number> {
  let ended = 0
  for (let command = 0; command < COMMANDS_PER_RUN; command += 1) {
    const trades = await due(TRADES_PER_COMMAND)
    if (trades.length === 0) break
    const outcome = await submit(trades)
    if (outcome.status !== 'done' || outcome.answer.changed === 0) break
    ended += outcome.answer.changed
  }
  return ended
}
