import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { dateArray, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import type { ReserveDay } from './reserve-day.ts'

interface DayRow {
  readonly day: string
  readonly customers_minor: bigint
  readonly reserve_minor: bigint
  readonly in_transit_minor: bigint
  readonly surplus_minor: bigint
  readonly made_at: Micros
}

function dayOf(row: DayRow): ReserveDay {
  return {
    ...{ day: row.day, customersMinor: row.customers_minor, reserveMinor: row.reserve_minor },
    ...{ inTransitMinor: row.in_transit_minor, surplusMinor: row.surplus_minor, madeAt: row.made_at },
  }
}

/** By day. */
export const reserveDayTable: TableDefinition<string, ReserveDay> = {
  name: 'reserve_days',
  residentRows: 10,
  load: async (sql, days) => {
    const rows = await sql<DayRow[]>`
      select day::text, customers_minor, reserve_minor, in_transit_minor, surplus_minor, made_at from reserve_days
      where day::text = any (${textArray(days)}::text::text[])`
    return rows.map((row) => [row.day, dayOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into reserve_days (day, customers_minor, reserve_minor, in_transit_minor, surplus_minor, made_at)
      select * from unnest(
        ${dateArray(rows.map((row) => row.day))}::text::date[],
        ${int8Array(rows.map((row) => row.customersMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.reserveMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.inTransitMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.surplusMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[])`,
    ]
  },
}

/** The newest first, up to limit + 1 of them; before a day, or from the newest on. */
export async function selectReserveDays(
  { sql }: ReadTx,
  { before = 'infinity', limit }: { readonly before?: string; readonly limit: number },
): Promise<readonly ReserveDay[]> {
  const rows = await sql<DayRow[]>`
    select day::text, customers_minor, reserve_minor, in_transit_minor, surplus_minor, made_at from reserve_days
    where day < ${before}::text::date order by day desc limit ${limit + 1}`
  return rows.map(dayOf)
}
