import { describe, expect, it } from 'vitest'
import { readBuiltInPolicy } from './adopt-policy.ts'
import { type PolicyText, policyText, readPolicy } from './policy.ts'
import { judgeByPolicy, type Payment, stricter } from './policy-decide.ts'
import { velocityAt } from './velocity.ts'

const NOW = Date.UTC(2026, 10, 22, 4, 0, 0) * 1000
const MINUTE = 60_000_000

/** What is paid, how, with which proof, how old the session is in minutes, how many payments the hour has with this one: the outcome. */
const BUILT_IN = `
88.88     | wallet         | one_factor  | 1    | 1   | allow
499.99    | wallet         | one_factor  | 1    | 1   | allow
500.00    | wallet         | one_factor  | 1    | 1   | step_up two_factors new-session
500.00    | wallet         | one_factor  | 9.9  | 1   | step_up two_factors new-session
500.00    | wallet         | one_factor  | 10   | 1   | allow
500.00    | wallet         | two_factors | 1    | 1   | allow
500.00    | payment_code   | two_factors | none | 1   | allow
2999.99   | payment_code   | two_factors | none | 1   | allow
3000.00   | payment_code   | two_factors | none | 1   | step_up contract large
3000.00   | wallet         | contract    | 1    | 1   | allow
3000.00   | wallet         | one_factor  | 1    | 1   | step_up contract large new-session
49999.99  | wallet         | contract    | 1    | 1   | allow
50000.00  | wallet         | contract    | 1    | 1   | hold very-large
50000.00  | wallet         | one_factor  | 1    | 1   | hold very-large
49.99     | wallet         | one_factor  | 60   | 20  | allow
50.00     | wallet         | one_factor  | 60   | 19  | allow
50.00     | wallet         | one_factor  | 60   | 20  | step_up two_factors several-in-an-hour
50.00     | wallet         | two_factors | 60   | 20  | allow
50.00     | payment_code   | two_factors | none | 60  | hold many-in-an-hour
50.00     | wallet         | contract    | 60   | 200 | deny runaway
`

describe('the first policy', async () => {
  const { policy } = await readBuiltInPolicy()

  it.each(
    BUILT_IN.trim()
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim())),
  )('pays %s by %s with %s, session %s minutes old, %s in the hour: %s', (...cells) => {
    const [amount = '', way = '', proven = '', session = '', count = '', outcome = ''] = cells
    const payment = {
      ...{ customer: 1, way, proven, amountMinor: BigInt(amount.replace('.', '')) },
      signedInAt: session === 'none' ? null : NOW - Number(session) * MINUTE,
    }
    if (!isPayment(payment)) throw new Error('a line of the table is not understood')
    const counted = { ...velocityAt(undefined, NOW), hourCount: Number(count), dayCount: Number(count) }
    const judged = judgeByPolicy(policy, payment, counted, NOW)
    expect([judged.outcome, judged.proof, ...judged.reasons].filter((word) => word !== null).join(' ')).toBe(outcome)
  })
})

function isPayment(value: { readonly way: string; readonly proven: string }): value is Payment {
  return (
    ['wallet', 'payment_code'].includes(value.way) && ['one_factor', 'two_factors', 'contract'].includes(value.proven)
  )
}

describe('of two judgements', () => {
  const allow = { outcome: 'allow', proof: null, reasons: [] } as const
  const one = { outcome: 'step_up', proof: 'two_factors', reasons: ['a'] } as const
  const two = { outcome: 'step_up', proof: 'contract', reasons: ['b'] } as const
  const hold = { outcome: 'hold', proof: null, reasons: ['c'] } as const

  it.each([
    ['the stricter counts', allow, one, one],
    ['whichever comes first', hold, two, hold],
    ['equal ones ask for the better proof', one, two, { outcome: 'step_up', proof: 'contract', reasons: ['a', 'b'] }],
  ] as const)('%s', (_, a, b, wanted) => {
    expect(stricter(a, b)).toEqual(wanted)
  })
})

describe('a policy as text', () => {
  const rule = { id: 'a', outcome: 'hold', when: { amountFrom: '1.00' } } as const
  const policy = (...rules: PolicyText['rules']): PolicyText => ({ secondPersonFrom: null, rules })

  it('comes back as it was', async () => {
    const { policy: first } = await readBuiltInPolicy()
    expect(readPolicy(policyText(first))).toEqual({ ok: true, value: first })
    const full = { ways: ['wallet' as const], amountFrom: '1.00', hourCountFrom: 1, hourAmountFrom: '2.00' }
    const text = policy({
      ...rule,
      when: { ...full, dayCountFrom: 2, dayAmountFrom: '3.00', sessionYoungerThanSeconds: 4 },
    })
    const read = readPolicy(text)
    expect(read.ok && policyText(read.value)).toEqual(text)
  })

  it.each([
    ['two rules of one name', policy(rule, rule), 'rules[1].id'],
    ['a step-up that asks for nothing', policy({ ...rule, outcome: 'step_up' }), 'rules[0].proof'],
    ['a hold that asks for a proof', policy({ ...rule, proof: 'contract' }), 'rules[0].proof'],
    [
      'an amount with too many decimals',
      policy({ ...rule, when: { amountFrom: '1.001' } }),
      'rules[0].when.amountFrom',
    ],
    ['an amount of nothing', policy({ ...rule, when: { dayAmountFrom: '0.00' } }), 'rules[0].when.dayAmountFrom'],
    [
      'an amount beyond the ledger',
      policy({ ...rule, when: { hourAmountFrom: '9999999999999999999' } }),
      'rules[0].when.hourAmountFrom',
    ],
  ])('is refused with %s', (_, text, field) => {
    const read = readPolicy(text)
    expect(read.ok ? 'ok' : read.error.field).toBe(field)
  })
})
