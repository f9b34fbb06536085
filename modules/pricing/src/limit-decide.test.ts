import { CNY } from '@huitong/kernel'
import type { CustomerTier } from '@huitong/party'
import { describe, expect, it } from 'vitest'
import { inForce } from './dated-rule.ts'
import { decideSpend } from './limit-decide.ts'
import type { ParameterId, ParameterVersion } from './parameter.ts'
import { noSpending, onDay, spend } from './spending.ts'
import type { Strength } from './strength.ts'

const LIMITS: Readonly<Partial<Record<ParameterId, bigint | null>>> = {
  'payment.contract.single': 400n,
  'payment.contract.day': null,
  'payment.two-factors.day': 300n,
  'payment.one-factor.day': 100n,
  'payment-account.class-1.lifetime': 250n,
  'payment-account.class-2.year': 500n,
}

function version(amountMinor: bigint | null): ParameterVersion {
  const origin = { instrument: 'rule', source: 'test', addedAt: 1 }
  return { version: 1, amountMinor, currency: CNY, effectiveFrom: '2020-01-01', effectiveTo: null, ...origin }
}

const parameters = (id: ParameterId) => {
  const amount = LIMITS[id]
  return amount === undefined ? undefined : version(amount)
}

describe('what a person may spend', () => {
  // Spent today by each strength, class, strength, amount, outcome: in order of precedence.
  it.each<readonly [Partial<Record<Strength, bigint>>, CustomerTier, Strength, bigint, string]>([
    [{}, 2, 'two_factors', 401n, 'limit_single_exceeded'],
    [{ two_factors: 300n }, 2, 'two_factors', 401n, 'limit_single_exceeded'],
    [{ two_factors: 300n }, 2, 'two_factors', 1n, 'limit_day_exceeded'],
    [{ one_factor: 100n, contract: 400n }, 2, 'one_factor', 1n, 'limit_day_exceeded'],
    [{ contract: 400n }, 2, 'one_factor', 100n, 'allowed'],
    [{ contract: 400n }, 2, 'contract', 101n, 'limit_year_exceeded'],
    [{ contract: 400n }, 2, 'contract', 100n, 'allowed'],
    [{ contract: 200n }, 1, 'contract', 51n, 'limit_lifetime_exceeded'],
    [{ contract: 200n }, 1, 'contract', 50n, 'allowed'],
    [{ contract: 400n, static_code: 400n }, 3, 'static_code', 400n, 'allowed'],
  ])('having spent %o today, class %i, %s: %s fen is %s', (today, tier, strength, amountMinor, outcome) => {
    let before = noSpending('2026-11-22')
    if (today.contract !== undefined) before = spend(before, 'contract', today.contract)
    if (today.two_factors !== undefined) before = spend(before, 'two_factors', today.two_factors)
    if (today.one_factor !== undefined) before = spend(before, 'one_factor', today.one_factor)
    if (today.static_code !== undefined) before = spend(before, 'static_code', today.static_code)
    const decided = decideSpend(before, { tier, strength, amountMinor }, parameters)
    expect(decided.ok ? 'allowed' : decided.error.code).toBe(outcome)
  })

  it('names the parameters that it was measured by, and what is left', () => {
    const request = { tier: 2, strength: 'two_factors', amountMinor: 200n } as const
    const allowed = decideSpend(noSpending('2026-11-22'), request, parameters)
    if (!allowed.ok) throw new Error(allowed.error.code)
    expect(allowed.value.allowedBy).toEqual([
      'payment.contract.single@1',
      'payment.two-factors.day@1',
      'payment-account.class-2.year@1',
    ])
    expect(decideSpend(allowed.value.spending, request, parameters)).toEqual({
      ok: false,
      error: { code: 'limit_day_exceeded', facts: { parameter: 'payment.two-factors.day@1', left_minor: '100' } },
    })
  })

  it('begins anew at midnight in Beijing and at the new year, but not in a lifetime', () => {
    const spent = spend(noSpending('2026-12-30'), 'contract', 70n)
    expect(onDay(spent, '2026-12-31')).toMatchObject({ yearMinor: 70n, lifetimeMinor: 70n, dayMinor: { contract: 0n } })
    expect(onDay(spent, '2027-01-01')).toMatchObject({ yearMinor: 0n, lifetimeMinor: 70n, year: 2027 })
    expect(onDay(spent, '2026-12-29')).toBe(spent)
  })
})

describe('the version of a parameter that is in force', () => {
  const dated = (number: number, effectiveFrom: string, effectiveTo: string | null): ParameterVersion => ({
    ...version(1n),
    version: number,
    effectiveFrom,
    effectiveTo,
  })
  const versions = [dated(1, '2020-01-01', null), dated(2, '2026-01-01', '2026-06-30'), dated(3, '2027-01-01', null)]

  it.each([
    ['2019-12-31', undefined],
    ['2020-01-01', 1],
    ['2025-12-31', 1],
    ['2026-01-01', 2],
    ['2026-06-30', 2],
    ['2026-07-01', undefined],
    ['2027-01-01', 3],
  ])('on %s is %s', (day, number) => {
    expect(inForce(versions, day)?.version).toBe(number)
  })
})
