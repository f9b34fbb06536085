import type { ReadTx } from '@huitong/pg'
import type { Order } from '../src/order.ts'
import { type OrderRow, orderOf } from '../src/order-store.ts'

export async function selectOrderByUetr({ sql }: ReadTx, uetr: string): Promise<Order | undefined> {
  return (await sql<OrderRow[]>`select * from channels_orders where uetr = ${uetr}`).map(orderOf)[0]
}
