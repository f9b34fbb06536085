import { isScheduledState, readScheduledBody, scheduledBodies } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { askWithKey, type KeyedOptions, wasProposed } from './keyed-request.ts'
import { idOf, type ListOptions, showList, showOne } from './ledger-read.ts'
import type { LedgerOptions } from './options.ts'
import { printLine } from './output.ts'

export interface ScheduleOptions extends KeyedOptions {
  readonly due: string
  readonly debit: string
  readonly credit: string
  readonly amount: string
  readonly currency: string
  readonly code: string
  readonly anyAccount?: boolean
}

/** `huitong ledger scheduled create`: one transfer that is decided at its time. */
export async function schedulePosting(options: ScheduleOptions): Promise<void> {
  const { due, debit, credit, amount, currency, code, anyAccount } = options
  const legs = [{ type: 'transfer', debit, credit, amount, currency, code }]
  const path = anyAccount === true ? '/v1/ledger/approved-scheduled-postings' : '/v1/ledger/scheduled-postings'
  const answer = await askWithKey(options, path, { dueAt: due, legs })
  if (options.json || wasProposed(answer)) return
  printLine(`Scheduled ${amount} ${currency} for ${due}: ${String(answer.id)}`)
}

/** `huitong ledger scheduled cancel POSTING` */
export async function cancelScheduled(scheduled: string, options: KeyedOptions): Promise<void> {
  const path = `/v1/ledger/scheduled-postings/${encodeURIComponent(scheduled)}/cancel`
  const answer = await askWithKey(options, path, {})
  if (!options.json) printLine(`Cancelled: ${String(answer.id)}`)
}

/** `huitong ledger scheduled show POSTING` */
export async function showScheduled(scheduled: string, options: LedgerOptions): Promise<void> {
  const id = idOf('schp', scheduled)
  await showOne(options, `scheduled posting ${scheduled}`, (tx) => readScheduledBody(tx, id))
}

/** `huitong ledger scheduled list`: all, or those in one state. */
export async function listScheduled(options: ListOptions & { readonly state?: string }): Promise<void> {
  const { state } = options
  if (state !== undefined && !isScheduledState(state)) throw new CliError(EXIT.usage, `${state} is not a state.`)
  await showList(options, 'scheduled posting', (tx) => scheduledBodies(tx, state, 0, options.limit))
}
