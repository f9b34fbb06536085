import { err, ok, type Result } from '@huitong/kernel'
import type { CustomerTier } from '@huitong/party'
import type { LimitRefusal, LimitRefusalCode } from './limit-refusals.ts'
import type { ParameterId, ParameterVersion } from './parameter.ts'
import { type Spending, spend } from './spending.ts'
import type { Strength } from './strength.ts'

/** Which parameter limits the sum of a day, by how well the payer proved who he is. */
export const DAY_PARAMETER: Readonly<Record<Strength, ParameterId>> = {
  contract: 'payment.contract.day',
  two_factors: 'payment.two-factors.day',
  one_factor: 'payment.one-factor.day',
  static_code: 'payment.static-code.day',
}

/** Which parameter limits an account by its class, and over which window. */
export const CLASS_PARAMETER: Readonly<
  Record<CustomerTier, { readonly id: ParameterId; readonly window: 'year' | 'lifetime' }>
> = {
  1: { id: 'payment-account.class-1.lifetime', window: 'lifetime' },
  2: { id: 'payment-account.class-2.year', window: 'year' },
  3: { id: 'payment-account.class-3.year', window: 'year' },
}

export interface SpendRequest {
  readonly tier: CustomerTier
  readonly strength: Strength
  readonly amountMinor: bigint
}

export interface Allowed {
  readonly spending: Spending
  /** The parameters that it was measured by, as `id@version`. */
  readonly allowedBy: readonly string[]
}

/** Parameters that are in force today, by id; undefined limits nothing. */
export type ParametersInForce = (id: ParameterId) => ParameterVersion | undefined

/** Whether a person who spent `before` may spend this too. Limits in order: one payment, the day, the class. */
export function decideSpend(
  before: Spending,
  { tier, strength, amountMinor }: SpendRequest,
  parameters: ParametersInForce,
): Result<Allowed, LimitRefusal> {
  const byClass = CLASS_PARAMETER[tier]
  const windows: readonly { readonly code: LimitRefusalCode; readonly id: ParameterId; readonly usedMinor: bigint }[] =
    [
      { code: 'limit_single_exceeded', id: 'payment.contract.single', usedMinor: 0n },
      { code: 'limit_day_exceeded', id: DAY_PARAMETER[strength], usedMinor: before.dayMinor[strength] },
      byClass.window === 'year'
        ? { code: 'limit_year_exceeded', id: byClass.id, usedMinor: before.yearMinor }
        : { code: 'limit_lifetime_exceeded', id: byClass.id, usedMinor: before.lifetimeMinor },
    ]
  const allowedBy: string[] = []
  for (const { code, id, usedMinor } of windows) {
    const limit = parameters(id)
    if (limit === undefined || limit.amountMinor === null) continue
    if (usedMinor + amountMinor > limit.amountMinor) return exceeded(code, id, limit, limit.amountMinor - usedMinor)
    allowedBy.push(`${id}@${limit.version}`)
  }
  return ok({ spending: spend(before, strength, amountMinor), allowedBy })
}

function exceeded(
  code: LimitRefusalCode,
  id: ParameterId,
  limit: ParameterVersion,
  leftMinor: bigint,
): { readonly ok: false; readonly error: LimitRefusal } {
  const left = leftMinor < 0n ? 0n : leftMinor
  return err({ code, facts: { parameter: `${id}@${limit.version}`, left_minor: String(left) } })
}
