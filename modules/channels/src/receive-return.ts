import type { PaymentReturnMessage } from '@huitong/iso20022'
import { CNY, invariant } from '@huitong/kernel'
import { tellAttention } from './attention.ts'
import type { ChannelContext } from './context.ts'
import { SUSPENSE } from './order.ts'
import { stored, tellOf } from './order-steps.ts'

/** pacs.004: money of a withdrawal is back. The clearing house has moved it, so it is booked whatever became of the wallet. */
export function receiveReturn(context: ChannelContext, message: PaymentReturnMessage): string {
  const { set, orders, returns, purses } = context
  const [one] = message.returns
  invariant(one !== undefined, 'a message has a return')
  const uetr = one.originalUetr ?? ''
  const reference = `${uetr}:${one.returnId}`
  orders.need(uetr)
  returns.need(reference)
  const order = orders.get(uetr)
  if (order === undefined || order.kind !== 'withdrawal' || order.state !== 'settled') return 'unknown_original'
  if (returns.get(reference) !== undefined) return 'repeated'
  const { minor: amountMinor, currency } = one.amount
  if (currency !== CNY || amountMinor > order.amountMinor - order.returnedMinor) return 'unknown_original'
  const reserve = purses.house('reserve')
  const move = { from: reserve, amountMinor, code: 'bank_withdrawal_return', reference: order.id } as const
  const wallet = purses.wallet(order.customer, 'payee')
  const inSuspense = wallet === undefined || !purses.move({ ...move, to: wallet }).ok
  if (inSuspense) {
    const moved = purses.move({ ...move, to: context.between(SUSPENSE) })
    invariant(moved.ok, 'suspense takes what nobody else can')
    tellAttention(context, order, 'in_suspense')
  }
  returns.put(reference, { reference, uetr, amountMinor, inSuspense, madeAt: set.batch.at })
  tellOf(
    context,
    'returned',
    stored(context, { ...order, returnedMinor: order.returnedMinor + amountMinor }),
    amountMinor,
  )
  return 'settled'
}
