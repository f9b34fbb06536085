import type { Refusal } from '@huitong/committer'
import { ok, type Result } from '@huitong/kernel'
import type { LimitRefusal, LimitRefusalCode } from '@huitong/pricing'

export type PayerLimitCode =
  | 'payer_single_limit'
  | 'payer_day_limit'
  | 'payer_year_limit'
  | 'payer_lifetime_limit'
  | 'payer_blocked'

const TOLD: Partial<Readonly<Record<LimitRefusalCode, PayerLimitCode>>> = {
  limit_single_exceeded: 'payer_single_limit',
  limit_day_exceeded: 'payer_day_limit',
  limit_year_exceeded: 'payer_year_limit',
  limit_lifetime_exceeded: 'payer_lifetime_limit',
}

/** What the refusal of a limit means for a payment. How much is left is the payer's own affair and is not told to others. */
export function payerLimit(
  spent: Result<unknown, LimitRefusal>,
): Result<null, Refusal & { readonly code: PayerLimitCode }> {
  if (spent.ok) return ok(null)
  return { ok: false, error: { code: TOLD[spent.error.code] ?? 'payer_blocked' } }
}
