import { publicId } from '@huitong/kernel'
import type { ChannelContext } from './context.ts'
import { ORDER_ID, type Order } from './order.ts'

/** Somebody has to look at an order. */
export function tellAttention({ set }: ChannelContext, { id }: Order, why: 'contradicted' | 'in_suspense'): void {
  set.emit({ topic: 'channels.attention', key: publicId(ORDER_ID, id), body: JSON.stringify({ why }) })
}
