import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { OrderTerms } from './trade-decide.ts'
import { TradeView } from './views.ts'

/** A trade as it is after a command. `changed` is false when it was so before: the command was a repeat. */
export const TradeAnswer = Type.Object({ trade: TradeView, changed: Type.Boolean() })
export type TradeAnswer = Static<typeof TradeAnswer>

export const tradeAnswerCodec = answerCodec(TradeAnswer)

/** The terms of an order as they stand in the canonical form of a command's input. */
export function orderTermsForm({ merchant, orderNumber, subject, details, totalMinor }: OrderTerms) {
  return { merchant, orderNumber, subject, details, total: totalMinor.toString() }
}
