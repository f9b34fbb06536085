import type { TableDefinition } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { int8Array, jsonbArray, type Sql } from '@huitong/pg'
import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Pocket } from './pocket.ts'

interface PocketRow {
  readonly customer_id: bigint
  readonly coupons: unknown
  readonly packet_account_id: bigint | null
  readonly sending_account_id: bigint | null
}

// Pairs of coupon and campaign. Ids are safe integers, which jsonb keeps.
const StoredCoupons = Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]))

export async function selectPockets(
  sql: Sql,
  customers: readonly number[],
): Promise<readonly (readonly [number, Pocket])[]> {
  const rows = await sql<PocketRow[]>`
    select customer_id, coupons, packet_account_id, sending_account_id
    from marketing_pockets where customer_id = any (${int8Array(customers)}::text::int8[])`
  return rows.map((row) => {
    const { coupons } = row
    invariant(Value.Check(StoredCoupons, coupons), 'stored coupons of a pocket are pairs')
    const customer = Number(row.customer_id)
    const pocket: Pocket = {
      customer,
      coupons: coupons.map(([coupon, campaign]) => ({ coupon, campaign })),
      packetAccount: row.packet_account_id === null ? null : Number(row.packet_account_id),
      sendingAccount: row.sending_account_id === null ? null : Number(row.sending_account_id),
    }
    return [customer, pocket]
  })
}

/** By customer. */
export const pocketTable: TableDefinition<number, Pocket> = {
  name: 'marketing_pockets',
  residentRows: 50_000,
  load: selectPockets,
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    const pairs = (pocket: Pocket) => JSON.stringify(pocket.coupons.map(({ coupon, campaign }) => [coupon, campaign]))
    return [
      sql`
      insert into marketing_pockets (customer_id, coupons, packet_account_id, sending_account_id)
      select * from unnest(
        ${int8Array(rows.map((pocket) => pocket.customer))}::text::int8[],
        ${jsonbArray(rows.map(pairs))}::text::jsonb[],
        ${int8Array(rows.map((pocket) => pocket.packetAccount))}::text::int8[],
        ${int8Array(rows.map((pocket) => pocket.sendingAccount))}::text::int8[])
      on conflict on constraint marketing_pockets_pkey do update set coupons = excluded.coupons,
        packet_account_id = excluded.packet_account_id, sending_account_id = excluded.sending_account_id`,
    ]
  },
}
