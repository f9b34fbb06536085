import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext, TradeReference } from './context.ts'
import { orderKey } from './order.ts'
import { tradeEvent } from './payment-events.ts'
import { CANCEL_NUMBER } from './refund.ts'
import { giveUpCheck } from './risk-check-money.ts'
import type { Settlement } from './settlement.ts'
import type { Trade } from './trade.ts'
import { type TradeAnswer, tradeAnswerCodec } from './trade-answer.ts'
import { decideCancel, decideClosing, decideFinish } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'
import { TradeView, tradeView } from './views.ts'

export const CancelAnswer = Type.Object({
  /** Null when there is no such trade. */
  trade: Type.Union([TradeView, Type.Null()]),
  /** What was done about the trade, now or when it was ended before; null when there is none. */
  action: Type.Union([Type.Literal('close'), Type.Literal('refund'), Type.Null()]),
  changed: Type.Boolean(),
})
export type CancelAnswer = Static<typeof CancelAnswer>

export const BulkAnswer = Type.Object({
  changed: Type.Integer(),
  /** Trades that were not as the job had read them: paid or closed meanwhile. */
  skipped: Type.Integer(),
})
export type BulkAnswer = Static<typeof BulkAnswer>

export interface BulkInput {
  readonly trades: readonly number[]
}

/** `payments.close`: the merchant gives up a trade that nobody paid. */
export function closeKind(context: PaymentContext): CommandKind<TradeReference, TradeAnswer> {
  return {
    name: 'payments.close',
    need: (reference) => context.needTrade(reference),
    decide: (reference) => {
      const trade = context.trade(reference)
      if (trade === undefined) return refuse('trade_not_found')
      const closed = decideClosing(trade, 'close', context.set.batch.at)
      if (!closed.ok) return closed
      giveUpCheck(context, trade, 'merchant')
      storeEnded(context, closed.value)
      return ok({ trade: tradeView(closed.value), changed: true })
    },
    form: referenceForm,
    ...tradeAnswerCodec,
  }
}

/**
 * `payments.cancel`: whatever became of the order, afterwards it takes no money. Closes what waits, gives back what was paid. An order
 * number without a trade is shut for good, so that a payment that is still under way cannot arrive later.
 */
export function cancelKind(context: PaymentContext, settlement: Settlement): CommandKind<TradeReference, CancelAnswer> {
  const { set, party, tables, purses } = context
  return {
    name: 'payments.cancel',
    need: (reference) => {
      context.needTrade(reference)
      context.needPayment(reference.merchant)
    },
    decide: (reference) => {
      const trade = context.trade(reference)
      if (trade === undefined) {
        const changed = shut(reference)
        return ok({ trade: null, action: null, changed })
      }
      purses.needWallet(trade.buyer)
      const decided = decideCancel(trade, set.batch.at)
      if (!decided.ok) return decided
      switch (decided.value.does) {
        case 'nothing':
          return ok({ trade: tradeView(trade), action: trade.paidAt === null ? 'close' : 'refund', changed: false })
        case 'close':
          giveUpCheck(context, trade, 'merchant')
          storeEnded(context, decided.value.trade)
          return ok({ trade: tradeView(decided.value.trade), action: 'close', changed: true })
        case 'refund': {
          const refund = settlement.refund(decided.value, CANCEL_NUMBER, null)
          if (!refund.ok) return refund
          return ok({ trade: tradeView(decided.value.trade), action: 'refund', changed: true })
        }
      }
    },
    form: referenceForm,
    ...answerCodec(CancelAnswer),
  }

  function shut({ merchant, trade, orderNumber }: TradeReference): boolean {
    if (trade !== null || orderNumber === null || party.merchant(merchant) === undefined) return false
    const key = orderKey(merchant, orderNumber)
    const order = tables.orders.get(key)
    if (order?.revoked === true) return false
    tables.orders.put(key, { merchant, orderNumber, trade: null, codeHash: order?.codeHash ?? null, revoked: true })
    return true
  }
}

/** `payments.expire-trades`: closes trades whose time to pay is over. Each is judged anew, so a late payment that won is left alone. */
export function expireTradesKind(context: PaymentContext): CommandKind<BulkInput, BulkAnswer> {
  return bulkKind(context, 'payments.expire-trades', (trade, now) => decideClosing(trade, 'expire', now))
}

/** `payments.finish-trades`: ends the time for refunds. */
export function finishTradesKind(context: PaymentContext): CommandKind<BulkInput, BulkAnswer> {
  return bulkKind(context, 'payments.finish-trades', decideFinish)
}

function bulkKind(
  context: PaymentContext,
  name: string,
  decide: (trade: Trade, now: number) => ReturnType<typeof decideFinish>,
): CommandKind<BulkInput, BulkAnswer> {
  const { set, tables } = context
  return {
    name,
    need: ({ trades }) => {
      for (const id of trades) tables.trades.need(id)
    },
    decide: ({ trades }) => {
      let changed = 0
      // Announced together, so that many cold checks take one load.
      for (const id of trades) {
        const check = tables.trades.get(id)?.riskCheck ?? null
        if (check !== null) tables.riskChecks.need(check)
      }
      for (const id of trades) {
        const trade = tables.trades.get(id)
        const ended = trade === undefined ? undefined : decide(trade, set.batch.at)
        if (trade === undefined || ended?.ok !== true) continue
        giveUpCheck(context, trade, 'time')
        storeEnded(context, ended.value)
        changed += 1
      }
      return ok({ changed, skipped: trades.length - changed })
    },
    form: ({ trades }) => canonicalJson({ trades }),
    ...answerCodec(BulkAnswer),
  }
}

export function storeEnded({ set, tables }: PaymentContext, trade: Trade): void {
  tables.trades.put(trade.id, trade)
  set.emit(tradeEvent(trade.state === 'finished' ? 'trade.finished' : 'trade.closed', trade, set.batch.at))
}

function referenceForm({ merchant, trade, orderNumber }: TradeReference): string {
  return canonicalJson({ merchant, trade, orderNumber })
}
