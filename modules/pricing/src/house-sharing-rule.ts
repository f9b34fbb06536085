import { invariant, localDate } from '@huitong/kernel'
import type { NewMerchantSharingRule } from './pricing-commands.ts'
import { EVERY_MERCHANT } from './sharing-rule.ts'

const BEGIN = localDate('2026-01-01')

/** How much merchants may pass on until the institution says otherwise: a house rule, which it will replace by its own contracts. */
export function houseSharingRule(): NewMerchantSharingRule {
  invariant(BEGIN.ok, 'the rule begins on a day')
  return {
    ...{ merchant: EVERY_MERCHANT, maxBps: 3_000, effectiveFrom: BEGIN.value, effectiveTo: null },
    ...{ instrument: 'contract with merchants: sharing of payments', source: 'house rule' },
  }
}
