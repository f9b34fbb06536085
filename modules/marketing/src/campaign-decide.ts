import type { NewCampaign } from './campaign.ts'

export const COUPONS_PER_PERSON_MAX = 20
export const CAMPAIGN_SCOPE_MAX = 100

/** Whether there can be coupons of these terms: one gives something, never more than must be bought, and has time to be used. */
export function decideTerms(terms: NewCampaign, now: number): boolean {
  const { form, minimumMinor, offMinor, offBps, capMinor, validFrom, validUntil, merchants, goods, merchant } = terms
  const gives =
    form === 'cash_off'
      ? offMinor !== null && offMinor > 0n && offMinor <= minimumMinor && offBps === null && capMinor === null
      : offMinor === null && offBps !== null && offBps > 0 && offBps <= 10_000 && capMinor !== null && capMinor > 0n
  const counted = terms.couponsMax === null || terms.couponsMax > 0
  const bound = merchants.length <= CAMPAIGN_SCOPE_MAX && goods.length <= CAMPAIGN_SCOPE_MAX
  // A merchant pays for discounts on what is bought from it, not from others.
  const own = merchant === null || (merchants.length === 1 && merchants[0] === merchant)
  const timely = validFrom < validUntil && validUntil > now
  const perPerson = terms.perPerson >= 1 && terms.perPerson <= COUPONS_PER_PERSON_MAX
  return gives && minimumMinor > 0n && counted && bound && own && timely && perPerson
}
