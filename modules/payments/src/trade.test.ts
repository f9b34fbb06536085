import { CNY } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { assertTrade, TRADE_ACTIONS, TRADE_STATES, TRADE_TRANSITIONS, type Trade } from './trade.ts'
import { isPaymentRefusalCode } from './trade-refusals.ts'

/** One line a state, one word an action: a state to go to, or the refusal. */
const TABLE = `
                 | pay          | close        | cancel   | expire       | refund_part  | refund_rest  | finish
awaiting_payment | paid         | closed       | closed   | closed       | !not_paid    | !not_paid    | !not_paid
awaiting_proof   | paid         | closed       | closed   | closed       | !not_paid    | !not_paid    | !not_paid
held             | !held        | closed       | closed   | !held        | !not_paid    | !not_paid    | !not_paid
paid             | !paid        | !paid        | closed   | !paid        | paid         | closed       | finished
closed           | !closed      | !closed      | closed   | !closed      | !closed      | !closed      | !closed
finished         | !finished    | !finished    | !finished| !finished    | !finished    | !finished    | !finished
`
const RISK_TABLE = `
                 | challenge      | hold         | release      | refuse       | resume
awaiting_payment | awaiting_proof | held         | !check_over  | !check_over  | !check_over
awaiting_proof   | awaiting_proof | held         | !check_over  | closed       | awaiting_payment
held             | !held          | !held        | paid         | closed       | !held
paid             | !paid          | !paid        | !check_over  | !check_over  | !check_over
closed           | !closed        | !closed      | !check_over  | !check_over  | !check_over
finished         | !finished      | !finished    | !check_over  | !check_over  | !check_over
`
const REFUSALS: Readonly<Record<string, string>> = {
  '!not_paid': 'trade_not_paid',
  '!paid': 'trade_already_paid',
  '!closed': 'trade_already_closed',
  '!finished': 'trade_already_finished',
  '!held': 'payment_held',
  '!check_over': 'risk_check_over',
}

const rows = [TABLE, RISK_TABLE].flatMap((table) => {
  const [header = '', ...lines] = table.trim().split('\n')
  const actions = header
    .split('|')
    .slice(1)
    .map((cell) => cell.trim())
  return lines.flatMap((line) => {
    const [state = '', ...cells] = line.split('|').map((cell) => cell.trim())
    return cells.map((cell, index) => ({ state, action: actions[index] ?? '', cell }))
  })
})

describe('the transitions of a trade', () => {
  it('are tabled here for every state and every action', () => {
    expect(rows).toHaveLength(TRADE_STATES.length * TRADE_ACTIONS.length)
    expect(new Set(rows.map(({ state, action }) => `${state} ${action}`)).size).toBe(rows.length)
  })

  for (const state of TRADE_STATES) {
    for (const action of TRADE_ACTIONS) {
      const row = rows.find((candidate) => candidate.state === state && candidate.action === action)
      it(`${action} of a trade that is ${state} gives ${row?.cell}`, () => {
        const transition = TRADE_TRANSITIONS[state][action]
        const refusal = REFUSALS[row?.cell ?? '']
        expect(transition).toEqual(refusal === undefined ? { to: row?.cell } : { refuse: refusal })
        if ('refuse' in transition) expect(isPaymentRefusalCode(transition.refuse)).toBe(true)
      })
    }
  }
})

describe('what holds for every trade', () => {
  const paid: Trade = {
    id: 1024,
    merchant: 2048,
    orderNumber: 'A1',
    buyer: 3072,
    subject: 'Tea',
    details: {},
    currency: CNY,
    totalMinor: 1000n,
    state: 'paid',
    closingCause: null,
    paidMinor: 1000n,
    tenders: null,
    refundedMinor: 300n,
    feeMinor: 6n,
    feeReturnedMinor: 2n,
    createdAt: 1,
    expiresAt: 9,
    paidAt: 2,
    refundableUntil: 8,
    endedAt: null,
    riskCheck: null,
  }

  it('is satisfied by a paid trade with a part refunded', () => {
    expect(assertTrade(paid)).toBe(paid)
  })

  it.each([
    ['paid in part', { paidMinor: 999n }],
    ['refunded more than paid', { refundedMinor: 1001n }],
    ['wholly refunded and not closed', { refundedMinor: 1000n, feeReturnedMinor: 6n }],
    ['more fee returned than charged', { feeReturnedMinor: 7n }],
    ['a fee above the payment', { feeMinor: 1001n }],
    ['closed with money left', { state: 'closed', closingCause: 'refunded', endedAt: 5 }],
    ['closed without a cause', { state: 'closed', endedAt: 5, refundedMinor: 1000n, feeReturnedMinor: 6n }],
    ['closed with a fee left', { state: 'closed', closingCause: 'refunded', endedAt: 5, refundedMinor: 1000n }],
    ['paid without a time', { paidAt: null, refundableUntil: null }],
    ['waiting for payment and paid', { state: 'awaiting_payment' }],
    ['finished without an end', { state: 'finished' }],
  ] as const)('is broken by one that is %s', (_, change) => {
    expect(() => assertTrade({ ...paid, ...change })).toThrow()
  })
})
