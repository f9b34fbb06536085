import type { Committer } from '@huitong/committer'
import { addDays, localDate } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { selectGuard } from './guard-store.ts'
import { lookAtPosition } from './position-queries.ts'
import type { Reserve } from './reserve.ts'
import { selectReserveDays } from './reserve-day-store.ts'

export interface ReserveJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit' | 'status'>
  readonly reserve: Reserve
}

/** Looks at the reserve, and writes down when it became short or is covered again; true when it did. */
export async function watchReserve({ db, committer, reserve }: ReserveJobsOptions): Promise<boolean> {
  const look = await lookAtPosition(db, committer.status().accountingDay)
  const stopped = (await db.read(selectGuard))?.stopped ?? false
  if (stopped === look.position.surplusMinor < 0n) return false
  const outcome = await committer.submit({ kind: reserve.notePosition, input: look })
  return outcome.status === 'done'
}

/** More days than a program stands still. */
const DAYS_AT_ONCE = 31

/** Writes the report of each day that has ended since the last one; how many. The first report is of the day before the first start. */
export async function reportReserveDays({ db, committer, reserve }: ReserveJobsOptions): Promise<number> {
  const today = localDate(committer.status().accountingDay)
  if (!today.ok) return 0
  const [newest] = await db.read((tx) => selectReserveDays(tx, { limit: 1 }))
  let done = 0
  for (let back = DAYS_AT_ONCE; back >= 1; back -= 1) {
    const day = addDays(today.value, -back)
    if (newest === undefined ? back > 1 : day <= newest.day) continue
    const { position } = await lookAtPosition(db, day)
    const outcome = await committer.submit({ kind: reserve.closeDay, input: { day, position } }, 'bulk')
    if (outcome.status !== 'done') return done
    done += 1
  }
  return done
}
