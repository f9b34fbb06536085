import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { dateArray, int4Array, int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import type { SharingRuleVersion } from './sharing-rule.ts'

interface SharingRuleRow {
  readonly merchant_id: bigint
  readonly version: number
  readonly max_bps: number
  readonly effective_from: string
  readonly effective_to: string | null
  readonly instrument: string
  readonly source: string
  readonly added_at: Micros
}

/** All versions for each of these merchants, oldest first; those that have none are left out. Without merchants: all that there are. */
export async function selectSharingRules(
  sql: Sql,
  merchants: readonly number[] | null,
): Promise<readonly (readonly [number, readonly SharingRuleVersion[]])[]> {
  const wanted = merchants === null ? sql`true` : sql`merchant_id = any (${int8Array(merchants)}::text::int8[])`
  const rows = await sql<SharingRuleRow[]>`
    select merchant_id, version, max_bps, effective_from::text, effective_to::text, instrument, source, added_at
    from pricing_sharing_rules where ${wanted} order by merchant_id, version`
  const found = new Map<number, SharingRuleVersion[]>()
  for (const row of rows) {
    const merchant = Number(row.merchant_id)
    const versions = found.get(merchant) ?? []
    versions.push({
      version: row.version,
      maxBps: row.max_bps,
      effectiveFrom: row.effective_from,
      effectiveTo: row.effective_to,
      instrument: row.instrument,
      source: row.source,
      addedAt: row.added_at,
    })
    found.set(merchant, versions)
  }
  return [...found]
}

/** Versions by merchant. A change adds versions at the end; what is written is never changed. */
export const sharingRuleTable: TableDefinition<number, readonly SharingRuleVersion[]> = {
  name: 'pricing_sharing_rules',
  residentRows: 10_000,
  load: selectSharingRules,
  write: (sql, changes) => {
    const rows = changes.flatMap(({ key, row }) => row.map((version) => ({ merchant: key, ...version })))
    return [
      sql`
      insert into pricing_sharing_rules
        (merchant_id, version, max_bps, effective_from, effective_to, instrument, source, added_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.merchant))}::text::int8[],
        ${int4Array(rows.map((row) => row.version))}::text::int4[],
        ${int4Array(rows.map((row) => row.maxBps))}::text::int4[],
        ${dateArray(rows.map((row) => row.effectiveFrom))}::text::date[],
        ${dateArray(rows.map((row) => row.effectiveTo))}::text::date[],
        ${textArray(rows.map((row) => row.instrument))}::text::text[],
        ${textArray(rows.map((row) => row.source))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.addedAt))}::text::timestamptz[])
      on conflict on constraint pricing_sharing_rules_pkey do nothing`,
    ]
  },
}
