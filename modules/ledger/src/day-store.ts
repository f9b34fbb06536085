import type { TableDefinition } from '@huitong/committer'
import { dateArray, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import type { ClosedDay } from './day.ts'

interface DayRow {
  readonly day: string
  readonly next_day: string
  readonly closed_batch: bigint
  readonly closed_at: number
  readonly closed_by: string | null
  readonly tied_batch: bigint | null
}

function dayOf(row: DayRow): ClosedDay {
  return {
    day: row.day,
    nextDay: row.next_day,
    closedBatch: Number(row.closed_batch),
    closedAt: row.closed_at,
    closedBy: row.closed_by,
    tiedBatch: row.tied_batch === null ? null : Number(row.tied_batch),
  }
}

/** A handful of commands a day read it, so nothing of it stays in memory. */
export const dayTable: TableDefinition<string, ClosedDay> = {
  name: 'ledger_days',
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await sql<DayRow[]>`select * from ledger_days where day = any (${dateArray(keys)}::text::date[])`
    return rows.map(dayOf).map((day) => [day.day, day])
  },
  write: (sql, changes) => {
    const days = changes.map((change) => change.row)
    return [
      sql`
      insert into ledger_days (day, next_day, closed_batch, closed_at, closed_by, tied_batch)
      select * from unnest(
        ${dateArray(days.map((day) => day.day))}::text::date[],
        ${dateArray(days.map((day) => day.nextDay))}::text::date[],
        ${int8Array(days.map((day) => day.closedBatch))}::text::int8[],
        ${timestamptzArray(days.map((day) => day.closedAt))}::text::timestamptz[],
        ${textArray(days.map((day) => day.closedBy))}::text::text[],
        ${int8Array(days.map((day) => day.tiedBatch))}::text::int8[])
      on conflict on constraint ledger_days_pkey do update set tied_batch = excluded.tied_batch`,
    ]
  },
}

/** Closed days, newest first, before `before` if it is told; up to `limit` of them. */
export async function listDays(tx: ReadTx, before: string | null, limit: number): Promise<readonly ClosedDay[]> {
  const rows = await tx.sql<DayRow[]>`
    select * from ledger_days where day < coalesce(${before}::text::date, 'infinity'::date) order by day desc limit ${limit}`
  return rows.map(dayOf)
}

/** Days that are closed and not tied yet, oldest first. */
export async function untiedDays(tx: ReadTx): Promise<readonly ClosedDay[]> {
  const rows = await tx.sql<DayRow[]>`select * from ledger_days where tied_batch is null order by day limit 400`
  return rows.map(dayOf)
}

export async function allDays(tx: ReadTx): Promise<readonly ClosedDay[]> {
  return (await tx.sql<DayRow[]>`select * from ledger_days`).map(dayOf)
}
