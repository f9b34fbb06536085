import type { TableDefinition } from '@huitong/committer'
import { dateArray, int4Array, int8Array, timestamptzArray } from '@huitong/pg'
import type { Velocity } from './velocity.ts'

interface VelocityRow {
  readonly customer_id: bigint
  readonly in_hour: number
  readonly hour_count: number
  readonly hour_minor: bigint
  readonly on_day: string
  readonly day_count: number
  readonly day_minor: bigint
}

/** By customer. */
export const velocityTable: TableDefinition<number, Velocity> = {
  name: 'risk_velocities',
  residentRows: 50_000,
  load: async (sql, keys) => {
    const rows = await sql<VelocityRow[]>`
      select customer_id, in_hour, hour_count, hour_minor, on_day::text, day_count, day_minor
      from risk_velocities where customer_id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [
      Number(row.customer_id),
      {
        ...{ hour: row.in_hour, hourCount: row.hour_count, hourMinor: row.hour_minor },
        ...{ day: row.on_day, dayCount: row.day_count, dayMinor: row.day_minor },
      },
    ])
  },
  write: (sql, changes) => [
    sql`
    insert into risk_velocities (customer_id, in_hour, hour_count, hour_minor, on_day, day_count, day_minor)
    select * from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${timestamptzArray(changes.map((change) => change.row.hour))}::text::timestamptz[],
      ${int4Array(changes.map((change) => change.row.hourCount))}::text::int4[],
      ${int8Array(changes.map((change) => change.row.hourMinor))}::text::int8[],
      ${dateArray(changes.map((change) => change.row.day))}::text::date[],
      ${int4Array(changes.map((change) => change.row.dayCount))}::text::int4[],
      ${int8Array(changes.map((change) => change.row.dayMinor))}::text::int8[])
    on conflict on constraint risk_velocities_pkey do update set
      in_hour = excluded.in_hour, hour_count = excluded.hour_count, hour_minor = excluded.hour_minor,
      on_day = excluded.on_day, day_count = excluded.day_count, day_minor = excluded.day_minor`,
  ],
}
