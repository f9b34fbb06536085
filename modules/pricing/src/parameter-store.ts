import type { TableDefinition } from '@huitong/committer'
import { currencyCode, invariant, type Micros } from '@huitong/kernel'
import { dateArray, int4Array, int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { type ParameterId, type ParameterVersion, parameterId } from './parameter.ts'

interface ParameterRow {
  readonly id: string
  readonly version: number
  readonly amount_minor: bigint | null
  readonly currency: string
  readonly effective_from: string
  readonly effective_to: string | null
  readonly instrument: string
  readonly source: string
  readonly added_at: Micros
}

function versionOf(row: ParameterRow): ParameterVersion {
  const currency = currencyCode(row.currency)
  invariant(currency.ok, `a stored currency is not known: ${row.currency}`)
  return {
    version: row.version,
    amountMinor: row.amount_minor,
    currency: currency.value,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
    instrument: row.instrument,
    source: row.source,
    addedAt: row.added_at,
  }
}

/** All versions of each of these parameters, oldest first; those that have none are left out. */
export async function selectParameters(
  sql: Sql,
  ids: readonly ParameterId[],
): Promise<readonly (readonly [ParameterId, readonly ParameterVersion[]])[]> {
  const rows = await sql<ParameterRow[]>`
    select id, version, amount_minor, currency, effective_from::text, effective_to::text, instrument, source, added_at
    from pricing_parameters where id = any (${textArray(ids)}::text::text[])
    order by id, version`
  const found = new Map<ParameterId, ParameterVersion[]>()
  for (const row of rows) {
    const id = parameterId(row.id)
    invariant(id !== undefined, `a stored parameter is not known: ${row.id}`)
    const versions = found.get(id) ?? []
    versions.push(versionOf(row))
    found.set(id, versions)
  }
  return [...found]
}

/** Versions by parameter. A change adds versions at the end; what is written is never changed. */
export const parameterTable: TableDefinition<ParameterId, readonly ParameterVersion[]> = {
  name: 'pricing_parameters',
  residentRows: 100,
  load: selectParameters,
  write: (sql, changes) => {
    const rows = changes.flatMap(({ key, row }) => row.map((version) => ({ id: key, ...version })))
    return [
      sql`
      insert into pricing_parameters
        (id, version, amount_minor, currency, effective_from, effective_to, instrument, source, added_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.id))}::text::text[],
        ${int4Array(rows.map((row) => row.version))}::text::int4[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${textArray(rows.map((row) => row.currency))}::text::text[],
        ${dateArray(rows.map((row) => row.effectiveFrom))}::text::date[],
        ${dateArray(rows.map((row) => row.effectiveTo))}::text::date[],
        ${textArray(rows.map((row) => row.instrument))}::text::text[],
        ${textArray(rows.map((row) => row.source))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.addedAt))}::text::timestamptz[])
      on conflict on constraint pricing_parameters_pkey do nothing`,
    ]
  },
}
