export { type EscrowJobsOptions, lapseDueEscrow } from './escrow-jobs.ts'
export { createEscrow, type EscrowKinds } from './escrow-kinds.ts'
export { createEscrowQueries, type EscrowQueries } from './escrow-queries.ts'
export type { EscrowFilter, EscrowTie } from './escrow-read-store.ts'
export {
  ESCROW_REFUSALS,
  type EscrowRefusal,
  type EscrowRefusalCode,
  isEscrowRefusalCode,
} from './escrow-refusals.ts'
export { addEscrowRoutes } from './escrow-routes.ts'

export { ESCROW_TIES } from './escrow-ties.ts'

export { ESCROW_TRADE_ID } from './escrow-trade.ts'

export { escrowMigrations } from './migrations.ts'
export type { EscrowRouteParts } from './route-parts.ts'
