import { int4Array, textArray } from '@huitong/pg'
import { FAULT_KINDS, type FaultTable } from './fault.ts'

/** How many answers a fault still spoils, by its kind. */
export const faultTable: FaultTable = {
  name: 'bank_faults',
  residentRows: 10,
  load: async (sql, kinds) => {
    const rows = await sql<{ kind: string; left_over: number }[]>`
      select kind, left_over from bank_faults where kind = any (${textArray(kinds)}::text::text[])`
    return rows.flatMap((row) => {
      const kind = FAULT_KINDS.find((known) => known === row.kind)
      return kind === undefined ? [] : [[kind, row.left_over] as const]
    })
  },
  write: (sql, changes) => [
    sql`
    insert into bank_faults (kind, left_over)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int4Array(changes.map((change) => change.row))}::text::int4[])
    on conflict on constraint bank_faults_pkey do update set left_over = excluded.left_over`,
  ],
}
