import { describe, expect, it } from 'vitest'
import {
  assertRiskCheck,
  RISK_CHECK_ACTIONS,
  RISK_CHECK_ACTORS,
  RISK_CHECK_STATES,
  RISK_CHECK_TABLE,
  type RiskCheck,
  riskCheckFault,
} from './risk-check.ts'

/** Every state and action, by whoever may take it: the state that follows, or why not. */
const TABLE = `
               | prove  | release | deny   | call_off   | lapse
awaiting_proof | passed | !over   | !over  | called_off | lapsed
held           | !held  | passed  | denied | called_off | lapsed
passed         | !over  | !over   | !over  | !over      | !over
denied         | !over  | !over   | !over  | !over      | !over
lapsed         | !over  | !over   | !over  | !over      | !over
called_off     | !over  | !over   | !over  | !over      | !over
`
const REFUSALS: Readonly<Record<string, string>> = { '!over': 'risk_check_over', '!held': 'payment_held' }
const ALLOWED: Readonly<Record<string, string>> = {
  prove: 'payer',
  release: 'staff',
  deny: 'staff',
  call_off: 'payer merchant',
  lapse: 'time',
}

const [header = '', ...lines] = TABLE.trim().split('\n')
const actions = header.split('|').slice(1)
const cells = new Map(
  lines.flatMap((line) => {
    const [state = '', ...row] = line.split('|').map((cell) => cell.trim())
    return row.map((cell, index) => [`${state} ${actions[index]?.trim()}`, cell] as const)
  }),
)

describe('every action on a check', () => {
  it('is tabled here', () => {
    expect(cells.size).toBe(RISK_CHECK_STATES.length * RISK_CHECK_ACTIONS.length)
  })

  for (const state of RISK_CHECK_STATES) {
    for (const action of RISK_CHECK_ACTIONS) {
      const cell = cells.get(`${state} ${action}`) ?? ''
      const refusal = REFUSALS[cell]
      it(`${action} of one that is ${state}: ${cell}`, () => {
        const found = RISK_CHECK_TABLE[state][action]
        expect('to' in found ? found.to : found.refuse).toBe(refusal ?? cell)
      })
      for (const actor of RISK_CHECK_ACTORS) {
        const may = ALLOWED[action]?.split(' ').includes(actor) === true
        it(`${action} by ${actor} of one that is ${state}, before and past its time`, () => {
          const before = riskCheckFault({ state, dueAt: 10 }, action, actor, 9)
          const past = riskCheckFault({ state, dueAt: 10 }, action, actor, 10)
          if (!may) return expect([before, past]).toEqual(['risk_check_not_found', 'risk_check_not_found'])
          if (refusal !== undefined) return expect([before, past]).toEqual([refusal, refusal])
          if (action === 'lapse') return expect([before, past]).toEqual(['trade_not_due', undefined])
          expect([before, past]).toEqual([undefined, action === 'call_off' ? undefined : 'risk_check_over'])
        })
      }
    }
  }
})

describe('what holds for every check', () => {
  const held: RiskCheck = {
    ...{ id: 1024, kind: 'trade', subject: 2048, customer: 1, payee: 2, amountMinor: 100n, way: 'wallet' },
    ...{ transferNumber: null, title: null, remark: null, state: 'held', proof: null, hold: 7 },
    ...{ judgedBy: ['policy@1'], reasons: ['large'], createdAt: 1, dueAt: 9, endedAt: null, endedBy: null },
  }

  it('is satisfied by one that is held', () => {
    expect(assertRiskCheck(held)).toBe(held)
  })

  it.each([
    ['held without a hold', { hold: null }],
    ['waiting for a proof with money held', { state: 'awaiting_proof', proof: 'contract' }],
    ['waiting for no proof', { state: 'awaiting_proof', hold: null }],
    ['over without an end', { state: 'passed' }],
    ['open with an end', { endedAt: 5, endedBy: 'time' }],
    ['ended by nobody', { state: 'denied', endedAt: 5 }],
    ['a transfer without a number', { kind: 'transfer' }],
    ['of nothing', { amountMinor: 0n }],
  ] as const)('is broken by one that is %s', (_, change) => {
    expect(() => assertRiskCheck({ ...held, ...change })).toThrow()
  })
})
