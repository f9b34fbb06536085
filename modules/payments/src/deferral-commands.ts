import type { CommandKind } from '@huitong/committer'
import { canonicalJson, invariant, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext, TradeReference } from './context.ts'
import { TIME_SETTLEMENT } from './deferral.ts'
import { decideConfirmation, decideSettlementByTime, type SettlementWish } from './deferral-decide.ts'
import { settlementEvent } from './deferral-events.ts'
import { DeferralView, deferralView, SettlementStepView, settlementStepView } from './deferral-views.ts'
import { SETTLEMENT_AGAIN_AFTER, WALLET_CURRENCY } from './limits.ts'
import { BulkAnswer, type BulkInput } from './trade-end-commands.ts'
import { refuse } from './trade-refusals.ts'
import { TradeView, tradeView } from './views.ts'

export interface SettleInput extends TradeReference, SettlementWish {
  readonly requestNumber: string
}

export const SettleAnswer = Type.Object({
  trade: TradeView,
  deferral: DeferralView,
  step: SettlementStepView,
  /** False when this settlement was made before: no money moved now. */
  changed: Type.Boolean(),
})
export type SettleAnswer = Static<typeof SettleAnswer>

/** `payments.settle`: the merchant confirms a payment that is settled later than it was paid. The request number makes a repeat harmless. */
export function settleKind(context: PaymentContext): CommandKind<SettleInput, SettleAnswer> {
  const { set, tables, purses, deferrals } = context
  return {
    name: 'payments.settle',
    need: (input) => {
      context.needTrade(input)
      purses.needMerchantAccount(input.merchant)
    },
    decide: (input) => {
      const trade = context.trade(input)
      if (trade === undefined) return refuse('trade_not_found')
      tables.deferrals.need(trade.id)
      tables.settlementSteps.need(trade.id)
      const present = tables.settlementSteps.get(trade.id) ?? []
      const before = tables.deferrals.get(trade.id)
      const done = present.find((step) => step.requestNumber === input.requestNumber)
      const answer = { trade: tradeView(trade) }
      if (done !== undefined) {
        invariant(before !== undefined, 'what was settled later has a deferral')
        const otherAmount = input.amountMinor !== null && input.amountMinor !== done.amountMinor
        const otherEnd = input.forSharing !== null && input.forSharing !== done.forSharing
        if (otherAmount || otherEnd) return refuse('settlement_inconsistent')
        const step = settlementStepView(done, trade.currency)
        return ok({ ...answer, deferral: deferralView(before, trade.currency), step, changed: false })
      }
      const decided = decideConfirmation(trade, before, input, set.batch.at)
      if (!decided.ok) return decided
      const step = deferrals.record(decided.value, input.requestNumber)
      if (!step.ok) return step
      set.emit(settlementEvent(decided.value.deferral, step.value, trade.currency))
      return ok({
        ...answer,
        deferral: deferralView(decided.value.deferral, trade.currency),
        step: settlementStepView(step.value, trade.currency),
        changed: true,
      })
    },
    form: ({ merchant, trade, orderNumber, requestNumber, amountMinor, forSharing }) =>
      canonicalJson({
        ...{ merchant, trade, orderNumber, requestNumber, forSharing },
        amount: amountMinor === null ? null : amountMinor.toString(),
      }),
    ...answerCodec(SettleAnswer),
  }
}

/**
 * `payments.settle-due`: settles payments whose time has come. Each is judged anew, so a confirmation that won is left alone. One whose
 * merchant cannot get money now waits an hour, or it would hold up the others.
 */
export function settleDueKind(context: PaymentContext): CommandKind<BulkInput, BulkAnswer> {
  const { set, tables, purses, deferrals } = context

  function settle(trade: number): boolean {
    const now = set.batch.at
    tables.settlementSteps.need(trade)
    const before = tables.deferrals.get(trade)
    const decided = before === undefined ? undefined : decideSettlementByTime(before, now)
    if (before === undefined || decided?.ok !== true) return false
    purses.needMerchantAccount(before.merchant)
    const savepoint = set.savepoint()
    const step = deferrals.record(decided.value, `${TIME_SETTLEMENT}${before.settlesAt}`)
    if (step.ok) set.emit(settlementEvent(decided.value.deferral, step.value, WALLET_CURRENCY))
    else {
      set.rollbackTo(savepoint)
      tables.deferrals.put(trade, { ...before, settlesAt: now + SETTLEMENT_AGAIN_AFTER })
    }
    return true
  }

  return {
    name: 'payments.settle-due',
    need: ({ trades }) => {
      for (const trade of trades) tables.deferrals.need(trade)
    },
    decide: ({ trades }) => {
      let changed = 0
      set.each(trades, (trade) => {
        if (settle(trade)) changed += 1
      })
      return ok({ changed, skipped: trades.length - changed })
    },
    form: ({ trades }) => canonicalJson({ trades }),
    ...answerCodec(BulkAnswer),
  }
}
