import type { HttpApp } from '@huitong/http'
import { addCampaignRoutes } from './campaign-routes.ts'
import { addCouponRoutes } from './coupon-routes.ts'
import { addPacketRoutes } from './packet-routes.ts'
import type { MarketingRouteParts } from './route-parts.ts'

/** Adds this module's native routes. */
export function addMarketingRoutes(http: HttpApp, parts: MarketingRouteParts): void {
  addCampaignRoutes(http, parts)
  addCouponRoutes(http, parts)
  addPacketRoutes(http, parts)
}
