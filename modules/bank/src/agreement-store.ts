import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { dateArray, int2Array, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { AGREEMENT_STATES, type Agreement } from './agreement.ts'

export interface AgreementRow {
  readonly id: bigint
  readonly account_number: string
  readonly platform: string
  readonly platform_account: string
  readonly state: string
  readonly code_hash: string | null
  readonly code_expires_at: Micros
  readonly code_tries: number
  readonly single_max_minor: bigint
  readonly day_max_minor: bigint
  readonly spent_on: string | null
  readonly spent_minor: bigint
  readonly made_at: Micros
  readonly ended_at: Micros | null
}

export function agreementOf(row: AgreementRow): Agreement {
  const state = AGREEMENT_STATES.find((known) => known === row.state)
  invariant(state !== undefined, `a stored state of an agreement is not known: ${row.state}`)
  return {
    ...{ id: Number(row.id), account: row.account_number, platform: row.platform },
    ...{ platformAccount: row.platform_account, state, codeHash: row.code_hash },
    ...{ codeExpiresAt: row.code_expires_at, codeTries: row.code_tries },
    ...{ singleMaxMinor: row.single_max_minor, dayMaxMinor: row.day_max_minor, spentOn: row.spent_on },
    ...{ spentMinor: row.spent_minor, madeAt: row.made_at, endedAt: row.ended_at },
  }
}

export const agreementTable: TableDefinition<number, Agreement> = {
  name: 'bank_agreements',
  residentRows: 100_000,
  load: async (sql, ids) => {
    const rows = await sql<AgreementRow[]>`
      select id, account_number, platform, platform_account, state, code_hash, code_expires_at, code_tries, single_max_minor,
        day_max_minor, spent_on::text, spent_minor, made_at, ended_at
      from bank_agreements where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [Number(row.id), agreementOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into bank_agreements (id, account_number, platform, platform_account, state, code_hash, code_expires_at, code_tries,
        single_max_minor, day_max_minor, spent_on, spent_minor, made_at, ended_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.id))}::text::int8[],
        ${textArray(rows.map((row) => row.account))}::text::text[],
        ${textArray(rows.map((row) => row.platform))}::text::text[],
        ${textArray(rows.map((row) => row.platformAccount))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${textArray(rows.map((row) => row.codeHash))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.codeExpiresAt))}::text::timestamptz[],
        ${int2Array(rows.map((row) => row.codeTries))}::text::int2[],
        ${int8Array(rows.map((row) => row.singleMaxMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.dayMaxMinor))}::text::int8[],
        ${dateArray(rows.map((row) => row.spentOn))}::text::date[],
        ${int8Array(rows.map((row) => row.spentMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.endedAt))}::text::timestamptz[])
      on conflict on constraint bank_agreements_pkey do update set state = excluded.state, code_hash = excluded.code_hash,
        code_tries = excluded.code_tries, spent_on = excluded.spent_on, spent_minor = excluded.spent_minor, ended_at = excluded.ended_at`,
    ]
  },
}

export async function findAgreement({ sql }: ReadTx, id: number): Promise<Agreement | undefined> {
  const rows = await sql<AgreementRow[]>`
    select *, spent_on::text as spent_on from bank_agreements where id = ${id}`
  return rows.map(agreementOf)[0]
}
