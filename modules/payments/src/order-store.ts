import type { TableDefinition } from '@huitong/committer'
import { boolArray, int8Array, textArray } from '@huitong/pg'
import { type Order, orderKey } from './order.ts'
import { optionalNumber } from './stored.ts'

interface OrderRow {
  readonly merchant_id: bigint
  readonly order_number: string
  readonly trade_id: bigint | null
  readonly code_hash: string | null
  readonly revoked: boolean
}

/** Cuts a key of {@link orderKey} into its merchant and order number. */
function keyParts(keys: readonly string[]): { readonly merchants: number[]; readonly numbers: string[] } {
  const merchants: number[] = []
  const numbers: string[] = []
  for (const key of keys) {
    const cut = key.indexOf('\u0000')
    merchants.push(Number(key.slice(0, cut)))
    numbers.push(key.slice(cut + 1))
  }
  return { merchants, numbers }
}

export const orderTable: TableDefinition<string, Order> = {
  name: 'payments_orders',
  residentRows: 20_000,
  load: async (sql, keys) => {
    const { merchants, numbers } = keyParts(keys)
    const rows = await sql<OrderRow[]>`
      select o.merchant_id, o.order_number, o.trade_id, o.code_hash, o.revoked
      from unnest(${int8Array(merchants)}::text::int8[], ${textArray(numbers)}::text::text[]) as wanted (merchant_id, order_number)
      join payments_orders o on o.merchant_id = wanted.merchant_id and o.order_number = wanted.order_number`
    return rows.map((row) => {
      const merchant = Number(row.merchant_id)
      const order: Order = {
        merchant,
        orderNumber: row.order_number,
        trade: optionalNumber(row.trade_id),
        codeHash: row.code_hash,
        revoked: row.revoked,
      }
      return [orderKey(merchant, row.order_number), order]
    })
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into payments_orders (merchant_id, order_number, trade_id, code_hash, revoked)
      select * from unnest(
        ${int8Array(rows.map((order) => order.merchant))}::text::int8[],
        ${textArray(rows.map((order) => order.orderNumber))}::text::text[],
        ${int8Array(rows.map((order) => order.trade))}::text::int8[],
        ${textArray(rows.map((order) => order.codeHash))}::text::text[],
        ${boolArray(rows.map((order) => order.revoked))}::text::bool[])
      on conflict on constraint payments_orders_pkey do update set
        trade_id = excluded.trade_id, code_hash = excluded.code_hash, revoked = excluded.revoked`,
    ]
  },
}
