import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { dateArray, int4Array, jsonbArray, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { Value } from 'typebox/value'
import { PolicyBody, policyText, readPolicy } from './policy.ts'
import type { PolicyVersion } from './policy-version.ts'

interface PolicyRow {
  readonly version: number
  readonly effective_from: string
  readonly policy: unknown
  readonly source: string
  readonly added_at: Micros
}

/** Oldest first. */
export async function selectPolicies(sql: Sql): Promise<readonly PolicyVersion[]> {
  const rows = await sql<PolicyRow[]>`
    select version, effective_from::text, policy, source, added_at from risk_policies order by version`
  return rows.map(({ version, effective_from: effectiveFrom, policy, source, added_at: addedAt }) => {
    invariant(Value.Check(PolicyBody, policy), 'a stored policy has the form of one')
    const read = readPolicy(policy)
    invariant(read.ok, 'a stored policy keeps its rules')
    return { version, effectiveFrom, policy: read.value, source, addedAt }
  })
}

/** All versions are one row of the working set: there are few, and each payment asks for the one in force. */
export const POLICIES = 'policies'

export const policyTable: TableDefinition<typeof POLICIES, readonly PolicyVersion[]> = {
  name: 'risk_policies',
  residentRows: 1,
  load: async (sql) => {
    const versions = await selectPolicies(sql)
    return versions.length === 0 ? [] : [[POLICIES, versions]]
  },
  write: (sql, changes) => {
    const rows = changes.flatMap(({ row }) => row)
    return [
      sql`
      insert into risk_policies (version, effective_from, policy, source, added_at)
      select * from unnest(
        ${int4Array(rows.map((row) => row.version))}::text::int4[],
        ${dateArray(rows.map((row) => row.effectiveFrom))}::text::date[],
        ${jsonbArray(rows.map((row) => JSON.stringify(policyText(row.policy))))}::text::jsonb[],
        ${textArray(rows.map((row) => row.source))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.addedAt))}::text::timestamptz[])
      on conflict on constraint risk_policies_pkey do nothing`,
    ]
  },
}
