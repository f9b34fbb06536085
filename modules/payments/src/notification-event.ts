import { invariant, isoToMicros, parsePublicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { TRADE_STATES } from './trade.ts'

// Of the events' bodies only what notifications are made of; other fields may come and go.
const TradeEventBody = Type.Object({
  trade: Type.String(),
  state: Type.Enum([...TRADE_STATES]),
  refunded: Type.String(),
  refund: Type.Union([Type.Object({ refundNumber: Type.String(), amount: Type.String() }), Type.Null()]),
  at: Type.String(),
})

/** What happened to a trade, as it was at that moment: the row may have gone on since. */
export interface TradeHappening extends Omit<Static<typeof TradeEventBody>, 'trade' | 'at'> {
  readonly trade: number
  /** µs */
  readonly at: number
}

/**
 * Events that merchants are told of: a payment, and every refund. Closing an unpaid trade is not among them, as on the platform
 * unless a product asks for it; and the closing that comes with a whole refund is told with that refund.
 */
const TOLD: ReadonlySet<string> = new Set(['trade.paid', 'trade.refunded'])

/** Undefined for events that merchants are not told of. */
export function readTradeHappening(topic: string, body: string): TradeHappening | undefined {
  if (!TOLD.has(topic)) return undefined
  const value: unknown = JSON.parse(body)
  invariant(Value.Check(TradeEventBody, value), `an event of topic ${topic} has another body`)
  const id = parsePublicId('trade', value.trade)
  const at = isoToMicros(value.at)
  invariant(id.ok && at.ok, `an event of topic ${topic} names no trade or no time`)
  return { ...value, trade: id.value, at: at.value }
}
