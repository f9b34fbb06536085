import type { Committer } from '@huitong/committer'
import { beijingDay, type Clock, microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { dueFreezes } from './freeze-store.ts'
import { idleAccounts } from './idle-store.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { dueHolds } from './ledger-read-store.ts'
import { duePostings } from './scheduled-posting-store.ts'

const DUE_AT_ONCE = 1000

export interface LedgerJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
  readonly clock: Clock
}

/** So many holds end in one command: few enough that payments are decided in between. */
const HOLDS_PER_COMMAND = 250

/**
 * Journals the expiry of holds that are past it, many in one bulk command. Returns how many ended; bounded, so call it again while it
 * finds some.
 */
export async function expireHolds({ db, committer, commands, clock }: LedgerJobsOptions): Promise<number> {
  const due = await db.read((tx) => dueHolds(tx, microsToIso(clock.now()), DUE_AT_ONCE))
  let ended = 0
  for (let from = 0; from < due.length; from += HOLDS_PER_COMMAND) {
    const holds = due.slice(from, from + HOLDS_PER_COMMAND)
    const outcome = await committer.submit({ kind: commands.expireHolds, input: { holds } }, 'bulk')
    if (outcome.status === 'done') ended += outcome.answer.ended
  }
  return ended
}

/** Starts the accounting day of the present Beijing day when the clock has moved past the last one. True if a day was closed. */
export async function followCalendar({ committer, commands, clock }: Omit<LedgerJobsOptions, 'db'>): Promise<boolean> {
  const today: string = beijingDay(clock.now())
  if (today <= committer.status().accountingDay) return false
  const outcome = await committer.submit({ kind: commands.closeDay, input: { next: today, by: 'calendar' } })
  return outcome.status === 'done'
}

/** Journals the expiry of freezes that are past it, many in one bulk command. Returns how many ended. */
export async function expireFreezes({ db, committer, commands, clock }: LedgerJobsOptions): Promise<number> {
  const freezes = await db.read((tx) => dueFreezes(tx, microsToIso(clock.now()), DUE_AT_ONCE))
  if (freezes.length === 0) return 0
  const outcome = await committer.submit({ kind: commands.expireFreezes, input: { freezes } }, 'bulk')
  return outcome.status === 'done' ? outcome.answer.ended : 0
}

/** So many scheduled postings in one command, each of up to a hundred legs. */
const POSTINGS_PER_COMMAND = 100

/**
 * Decides the scheduled postings whose time has come, in the order of their times. Returns how many were posted or refused; bounded, so
 * call it again while it finds some.
 */
export async function postScheduled({ db, committer, commands, clock }: LedgerJobsOptions): Promise<number> {
  const due = await db.read((tx) => duePostings(tx, microsToIso(clock.now()), DUE_AT_ONCE))
  const post = async (scheduled: readonly number[]): Promise<number> => {
    const outcome = await committer.submit({ kind: commands.postScheduled, input: { scheduled } }, 'bulk')
    if (outcome.status === 'done') return outcome.answer.posted + outcome.answer.refused
    if (scheduled.length === 1 || committer.status().state !== 'running') return 0
    // One of them cannot be decided at all: it must not keep the others from their time.
    let ended = 0
    for (const one of scheduled) ended += await post([one])
    return ended
  }
  let ended = 0
  for (let from = 0; from < due.length; from += POSTINGS_PER_COMMAND) {
    ended += await post(due.slice(from, from + POSTINGS_PER_COMMAND))
  }
  return ended
}

const DAY_MICROS = 86_400_000_000

/**
 * Puts open accounts of customers and merchants to sleep that had no entry for so many days. Goes through all accounts once, by id, as long
 * as the committer runs; the command leaves alone what moved meanwhile. Returns how many fell asleep.
 */
export async function sleepAccounts(
  { db, committer, commands, clock }: LedgerJobsOptions,
  days: number,
): Promise<number> {
  const before = microsToIso(clock.now() - days * DAY_MICROS)
  let asleep = 0
  for (let after = 0; ; ) {
    const { idle, last } = await db.read((tx) => idleAccounts(tx, before, after, DUE_AT_ONCE))
    const outcomes = await Promise.all(
      idle.map((input) => committer.submit({ kind: commands.setDormant, input }, 'bulk')),
    )
    asleep += outcomes.filter((outcome) => outcome.status === 'done').length
    if (last === undefined || committer.status().state !== 'running') return asleep
    after = last
  }
}
