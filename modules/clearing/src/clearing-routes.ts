import type { HttpApp } from '@huitong/http'
import { createClearingQueries } from './clearing-queries.ts'
import { addParticipantRoutes } from './participant-routes.ts'
import { addPaymentRoutes } from './payment-routes.ts'
import { addReportRoutes } from './report-routes.ts'
import type { ClearingRouteDeps } from './route-parts.ts'
import { addWindowRoutes } from './window-routes.ts'

/** Staff's view of the clearing house. Participants speak to it by messages. */
export function addClearingRoutes(http: HttpApp, deps: ClearingRouteDeps): void {
  const parts = { ...deps, queries: createClearingQueries(deps.db) }
  addParticipantRoutes(http, parts)
  addPaymentRoutes(http, parts)
  addWindowRoutes(http, parts)
  addReportRoutes(http, parts)
}
