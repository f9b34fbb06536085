import type { HttpApp } from '@huitong/http'
import { addIdentityFactorRoutes } from './identity-factor-routes.ts'
import { addLimitRoutes } from './limit-routes.ts'
import { addParameterRoutes } from './parameter-routes.ts'
import type { PricingRouteParts } from './route-parts.ts'
import { addSharingRuleRoutes } from './sharing-rule-routes.ts'

export function addPricingRoutes(http: HttpApp, parts: PricingRouteParts): void {
  addParameterRoutes(http, parts)
  addLimitRoutes(http, parts)
  addSharingRuleRoutes(http, parts)
  addIdentityFactorRoutes(http, parts)
}
