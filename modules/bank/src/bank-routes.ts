import type { HttpApp } from '@huitong/http'
import { addAccountRoutes } from './account-routes.ts'
import { addAgreementRoutes } from './agreement-routes.ts'
import { addBackRoutes } from './back-routes.ts'
import { addDemoRoutes } from './demo-routes.ts'
import { addOwnRoutes } from './own-routes.ts'
import { addPaymentRoutes } from './payment-routes.ts'
import { addPeerRoutes } from './peer-routes.ts'
import type { BankRouteParts } from './route-parts.ts'
import { addSettlementRoutes } from './settlement-routes.ts'

/** What staff, customers and platforms see and do. Other banks speak to it by messages, over the clearing house. */
export function addBankRoutes(http: HttpApp, parts: BankRouteParts): void {
  addAccountRoutes(http, parts)
  addPaymentRoutes(http, parts)
  addBackRoutes(http, parts)
  addAgreementRoutes(http, parts)
  addSettlementRoutes(http, parts)
  addOwnRoutes(http, parts)
  addPeerRoutes(http, parts)
  addDemoRoutes(http, parts)
}
