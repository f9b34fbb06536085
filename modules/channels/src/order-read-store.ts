import type { Micros } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import type { Order, OrderKind, OrderState } from './order.ts'
import { type OrderRow, orderOf } from './order-store.ts'

/** Which orders are asked for; what is left out is any. */
export interface OrderFilter {
  readonly customer?: number
  readonly kind?: OrderKind
  readonly state?: OrderState
  readonly bank?: string
  /** Those that somebody has to look at: contradicted, or their money in suspense. */
  readonly attention?: boolean
  /** The last one of the page before. */
  readonly after?: { readonly madeAt: Micros; readonly id: number }
  readonly limit: number
}

// Above every row, so that the first page is asked for in the same words as the others.
const NEWEST = { madeAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }

/** Newest first, up to limit + 1 of them. */
export async function listOrders({ sql }: ReadTx, filter: OrderFilter): Promise<readonly Order[]> {
  const { customer, kind, state, bank, attention, after = NEWEST, limit } = filter
  const rows = await sql<OrderRow[]>`
    select * from channels_orders
    where ${customer === undefined ? sql`true` : sql`customer_id = ${customer}`}
      and ${kind === undefined ? sql`true` : sql`kind = ${kind}`}
      and ${state === undefined ? sql`true` : sql`state = ${state}`}
      and ${bank === undefined ? sql`true` : sql`bank = ${bank}`}
      and ${attention === true ? sql`(contradicted or in_suspense)` : sql`true`}
      and (made_at, id) < (${after.madeAt}::timestamptz, ${after.id}::int8)
    order by made_at desc, id desc limit ${limit + 1}`
  return rows.map(orderOf)
}

export async function selectOrder({ sql }: ReadTx, id: number): Promise<Order | undefined> {
  const rows = await sql<OrderRow[]>`select * from channels_orders where id = ${id}`
  return rows.map(orderOf)[0]
}
