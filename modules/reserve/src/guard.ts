import { invariant, type Micros } from '@huitong/kernel'

export const PAYOUTS = 'payouts'

/** Whether money may leave for banks: not while the reserve is short of what customers have. Payments in, and between wallets, go on. */
export interface Guard {
  readonly name: typeof PAYOUTS
  readonly stopped: boolean
  /** By the last look, less what was released since. */
  readonly surplusMinor: bigint
  /** The last batch that the look, or a change since, knows of. */
  readonly batch: number
  readonly notedAt: Micros
}

export function assertGuard(guard: Guard): Guard {
  invariant(guard.stopped === guard.surplusMinor < 0n, 'payouts are stopped while the reserve is short')
  return guard
}
