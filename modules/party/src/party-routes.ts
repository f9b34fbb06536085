import type { HttpApp } from '@huitong/http'
import { addApplicationRoutes } from './application-routes.ts'
import { addCustomerRoutes } from './customer-routes.ts'
import { addMerchantRoutes } from './merchant-routes.ts'
import { addPaymentCodeRoutes } from './payment-code-routes.ts'
import type { PartyRouteParts } from './route-parts.ts'

/** Adds party's routes. Registering customers and merchants opens accounts, so those two routes belong to payments. */
export function addPartyRoutes(http: HttpApp, parts: PartyRouteParts): void {
  addCustomerRoutes(http, parts)
  addPaymentCodeRoutes(http, parts)
  addMerchantRoutes(http, parts)
  addApplicationRoutes(http, parts)
}
