/** A row of `ledger_events`, whatever it says. */
export interface EventSeen {
  readonly batch: number
  readonly position: number
  readonly kind: string
  readonly account: number
  readonly data: string
}
