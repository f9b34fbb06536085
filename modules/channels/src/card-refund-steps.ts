import { CNY, formatAmount, invariant, microsToIso, publicId } from '@huitong/kernel'
import { tellAttention } from './attention.ts'
import { type CardRefund, isRefundOpen } from './card-refund.ts'
import type { ChannelContext } from './context.ts'
import { CARD_MONEY, ORDER_ID, type Word } from './order.ts'

/** What the clearing house says of a refund; the refund after it. Settled it has left the reserve, rejected it is the customer's balance. */
export function applyRefundWord(context: ChannelContext, refund: CardRefund, word: Word, reason: string): CardRefund {
  const { refunds, orders, purses, set } = context
  const { id, uetr, amountMinor, reference } = refund
  orders.need(uetr)
  const order = orders.get(uetr)
  invariant(order !== undefined, 'what goes back was paid')
  if (word === 'pending') return refund
  if (!isRefundOpen(refund)) {
    if (refund.state === word || refund.contradicted) return refund
    tellAttention(context, order, 'contradicted')
    const contradicted: CardRefund = { ...refund, contradicted: true }
    refunds.put(reference, contradicted)
    return contradicted
  }
  const endedAt = set.batch.at
  let ended: CardRefund
  if (word === 'settled') {
    const [from, to] = [context.between(CARD_MONEY), purses.house('reserve')]
    const moved = purses.move({ from, to, amountMinor, code: 'card_refund', reference: id })
    invariant(moved.ok, 'what the clearing house took is in the reserve')
    ended = { ...refund, state: 'settled', endedAt }
  } else {
    const inSuspense = !context.toWallet(order.customer, amountMinor, 'card_refund', id)
    if (inSuspense) tellAttention(context, order, 'in_suspense')
    ended = { ...refund, state: 'rejected', reason, inSuspense, endedAt }
  }
  refunds.put(reference, ended)
  const body = {
    ...{ order: publicId(ORDER_ID, order.id), customer: publicId('cust', order.customer), bank: order.bank },
    ...{ amount: formatAmount(amountMinor, CNY), reason: ended.reason, at: microsToIso(endedAt) },
  }
  set.emit({ topic: `card-refund.${ended.state}`, key: publicId(ORDER_ID, order.id), body: JSON.stringify(body) })
  return ended
}
