import { beijingDay, CNY } from '@huitong/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { STRENGTHS, type Strength } from '../src/index.ts'
import { PARAMETERS, type ParameterId } from '../src/parameter.ts'
import { START, startPricingWorld, told } from './pricing-world.ts'

/**
 * Random histories of what three customers spend and get back over days and years, against an oracle that knows only the list of
 * what was allowed and adds it up anew each time. It shares no code with the counters.
 */
type Step =
  | { readonly type: 'spend'; readonly customer: number; readonly strength: Strength; readonly amount: number }
  | { readonly type: 'give_back'; readonly which: number; readonly part: number }
  | { readonly type: 'wait'; readonly hours: number }

const spending = fc.record({
  type: fc.constant('spend' as const),
  customer: fc.nat(2),
  strength: fc.constantFrom(...STRENGTHS),
  amount: fc.integer({ min: 1, max: 60 }),
})
const givingBack = fc.record({
  type: fc.constant('give_back' as const),
  which: fc.nat(30),
  part: fc.integer({ min: 1, max: 60 }),
})
const waiting = fc.record({ type: fc.constant('wait' as const), hours: fc.constantFrom(1, 5, 11, 13, 24, 24 * 45) })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: spending },
  { weight: 2, arbitrary: givingBack },
  { weight: 2, arbitrary: waiting },
)

const LIMITS: Readonly<Record<ParameterId, number>> = {
  'payment.contract.single': 50,
  'payment.contract.day': 150,
  'payment.two-factors.day': 100,
  'payment.one-factor.day': 60,
  'payment.static-code.day': 40,
  'payment-account.class-1.lifetime': 200,
  'payment-account.class-2.year': 300,
  'payment-account.class-3.year': 400,
}

const DAY: Readonly<Record<Strength, ParameterId>> = {
  contract: 'payment.contract.day',
  two_factors: 'payment.two-factors.day',
  one_factor: 'payment.one-factor.day',
  static_code: 'payment.static-code.day',
}

const TIERS = [1, 2, 3] as const

interface Entry {
  readonly reference: number
  readonly customer: number
  readonly strength: Strength
  readonly at: number
  left: number
}

function sum(entries: readonly Entry[], counts: (entry: Entry) => boolean): number {
  return entries.filter(counts).reduce((total, entry) => total + entry.left, 0)
}

/** What the oracle expects of an outlay: the limits in their order, each a sum over the whole history. */
function expected(entries: readonly Entry[], tier: 1 | 2 | 3, entry: Entry): string {
  const own = entries.filter((other) => other.customer === entry.customer)
  const day = beijingDay(entry.at)
  const today = sum(own, (other) => beijingDay(other.at) === day && other.strength === entry.strength)
  if (entry.left > LIMITS['payment.contract.single']) return 'limit_single_exceeded'
  if (today + entry.left > LIMITS[DAY[entry.strength]]) return 'limit_day_exceeded'
  if (tier === 1) {
    const ever = sum(own, () => true)
    return ever + entry.left > LIMITS['payment-account.class-1.lifetime'] ? 'limit_lifetime_exceeded' : 'done'
  }
  const thisYear = sum(own, (other) => beijingDay(other.at).slice(0, 4) === day.slice(0, 4))
  return thisYear + entry.left > LIMITS[`payment-account.class-${tier}.year`] ? 'limit_year_exceeded' : 'done'
}

async function checkHistory(steps: readonly Step[]): Promise<void> {
  const world = await startPricingWorld()
  try {
    const origin = { currency: CNY, effectiveFrom: '2020-01-01', effectiveTo: null, instrument: 'rule', source: 'test' }
    const input = PARAMETERS.map((id) => ({ id, amountMinor: BigInt(LIMITS[id]), ...origin }))
    const adopt = world.pricing.commands.adoptParameters
    expect(told(await world.committer.submit({ kind: adopt, input }))).toBe('done')
    const customers: number[] = []
    for (const tier of TIERS) customers.push(await world.customer(tier))
    const entries: Entry[] = []
    let now = START
    for (const each of steps) {
      if (each.type === 'wait') {
        now += each.hours * 3_600_000_000
        world.clock.set(now)
      } else if (each.type === 'give_back') {
        const entry = entries[each.which]
        if (entry === undefined || entry.left === 0) continue
        const amount = Math.min(each.part, entry.left)
        const back = { type: 'give_back', reference: entry.reference, amountMinor: BigInt(amount) } as const
        expect(told(await world.outlay(back))).toBe('done')
        entry.left -= amount
      } else {
        const { strength, amount } = each
        const entry = { reference: 0, customer: each.customer, strength, at: now, left: amount }
        const customer = customers[each.customer] ?? 0
        const outcome = await world.outlay({ type: 'spend', customer, strength, amountMinor: BigInt(amount) })
        expect(told(outcome)).toBe(expected(entries, TIERS[each.customer] ?? 1, entry))
        if (outcome.status === 'done') entries.push({ ...entry, reference: outcome.answer })
      }
    }
  } finally {
    await world.stop()
    await world.institution.drop()
  }
}

test('limits allow exactly what the sums over the whole history allow', { timeout: 300_000 }, async () => {
  const histories = fc.array(step, { minLength: 10, maxLength: 60 })
  await fc.assert(fc.asyncProperty(histories, checkHistory), { numRuns: 12 })
})
