/** An accounting day that was closed. */
export interface ClosedDay {
  readonly day: string
  /** The day that began then. Days between the two, on which nobody was there, have no batches. */
  readonly nextDay: string
  /** The last batch of the day, which carries the command. */
  readonly closedBatch: number
  /** µs. */
  readonly closedAt: number
  /** Who asked for it, such as `staff:7` or `calendar`; null when it was not said. */
  readonly closedBy: string | null
  /** As of which batch accounts and subjects were found to agree; null until then. */
  readonly tiedBatch: number | null
}

/**
 * - `open`: batches are added to it;
 * - `closing`: it has its last batch; whether its accounts and subjects agree is being looked at;
 * - `closed`: they agree;
 * - `final`: no transfer may be back-dated into it any more.
 */
export type DayState = 'open' | 'closing' | 'closed' | 'final'

export function stateOfDay({ day, tiedBatch }: ClosedDay, finalThrough: string | null): Exclude<DayState, 'open'> {
  if (tiedBatch === null) return 'closing'
  return finalThrough !== null && day <= finalThrough ? 'final' : 'closed'
}
