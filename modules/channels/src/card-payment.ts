import { invariant } from '@huitong/kernel'
import { tellAttention } from './attention.ts'
import type { ChannelContext } from './context.ts'
import type { Order } from './order.ts'

/** Its holder agreed beforehand, to his bank and with a code, to what the card pays. */
const STRENGTH = 'contract' as const

/**
 * Pays the trade with the money that has come for it, in the same commit. Where it cannot be paid any more (closed meanwhile, or paid
 * otherwise) the money is the customer's balance; the order after it.
 */
export function spend(context: ChannelContext, order: Order): Order {
  const { set } = context
  const { customer, trade, id, amountMinor } = order
  invariant(trade !== null, 'a payment has a trade')
  const before = set.savepoint()
  const paid = asked(context, order, trade)
  if (paid.ok && paid.value.trade.state === 'paid') return order
  set.rollbackTo(before)
  const inSuspense = !context.toWallet(customer, amountMinor, 'card_payment', id)
  if (inSuspense) tellAttention(context, order, 'in_suspense')
  return { ...order, inSuspense, unspent: paid.ok ? paid.value.trade.state : paid.error.code }
}

/** Asks the trade to take it, which it may do for as long as this lasts. */
function asked(
  { pay, spending }: ChannelContext,
  order: Order,
  trade: number,
): ReturnType<ChannelContext['pay']['decide']> {
  const { customer, id } = order
  const input = { trade, customer, tenders: [{ tender: 'card', instrument: id }], strength: STRENGTH } as const
  spending.order = order
  try {
    pay.need(input)
    return pay.decide(input)
  } finally {
    spending.order = undefined
  }
}
