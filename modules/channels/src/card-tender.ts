import { err, invariant, ok } from '@huitong/kernel'
import type { Tender } from '@huitong/payments'
import { newRefund } from './card-refund.ts'
import type { ChannelContext } from './context.ts'
import { CARD_MONEY } from './order.ts'
import { tellReturn } from './order-messages.ts'

/**
 * A bank card as a tender: the whole price, with money that its bank has sent for this payment. What is given back goes where it came from: as a
 * return of the bank's transfer, so no account number is needed for it.
 */
export function cardTender(context: ChannelContext): Tender {
  const { set, spending, uetrs, orders, refunds } = context
  return {
    name: 'card',
    need: (_payer, instrument) => {
      if (instrument !== null) uetrs.need(instrument)
    },
    open:
      ({ payer, totalMinor }) =>
      (instrument, restMinor) => {
        const { order } = spending
        if (order === undefined || order.id !== instrument || order.customer !== payer) return err('not_on_its_way')
        if (restMinor !== totalMinor || totalMinor !== order.amountMinor) return err('another_amount')
        const offer = { tender: 'card', instrument, funder: 'bank', form: null, label: null } as const
        return ok({ ...offer, amountMinor: restMinor })
      },
    take: () => ({ purse: context.between(CARD_MONEY), code: 'card_payment' }),
    giveBack: (_payer, { instrument, amountMinor }) => {
      invariant(instrument !== null, 'a part that a card paid names the order')
      uetrs.need(instrument)
      const uetr = uetrs.get(instrument)
      invariant(uetr !== undefined, 'an order that paid is there')
      orders.need(uetr)
      const order = orders.get(uetr)
      invariant(order !== undefined, 'an order that paid is there')
      const { messageId } = context.identity()
      const refund = newRefund(set.newId(0), uetr, amountMinor, messageId, set.batch.at)
      refunds.add(refund.reference, refund)
      tellReturn(context, order, refund)
      return { purse: context.between(CARD_MONEY), code: 'card_refund' }
    },
    undone: () => undefined,
  }
}
