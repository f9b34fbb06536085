import type { TransferCode } from './transfer.ts'

export const HOLD_STATES = { pending: 1, captured: 2, voided: 3, expired: 4 } as const

export type HoldState = keyof typeof HOLD_STATES

export function holdStateOf(stored: number): HoldState | undefined {
  switch (stored) {
    case 1:
      return 'pending'
    case 2:
      return 'captured'
    case 3:
      return 'voided'
    case 4:
      return 'expired'
    default:
      return undefined
  }
}

/** A promise of money: counted by every funds check until it is captured, voided or its expiry is journaled. */
export interface Hold {
  readonly id: number
  readonly debit: number
  readonly credit: number
  /** All that it ever promised: what it was made with, and every increase. */
  readonly amountMinor: bigint
  readonly remainingMinor: bigint
  readonly state: HoldState
  /** µs; from then on it can only be given back. Null: it does not expire. */
  readonly expiresAt: number | null
  readonly code: TransferCode
  readonly reference: number | null
}
