import type { Committer } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import { listDays, untiedDays } from './day-store.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { readSettings } from './settings-store.ts'
import { readTie, type TieLine } from './tie-store.ts'

export interface DayJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
}

export interface TiedDays {
  readonly days: readonly string[]
  /** Where accounts and subjects do not agree: then no day was tied, and staff must look. */
  readonly differences: readonly TieLine[]
}

/**
 * Looks whether the accounts of closed days add up to their subjects, and writes down that they do. Both sides are summed up to one
 * batch after the close; since they then agree on all that was ever posted, they agree on each day before it.
 */
export async function tieClosedDays({ db, committer, commands }: DayJobsOptions): Promise<TiedDays> {
  const untied = await db.read(untiedDays)
  if (untied.length === 0) return { days: [], differences: [] }
  const tie = await db.read(readTie)
  if (tie.differences.length > 0) return { days: [], differences: tie.differences }
  const days: string[] = []
  for (const { day, closedBatch } of untied) {
    if (closedBatch > tie.batch) continue
    const outcome = await committer.submit({ kind: commands.tieDay, input: { day, batch: tie.batch } }, 'bulk')
    if (outcome.status === 'done') days.push(day)
  }
  return { days, differences: [] }
}

/** So many closed days stay open for back-dated transfers, unless the institution settles otherwise. */
export const ADJUSTMENT_DAYS = 5

/**
 * Makes days final that are past the time in which transfers may be back-dated to them. The newest `adjustmentDays` closed days stay
 * open for that. Returns the last day that became final, if any did.
 */
export async function finalizeOldDays(
  { db, committer, commands }: DayJobsOptions,
  adjustmentDays = ADJUSTMENT_DAYS,
): Promise<string | undefined> {
  const due = await db.read(async (tx) => {
    const newestFirst = await listDays(tx, null, adjustmentDays + 1)
    const oldest = newestFirst[adjustmentDays]
    const { finalThrough } = await readSettings(tx)
    if (oldest === undefined || oldest.tiedBatch === null) return undefined
    return finalThrough === null || oldest.day > finalThrough ? oldest.day : undefined
  })
  if (due === undefined) return undefined
  const input = { through: due, by: 'calendar' }
  const outcome = await committer.submit({ kind: commands.finalizeDays, input }, 'bulk')
  return outcome.status === 'done' ? due : undefined
}
