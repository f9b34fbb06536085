/** What became of a difference: it was booked, a transfer was found for it, or somebody said why it is none. */
export const RESOLUTION_WAYS = ['booked', 'matched', 'noted'] as const
type ResolutionWay = (typeof RESOLUTION_WAYS)[number]

export interface Resolution {
  readonly difference: number
  readonly way: ResolutionWay
  readonly transfer: number | null
  readonly note: string
  /** µs. */
  readonly resolvedAt: number
}
