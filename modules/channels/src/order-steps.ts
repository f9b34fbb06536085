import { formatAmount, invariant, microsToIso, publicId } from '@huitong/kernel'
import { WALLET_CURRENCY } from '@huitong/payments'
import { tellAttention } from './attention.ts'
import { spend } from './card-payment.ts'
import type { ChannelContext } from './context.ts'
import { isOpen, ORDER_ID, type Order, type Speaker, stepOf, type Word } from './order.ts'

/** Takes the step of the table for what is said of an order; the order after it. */
export function applyWord(context: ChannelContext, order: Order, speaker: Speaker, word: Word, reason: string): Order {
  const endedAt = context.set.batch.at
  switch (stepOf(order, speaker, word)) {
    case 'wait':
      return order
    case 'contradict':
      if (!order.contradicted) tellAttention(context, order, 'contradicted')
      return stored(context, { ...order, contradicted: true })
    case 'settle': {
      const inSuspense = !context.capture(order)
      if (inSuspense) tellAttention(context, order, 'in_suspense')
      const settled: Order = { ...order, state: 'settled', hold: null, endedAt, inSuspense }
      return ended(context, settled.kind === 'payment' ? spend(context, settled) : settled)
    }
    case 'reject':
      context.release(order)
      return ended(context, { ...order, state: 'rejected', reason, hold: null, endedAt })
  }
}

export function stored(context: ChannelContext, order: Order): Order {
  context.orders.put(order.uetr, order)
  return order
}

/** Writes down how an order ended, lets its card be used again, and tells whoever listens. */
export function ended(context: ChannelContext, order: Order): Order {
  const { cards } = context
  invariant(!isOpen(order), 'an order that ended has an outcome')
  cards.need(order.card)
  const card = cards.get(order.card)
  invariant(card !== undefined, 'an order has a card')
  if (card.openOrder === order.uetr) cards.put(card.fingerprint, { ...card, openOrder: null })
  tellOf(context, order.state === 'settled' ? 'settled' : 'rejected', order, order.amountMinor)
  return stored(context, order)
}

const TOPICS = { top_up: 'top-up', withdrawal: 'withdrawal', payment: 'card-payment' } as const

/** What others learn: by id only, and without the number of any account. */
export function tellOf(
  { set }: ChannelContext,
  what: 'settled' | 'rejected' | 'returned',
  order: Order,
  amountMinor: bigint,
): void {
  const key = publicId(ORDER_ID, order.id)
  const body = {
    ...{ order: key, customer: publicId('cust', order.customer), card: publicId('card', order.cardId) },
    ...{ bank: order.bank, amount: formatAmount(amountMinor, WALLET_CURRENCY), reason: order.reason },
    unspent: order.unspent,
    at: microsToIso(set.batch.at),
  }
  set.emit({ topic: `${TOPICS[order.kind]}.${what}`, key, body: JSON.stringify(body) })
}
