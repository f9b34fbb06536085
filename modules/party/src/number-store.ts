import type { TableDefinition } from '@huitong/committer'
import { int8Array, textArray } from '@huitong/pg'
import type { NumberSeries } from './public-number.ts'

/** How far each series of public numbers has come. */
export const numberSeriesTable: TableDefinition<NumberSeries, number> = {
  name: 'party_number_series',
  residentRows: 2,
  load: async (sql, names) => {
    const rows = await sql<{ name: string; last_ordinal: bigint }[]>`
      select name, last_ordinal from party_number_series where name = any(${textArray(names)}::text::text[])`
    const found = new Map(rows.map((row) => [row.name, Number(row.last_ordinal)]))
    return names.flatMap((name) => {
      const last = found.get(name)
      return last === undefined ? [] : [[name, last] as const]
    })
  },
  write: (sql, changes) => [
    sql`
    insert into party_number_series (name, last_ordinal)
    select name, last_ordinal
    from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int8Array(changes.map((change) => change.row))}::text::int8[]
    ) as changed (name, last_ordinal)
    on conflict on constraint party_number_series_pkey do update set last_ordinal = excluded.last_ordinal`,
  ],
}
