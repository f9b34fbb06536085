import type { WorkingSet } from '@huitong/committer'
import { createReserveContext, type ReserveDeps } from './context.ts'
import { closeDayKind, contributeKind, notePositionKind, releaseKind } from './reserve-commands.ts'

/** Whether money may leave for banks. For modules that pay out: announced with a command, asked within its decision. */
export interface Payouts {
  need(): void
  stopped(): boolean
}

/** The command kinds of this module, and what others ask of it. */
export type Reserve = ReturnType<typeof createReserve>

/** Takes this module's tables of the working set, once. */
export function createReserve(set: WorkingSet, deps: ReserveDeps) {
  const context = createReserveContext(set, deps)
  const payouts: Payouts = {
    need: () => context.needGuard(),
    stopped: () => context.guard()?.stopped ?? false,
  }
  return {
    payouts,
    notePosition: notePositionKind(context),
    closeDay: closeDayKind(context),
    contribute: contributeKind(context),
    release: releaseKind(context),
  }
}
