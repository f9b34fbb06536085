import type { TableDefinition } from '@huitong/committer'
import { dateArray, int2Array, int8Array, type Sql } from '@huitong/pg'
import type { Spending } from './spending.ts'

interface SpendingRow {
  readonly person: bigint
  readonly on_day: string
  readonly contract_minor: bigint
  readonly two_factors_minor: bigint
  readonly one_factor_minor: bigint
  readonly static_code_minor: bigint
  readonly in_year: number
  readonly year_minor: bigint
  readonly lifetime_minor: bigint
}

function spendingOf(row: SpendingRow): Spending {
  return {
    day: row.on_day,
    dayMinor: {
      contract: row.contract_minor,
      two_factors: row.two_factors_minor,
      one_factor: row.one_factor_minor,
      static_code: row.static_code_minor,
    },
    year: row.in_year,
    yearMinor: row.year_minor,
    lifetimeMinor: row.lifetime_minor,
  }
}

export async function selectSpendings(
  sql: Sql,
  persons: readonly number[],
): Promise<readonly (readonly [number, Spending])[]> {
  const rows = await sql<SpendingRow[]>`
    select person, on_day::text, contract_minor, two_factors_minor, one_factor_minor, static_code_minor, in_year,
      year_minor, lifetime_minor
    from pricing_spendings where person = any (${int8Array(persons)}::text::int8[])`
  return rows.map((row) => [Number(row.person), spendingOf(row)])
}

/** By person. */
export const spendingTable: TableDefinition<number, Spending> = {
  name: 'pricing_spendings',
  residentRows: 50_000,
  load: selectSpendings,
  write: (sql, changes) => [
    sql`
    insert into pricing_spendings
      (person, on_day, contract_minor, two_factors_minor, one_factor_minor, static_code_minor, in_year, year_minor,
       lifetime_minor)
    select * from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${dateArray(changes.map((change) => change.row.day))}::text::date[],
      ${int8Array(changes.map((change) => change.row.dayMinor.contract))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.dayMinor.two_factors))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.dayMinor.one_factor))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.dayMinor.static_code))}::text::int8[],
      ${int2Array(changes.map((change) => change.row.year))}::text::int2[],
      ${int8Array(changes.map((change) => change.row.yearMinor))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.lifetimeMinor))}::text::int8[])
    on conflict on constraint pricing_spendings_pkey do update set
      on_day = excluded.on_day, contract_minor = excluded.contract_minor, two_factors_minor = excluded.two_factors_minor,
      one_factor_minor = excluded.one_factor_minor, static_code_minor = excluded.static_code_minor,
      in_year = excluded.in_year, year_minor = excluded.year_minor, lifetime_minor = excluded.lifetime_minor`,
  ],
}
