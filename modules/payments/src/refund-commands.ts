import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext, TradeReference } from './context.ts'
import { decideRefundNumber } from './refund-decide.ts'
import { refundKey } from './refund-store.ts'
import type { Settlement } from './settlement.ts'
import { returnShares, type ShareReturn } from './share-commands.ts'
import { decideRefund } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'
import { RefundView, refundView, TradeView, tradeView } from './views.ts'

export interface RefundInput extends TradeReference {
  /** The merchant's own number; null only for a refund of the whole. */
  readonly refundNumber: string | null
  readonly amountMinor: bigint
  readonly reason: string | null
  /** Shares that come back to the merchant with it; none unless told. */
  readonly returns?: readonly ShareReturn[]
}

export const RefundAnswer = Type.Object({
  trade: TradeView,
  refund: RefundView,
  /** False when this refund was made before: no money moved now. */
  changed: Type.Boolean(),
})
export type RefundAnswer = Static<typeof RefundAnswer>

/** `payments.refund`: gives a part or all that is left back to the buyer. The refund number makes a repeat harmless. */
export function refundKind(context: PaymentContext, settlement: Settlement): CommandKind<RefundInput, RefundAnswer> {
  const { set, tables, purses } = context
  return {
    name: 'payments.refund',
    need: (input) => {
      context.needTrade(input)
      context.needPayment(input.merchant)
    },
    decide: (input) => {
      const { amountMinor, reason } = input
      const trade = context.trade(input)
      if (trade === undefined) return refuse('trade_not_found')
      purses.needWallet(trade.buyer)
      const number = decideRefundNumber(trade, input.refundNumber, amountMinor)
      if (!number.ok) return number
      const before = tables.refunds.get(refundKey(trade.id, number.value))
      if (before !== undefined) {
        if (before.amountMinor !== amountMinor) return refuse('refund_inconsistent')
        return ok({ trade: tradeView(trade), refund: refundView(before, trade.currency), changed: false })
      }
      const step = decideRefund(trade, amountMinor, set.batch.at)
      if (!step.ok) return step
      const returned = returnShares(context, step.value.trade, input.returns ?? [])
      if (!returned.ok) return returned
      const refund = settlement.refund(step.value, number.value, reason)
      if (!refund.ok) return refund
      return ok({
        trade: tradeView(step.value.trade),
        refund: refundView(refund.value, trade.currency),
        changed: true,
      })
    },
    form: ({ merchant, trade, orderNumber, refundNumber, amountMinor, reason, returns }) =>
      canonicalJson({
        ...{ merchant, trade, orderNumber, refundNumber, amount: amountMinor.toString(), reason },
        returns: returns?.map((one) => ({ customer: one.customer, amount: one.amountMinor.toString() })),
      }),
    ...answerCodec(RefundAnswer),
  }
}
