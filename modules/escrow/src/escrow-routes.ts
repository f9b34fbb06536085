import type { HttpApp } from '@huitong/http'
import { addDisputeRoutes } from './dispute-routes.ts'
import { addEscrowReadRoutes } from './read-routes.ts'
import type { EscrowRouteParts } from './route-parts.ts'
import { addTradeRoutes } from './trade-routes.ts'

/** Adds this module's native routes. */
export function addEscrowRoutes(http: HttpApp, parts: EscrowRouteParts): void {
  addTradeRoutes(http, parts)
  addDisputeRoutes(http, parts)
  addEscrowReadRoutes(http, parts)
}
