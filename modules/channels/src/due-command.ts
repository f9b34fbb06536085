import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, invariant, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { ChannelContext } from './context.ts'
import { askAfter, isOpen, type Order } from './order.ts'
import { askBank, askHouse, tellOrder } from './order-messages.ts'
import { stored } from './order-steps.ts'

export const DueAnswer = Type.Object({ done: Type.Integer() })
export type DueAnswer = Static<typeof DueAnswer>

/**
 * `channels.ask-due`: asks how orders stand of which nothing was heard: the bank about money that has not set out, the clearing house about
 * money on its way. They are unknown until somebody who knows says; each time it takes longer until they are asked about again.
 */
export function askDueKind(context: ChannelContext): CommandKind<{ readonly uetrs: readonly string[] }, DueAnswer> {
  const { set, orders } = context
  return {
    name: 'channels.ask-due',
    need: ({ uetrs }) => {
      for (const uetr of uetrs) orders.need(uetr)
    },
    decide: ({ uetrs }) => {
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
      return ok({ done })
    },
    form: ({ uetrs }) => canonicalJson({ uetrs }),
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
