import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { dateArray, int2Array, int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { assertAccount, type BankAccount } from './account.ts'

export interface AccountRow {
  readonly number: string
  readonly customer_id: bigint
  readonly account_id: bigint
  readonly name_hash: string
  readonly identity_hash: string
  readonly phone_hash: string
  readonly single_max_minor: bigint
  readonly day_max_minor: bigint
  readonly spent_on: string | null
  readonly spent_minor: bigint
  readonly wrong_factors: number
  readonly wrong_on: string | null
  readonly opened_at: Micros
}

export function accountOf(row: AccountRow): BankAccount {
  return assertAccount({
    ...{ number: row.number, customer: Number(row.customer_id), account: Number(row.account_id) },
    ...{ nameHash: row.name_hash, identityHash: row.identity_hash, phoneHash: row.phone_hash },
    ...{ singleMaxMinor: row.single_max_minor, dayMaxMinor: row.day_max_minor },
    ...{ spentOn: row.spent_on, spentMinor: row.spent_minor },
    ...{ wrongFactors: row.wrong_factors, wrongOn: row.wrong_on, openedAt: row.opened_at },
  })
}

/** By number. */
export const accountTable: TableDefinition<string, BankAccount> = {
  name: 'bank_accounts',
  residentRows: 100_000,
  load: async (sql, numbers) => {
    const rows = await sql<AccountRow[]>`
      select number, customer_id, account_id, name_hash, identity_hash, phone_hash, single_max_minor, day_max_minor,
        spent_on::text, spent_minor, wrong_factors, wrong_on::text, opened_at
      from bank_accounts where number = any (${textArray(numbers)}::text::text[])`
    return rows.map((row) => [row.number, accountOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => assertAccount(change.row))
    return [
      sql`
      insert into bank_accounts (number, customer_id, account_id, name_hash, identity_hash, phone_hash, single_max_minor,
        day_max_minor, spent_on, spent_minor, wrong_factors, wrong_on, opened_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.number))}::text::text[],
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${int8Array(rows.map((row) => row.account))}::text::int8[],
        ${textArray(rows.map((row) => row.nameHash))}::text::text[],
        ${textArray(rows.map((row) => row.identityHash))}::text::text[],
        ${textArray(rows.map((row) => row.phoneHash))}::text::text[],
        ${int8Array(rows.map((row) => row.singleMaxMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.dayMaxMinor))}::text::int8[],
        ${dateArray(rows.map((row) => row.spentOn))}::text::date[],
        ${int8Array(rows.map((row) => row.spentMinor))}::text::int8[],
        ${int2Array(rows.map((row) => row.wrongFactors))}::text::int2[],
        ${dateArray(rows.map((row) => row.wrongOn))}::text::date[],
        ${timestamptzArray(rows.map((row) => row.openedAt))}::text::timestamptz[])
      on conflict on constraint bank_accounts_pkey do update set single_max_minor = excluded.single_max_minor,
        day_max_minor = excluded.day_max_minor, spent_on = excluded.spent_on, spent_minor = excluded.spent_minor,
        wrong_factors = excluded.wrong_factors, wrong_on = excluded.wrong_on`,
    ]
  },
}
