import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { TENDER_NAMES, type TenderName } from './tender.ts'
import { refuse } from './trade-refusals.ts'

export interface OrderTendersInput {
  readonly customer: number
  readonly order: readonly TenderName[]
}

export const TenderOrderAnswer = Type.Object({ order: Type.Array(Type.Enum([...TENDER_NAMES])) })
export type TenderOrderAnswer = Static<typeof TenderOrderAnswer>

/**
 * `payments.order-tenders`: in which order the customer's payments use tenders from now on. What is left out is used only when a payment
 * names it; the balance is always there, so that no order makes payments impossible.
 */
export function orderTendersKind({
  tables,
  tendering,
}: PaymentContext): CommandKind<OrderTendersInput, TenderOrderAnswer> {
  return {
    name: 'payments.order-tenders',
    need: ({ customer }) => tables.wallets.need(customer),
    decide: ({ customer, order }) => {
      const wallet = tables.wallets.get(customer)
      if (wallet === undefined) return refuse('customer_not_found')
      const offered = tendering.names()
      const fits = new Set(order).size === order.length && order.every((name) => offered.includes(name))
      if (!fits || !order.includes('balance')) return refuse('tenders_do_not_fit')
      tables.wallets.put(customer, { ...wallet, tenderOrder: order })
      return ok({ order: [...order] })
    },
    form: ({ customer, order }) => canonicalJson({ customer, order }),
    ...answerCodec(TenderOrderAnswer),
  }
}
