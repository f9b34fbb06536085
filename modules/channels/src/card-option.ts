import type { GateState } from './bank-gate.ts'
import type { BankHealth } from './bank-health.ts'
import type { Card } from './card.ts'
import type { ChannelBank } from './channel-bank.ts'

/** Why a card cannot be used for an amount now, the first that holds. */
export const OPTION_FAULTS = [
  'not_bound',
  'order_open',
  'bank_paused',
  'bank_resting',
  'above_single',
  'above_day',
] as const
type OptionFault = (typeof OPTION_FAULTS)[number]

/** A card for an amount: whether it can be used. */
export interface CardOption {
  readonly card: Card
  readonly fault: OptionFault | null
}

export interface OptionFacts {
  readonly card: Card
  readonly bank: ChannelBank | undefined
  readonly gate: GateState
  readonly health: BankHealth
  /** What was asked by the card today. */
  readonly askedTodayMinor: bigint
}

/** The cards for an amount, the best first: those that can be used, of banks that are not being tried, the cheapest for us, the quickest. */
export function rankCards(facts: readonly OptionFacts[], amountMinor: bigint): readonly CardOption[] {
  return facts
    .map((one) => ({ one, fault: faultOf(one, amountMinor) }))
    .toSorted(
      (a, b) =>
        Number(a.fault !== null) - Number(b.fault !== null) ||
        Number(a.one.gate === 'trying') - Number(b.one.gate === 'trying') ||
        (a.one.bank?.costMillionths ?? 0) - (b.one.bank?.costMillionths ?? 0) ||
        (a.one.health.medianTook ?? 0) - (b.one.health.medianTook ?? 0) ||
        a.one.card.id - b.one.card.id,
    )
    .map(({ one: { card }, fault }) => ({ card, fault }))
}

function faultOf({ card, bank, gate, askedTodayMinor }: OptionFacts, amountMinor: bigint): OptionFault | null {
  if (card.state !== 'active' || bank === undefined) return 'not_bound'
  if (card.openOrder !== null) return 'order_open'
  if (bank.state !== 'open') return 'bank_paused'
  if (gate === 'resting') return 'bank_resting'
  if (amountMinor > bank.singleMaxMinor) return 'above_single'
  return askedTodayMinor + amountMinor > bank.dayMaxMinor ? 'above_day' : null
}
