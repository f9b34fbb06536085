import type { HttpApp } from '@huitong/http'
import { addCardRoutes } from './card-routes.ts'
import { addOrderRoutes } from './order-routes.ts'
import type { ChannelRouteParts } from './route-parts.ts'
import { addRoutingRoutes } from './routing-routes.ts'
import { addStaffRoutes } from './staff-routes.ts'

export function addChannelRoutes(http: HttpApp, parts: ChannelRouteParts): void {
  addCardRoutes(http, parts)
  addOrderRoutes(http, parts)
  addStaffRoutes(http, parts)
  addRoutingRoutes(http, parts)
}
