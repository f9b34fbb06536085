import type { WorkingSet } from '@huitong/committer'
import { closeCampaignKind, endCampaignsKind, openCampaignKind } from './campaign-commands.ts'
import { createMarketingContext, type MarketingDeps } from './context.ts'
import { claimCouponKind } from './coupon-commands.ts'
import { couponTender } from './coupon-tender.ts'
import { movePacketMoneyKind, openPacketKind, returnPacketsKind, sendPacketKind } from './packet-commands.ts'
import { packetTender } from './packet-tender.ts'

/** The command kinds of this module. */
export type Marketing = ReturnType<typeof createMarketing>

/** Takes this module's tables of the working set, once, makes its command kinds, and brings payments its tenders. */
export function createMarketing(set: WorkingSet, deps: MarketingDeps) {
  const context = createMarketingContext(set, deps)
  deps.tendering.add(couponTender(context))
  deps.tendering.add(packetTender(context))
  return {
    openCampaign: openCampaignKind(context),
    closeCampaign: closeCampaignKind(context),
    endCampaigns: endCampaignsKind(context),
    claimCoupon: claimCouponKind(context),
    sendPacket: sendPacketKind(context),
    openPacket: openPacketKind(context),
    returnPackets: returnPacketsKind(context),
    movePacketMoney: movePacketMoneyKind(context),
  }
}
