import type { TableDefinition } from '@huitong/committer'
import { int8Array, type ReadTx, type Sql } from '@huitong/pg'
import type { YearBook, YearEnd } from './year-end.ts'

export const YEARS = 'all'

interface YearRow {
  readonly year: number
  readonly entries: string
  readonly complete: boolean
  readonly revision: number
}

async function selectYears(sql: Sql): Promise<readonly YearEnd[]> {
  const rows = await sql<YearRow[]>`
    select year, array_to_string(entries, ' ') as entries, complete, revision from ledger_years order by year`
  return rows.map(({ entries, ...row }) => ({ ...row, entries: entries === '' ? [] : entries.split(' ').map(Number) }))
}

/** Asked for once a year, so nothing of it stays in memory. */
export const yearTable: TableDefinition<string, YearBook> = {
  name: 'ledger_years',
  residentRows: 0,
  load: async (sql) => [[YEARS, { years: new Map((await selectYears(sql)).map((year) => [year.year, year])) }]],
  write: (sql, changes) =>
    changes.flatMap(({ row }) =>
      [...row.years.values()].map(
        ({ year, entries, complete, revision }) => sql`
        insert into ledger_years (year, entries, complete, revision)
        values (${year}, ${int8Array(entries)}::text::int8[], ${complete}, ${revision})
        on conflict on constraint ledger_years_pkey do update set
          entries = excluded.entries, complete = excluded.complete, revision = excluded.revision`,
      ),
    ),
}

export async function readYears(tx: ReadTx): Promise<readonly YearEnd[]> {
  return selectYears(tx.sql)
}
