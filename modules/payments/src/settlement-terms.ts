import Type, { type Static } from 'typebox'
import { CONFIRM_DAYS_MAX, deferralDetail } from './deferral.ts'
import type { TradeDetails } from './trade.ts'

/** When an order's payment is settled; without it at once. */
export const SettlementTerms = Type.Object(
  {
    confirmWithinDays: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: CONFIRM_DAYS_MAX,
        description: 'The payment waits for the merchant to confirm it; after so many days it is settled all the same',
      }),
    ),
    forSharing: Type.Optional(
      Type.Boolean({ description: 'The payment, once confirmed, waits until its sharing is over, 30 days at most' }),
    ),
  },
  { $id: 'SettlementTerms' },
)

/** The details of an order with these terms. */
export function settlementDetails(terms: Static<typeof SettlementTerms> | undefined): TradeDetails {
  const { confirmWithinDays = null, forSharing = false } = terms ?? {}
  const settlement = deferralDetail({ confirmWithinDays, forSharing })
  return settlement === undefined ? {} : { settlement }
}
