import { type CurrencyCode, formatAmount } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { DEFERRAL_STATES, type Deferral, type SettlementStep } from './deferral.ts'

/** How far the settlement of a payment is: amounts as text, times µs. */
export const DeferralView = Type.Object({
  state: Type.Enum([...DEFERRAL_STATES]),
  open: Type.String(),
  held: Type.String(),
  settlesAt: Type.Integer(),
})
export type DeferralView = Static<typeof DeferralView>

export const SettlementStepView = Type.Object({
  requestNumber: Type.String(),
  amount: Type.String(),
  settled: Type.String(),
  forSharing: Type.Boolean(),
  createdAt: Type.Integer(),
})
export type SettlementStepView = Static<typeof SettlementStepView>

export function deferralView(
  { state, openMinor, heldMinor, settlesAt }: Deferral,
  currency: CurrencyCode,
): DeferralView {
  return { state, open: formatAmount(openMinor, currency), held: formatAmount(heldMinor, currency), settlesAt }
}

export function settlementStepView(step: SettlementStep, currency: CurrencyCode): SettlementStepView {
  const { requestNumber, amountMinor, settledMinor, forSharing, createdAt } = step
  return {
    ...{ requestNumber, forSharing, createdAt },
    amount: formatAmount(amountMinor, currency),
    settled: formatAmount(settledMinor, currency),
  }
}
