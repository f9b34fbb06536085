import { describe, expect, it } from 'vitest'
import { healthOf } from './bank-health.ts'
import type { Card } from './card.ts'
import { type OptionFacts, rankCards } from './card-option.ts'
import type { ChannelBank } from './channel-bank.ts'

const CARD: Card = {
  ...{ fingerprint: 'a', id: 1, customer: 1, bank: 'A', tail: '0011', sealed: new Uint8Array(), state: 'active' },
  ...{ attempt: 1, agreement: 'dagr_1', openOrder: null, madeAt: 0, dueAt: null },
}
const BANK: ChannelBank = {
  ...{ member: 'A', name: 'A', state: 'open', singleMaxMinor: 1_000n, dayMaxMinor: 2_000n, capacity: null },
  costMillionths: 100,
}

function facts(id: number, change: Partial<OptionFacts> = {}, card: Partial<Card> = {}): OptionFacts {
  return {
    ...{ card: { ...CARD, id, ...card }, bank: BANK, gate: 'open', health: healthOf([]), askedTodayMinor: 0n },
    ...change,
  }
}

const took = (micros: number) => healthOf([{ end: 'settled', madeAt: 0, took: micros }])

describe('cards for an amount', () => {
  it('come cheapest first, then quickest; one of a bank that is being tried after all others that can be used', () => {
    const ranked = rankCards(
      [
        facts(1, { gate: 'resting' }),
        facts(2, { gate: 'trying', bank: { ...BANK, costMillionths: 0 } }),
        facts(3, { health: took(9) }),
        facts(4, { health: took(5) }),
        facts(5, { bank: { ...BANK, costMillionths: 50 }, health: took(99) }),
        facts(6, { health: took(5) }),
      ],
      500n,
    )
    expect(ranked.map(({ card, fault }) => [card.id, fault])).toEqual([
      ...[
        [5, null],
        [4, null],
        [6, null],
        [3, null],
        [2, null],
      ],
      [1, 'bank_resting'],
    ])
  })

  it.each([
    [{}, { state: 'code_sent' as const }, 'not_bound'],
    [{ bank: undefined }, {}, 'not_bound'],
    [{}, { openOrder: 'x' }, 'order_open'],
    [{ bank: { ...BANK, state: 'paused' as const } }, {}, 'bank_paused'],
    [{ gate: 'resting' as const }, {}, 'bank_resting'],
    [{ bank: { ...BANK, singleMaxMinor: 499n } }, {}, 'above_single'],
    [{ askedTodayMinor: 1_501n }, {}, 'above_day'],
    [{ askedTodayMinor: 1_500n }, {}, null],
  ])('cannot be used where something stands in the way (%#)', (change, card, fault) => {
    expect(rankCards([facts(1, change, card)], 500n)[0]?.fault).toBe(fault)
  })
})
