import type { TableDefinition } from '@huitong/committer'
import { int8Array, timestamptzArray } from '@huitong/pg'

/** The ledger account on which a merchant's trade money is held. */
export interface EscrowAccount {
  readonly account: number
  readonly openedAt: number
}

/** By merchant. */
export const accountTable: TableDefinition<number, EscrowAccount> = {
  name: 'escrow_accounts',
  residentRows: 20_000,
  load: async (sql, merchants) => {
    const rows = await sql<{ merchant_id: bigint; account_id: bigint; opened_at: number }[]>`
      select merchant_id, account_id, opened_at from escrow_accounts
      where merchant_id = any (${int8Array(merchants)}::text::int8[])`
    return rows.map((row) => [Number(row.merchant_id), { account: Number(row.account_id), openedAt: row.opened_at }])
  },
  write: (sql, changes) => [
    sql`
    insert into escrow_accounts (merchant_id, account_id, opened_at)
    select * from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.account))}::text::int8[],
      ${timestamptzArray(changes.map((change) => change.row.openedAt))}::text::timestamptz[])`,
  ],
}
