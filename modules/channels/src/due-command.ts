import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, invariant, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { isRefundOpen } from './card-refund.ts'
import type { ChannelContext } from './context.ts'
import { askAfter, isOpen, type Order } from './order.ts'
import { askAboutReturn, askBank, askHouse, tellOrder } from './order-messages.ts'
import { stored } from './order-steps.ts'

export const DueAnswer = Type.Object({ done: Type.Integer() })
export type DueAnswer = Static<typeof DueAnswer>

export interface DueInput {
  readonly uetrs: readonly string[]
  /** References of refunds. */
  readonly refunds: readonly string[]
}

/**
 * `channels.ask-due`: asks how orders stand of which nothing was heard: the bank about money that has not set out, the clearing house about
 * money on its way. They are unknown until somebody who knows says; each time it takes longer until they are asked about again.
 */
export function askDueKind(context: ChannelContext): CommandKind<DueInput, DueAnswer> {
  const { set, orders, refunds } = context
  return {
    name: 'channels.ask-due',
    need: ({ uetrs, refunds: references }) => {
      for (const uetr of uetrs) orders.need(uetr)
      for (const reference of references) refunds.need(reference)
    },
    decide: ({ uetrs, refunds: references }) => {
      let done = 0
      set.each(uetrs, (uetr) => {
        const order = orders.get(uetr)
        if (order === undefined || !isOpen(order) || order.dueAt > set.batch.at) return
        done += 1
        ask(context, order)
        stored(context, {
          ...{ ...order, state: order.state === 'sent' ? 'unknown' : order.state, askings: order.askings + 1 },
          dueAt: set.batch.at + askAfter(order.askings + 1),
        })
      })
      set.each(references, (reference) => {
        const refund = refunds.get(reference)
        if (refund === undefined || !isRefundOpen(refund) || refund.dueAt > set.batch.at) return
        done += 1
        orders.need(refund.uetr)
        const order = orders.get(refund.uetr)
        invariant(order !== undefined, 'what goes back was paid')
        askAboutReturn(context, order, refund)
        const askings = refund.askings + 1
        refunds.put(reference, { ...refund, state: 'unknown', askings, dueAt: set.batch.at + askAfter(askings) })
      })
      return ok({ done })
    },
    form: ({ uetrs, refunds: references }) => canonicalJson({ uetrs, refunds: references }),
    ...answerCodec(DueAnswer),
  }
}

function ask(context: ChannelContext, order: Order): void {
  const { cards } = context
  if (order.kind === 'withdrawal') askHouse(context, order)
  // Who says yes once more is told how it ended.
  else if (order.state === 'accepted') tellOrder(context, order)
  else {
    cards.need(order.card)
    const agreement = cards.get(order.card)?.agreement
    invariant(agreement != null, 'a card with an open order is bound')
    askBank(context, order, agreement)
  }
}
