import { invariant, type Micros } from '@huitong/kernel'

export const WINDOW_STATES = ['open', 'settled'] as const
type WindowState = (typeof WINDOW_STATES)[number]

/** A netting window. Exactly one is open; closing it settles it and opens the next. */
export interface Window {
  readonly number: number
  readonly state: WindowState
  /** Who has a position in it. */
  readonly members: readonly string[]
  readonly payments: bigint
  readonly grossMinor: bigint
  /** What moved when it settled: all that those who owed had to pay. */
  readonly netMinor: bigint
  /** The ledger entry that settled it; null while it is open, and when nothing was owed. */
  readonly entry: number | null
  readonly openedAt: Micros
  readonly settledAt: Micros | null
}

/** What a participant sent and received in a window. */
export interface Position {
  readonly window: number
  readonly member: string
  readonly sentMinor: bigint
  readonly receivedMinor: bigint
}

/** Below nothing: it owes. */
export function netOf({ sentMinor, receivedMinor }: Position): bigint {
  return receivedMinor - sentMinor
}

export function assertWindow(window: Window): Window {
  const { state, settledAt, netMinor, grossMinor } = window
  invariant((state === 'settled') === (settledAt !== null), 'a settled window has a time')
  invariant(netMinor >= 0n && netMinor <= grossMinor, 'netting never moves more than the payments')
  return window
}
