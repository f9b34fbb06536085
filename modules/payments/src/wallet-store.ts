import type { TableDefinition } from '@huitong/committer'
import { int8Array, textArray, timestamptzArray } from '@huitong/pg'
import { optionalNumber, storedOneOf } from './stored.ts'
import { TENDER_NAMES, type TenderName } from './tender.ts'
import { HOUSE_ROLES, type HouseAccount, type HouseRole, type MerchantAccount, type Wallet } from './wallet.ts'

/** Every payment reads a wallet and a merchant's account, and they hardly ever change. */
const RESIDENT_WALLETS = 200_000

export const walletTable: TableDefinition<number, Wallet> = {
  name: 'payments_wallets',
  residentRows: RESIDENT_WALLETS,
  load: async (sql, customers) => {
    const rows = await sql<
      { customer_id: bigint; account_id: bigint; opened_at: number; tender_order: string | null }[]
    >`
      select customer_id, account_id, opened_at, tender_order
      from payments_wallets where customer_id = any (${int8Array(customers)}::text::int8[])`
    return rows.map((row) => {
      const customer = Number(row.customer_id)
      const { opened_at: openedAt, tender_order: order } = row
      return [customer, { customer, account: Number(row.account_id), openedAt, tenderOrder: tenderOrderOf(order) }]
    })
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_wallets (customer_id, account_id, opened_at, tender_order)
      select * from unnest(
        ${int8Array(rows.map((wallet) => wallet.customer))}::text::int8[],
        ${int8Array(rows.map((wallet) => wallet.account))}::text::int8[],
        ${timestamptzArray(rows.map((wallet) => wallet.openedAt))}::text::timestamptz[],
        ${textArray(rows.map((wallet) => wallet.tenderOrder?.join(' ') ?? null))}::text::text[])
      on conflict on constraint payments_wallets_pkey do update set tender_order = excluded.tender_order`,
    ]
  },
}

interface MerchantAccountRow {
  readonly merchant_id: bigint
  readonly account_id: bigint
  readonly unsettled_account_id: bigint | null
  readonly opened_at: number
}

export const merchantAccountTable: TableDefinition<number, MerchantAccount> = {
  name: 'payments_merchant_accounts',
  residentRows: RESIDENT_WALLETS,
  load: async (sql, merchants) => {
    const rows = await sql<MerchantAccountRow[]>`
      select merchant_id, account_id, unsettled_account_id, opened_at
      from payments_merchant_accounts where merchant_id = any (${int8Array(merchants)}::text::int8[])`
    return rows.map((row) => {
      const merchant = Number(row.merchant_id)
      const unsettledAccount = optionalNumber(row.unsettled_account_id)
      return [merchant, { merchant, account: Number(row.account_id), unsettledAccount, openedAt: row.opened_at }]
    })
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_merchant_accounts (merchant_id, account_id, unsettled_account_id, opened_at)
      select * from unnest(
        ${int8Array(rows.map((held) => held.merchant))}::text::int8[],
        ${int8Array(rows.map((held) => held.account))}::text::int8[],
        ${int8Array(rows.map((held) => held.unsettledAccount))}::text::int8[],
        ${timestamptzArray(rows.map((held) => held.openedAt))}::text::timestamptz[])
      on conflict on constraint payments_merchant_accounts_pkey do update
        set unsettled_account_id = excluded.unsettled_account_id`,
    ]
  },
}

export const houseAccountTable: TableDefinition<HouseRole, HouseAccount> = {
  name: 'payments_house_accounts',
  residentRows: HOUSE_ROLES.length,
  load: async (sql, roles) => {
    const rows = await sql<{ role: string; account_id: bigint }[]>`
      select role, account_id from payments_house_accounts where role = any (${textArray(roles)}::text::text[])`
    return rows.map((row) => {
      const role = storedOneOf(HOUSE_ROLES, row.role)
      return [role, { role, account: Number(row.account_id) }]
    })
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_house_accounts (role, account_id)
      select * from unnest(
        ${textArray(rows.map((held) => held.role))}::text::text[],
        ${int8Array(rows.map((held) => held.account))}::text::int8[])`,
    ]
  },
}

/** As it is stored: names with spaces between them. */
export function tenderOrderOf(text: string | null): readonly TenderName[] | null {
  return text === null ? null : text.split(' ').map((name) => storedOneOf(TENDER_NAMES, name))
}
