import type { Refusal } from '@huitong/committer'
import type { PostingLeg } from './posting-command.ts'

export const SCHEDULED_ID = 'schp'

export const SCHEDULED_STATES = { waiting: 1, posted: 2, refused: 3, cancelled: 4 } as const

export type ScheduledState = keyof typeof SCHEDULED_STATES

export function isScheduledState(text: string): text is ScheduledState {
  return Object.hasOwn(SCHEDULED_STATES, text)
}

export function scheduledStateOf(stored: number): ScheduledState | undefined {
  return Object.keys(SCHEDULED_STATES).filter(isScheduledState)[stored - 1]
}

/** A posting that was asked for and is decided at a later time, on what the accounts have then. */
export interface ScheduledPosting {
  readonly id: number
  /** µs. */
  readonly dueAt: number
  readonly legs: readonly PostingLeg[]
  /** As of a posting: it must leave customers' and merchants' accounts alone. */
  readonly raw: boolean
  readonly state: ScheduledState
  /** The batch that posted, refused or cancelled it. */
  readonly endedBatch: number | null
  /** Of one that was posted: its transfers, in the order of its legs. */
  readonly transfers: readonly number[] | null
  /** Of one that was refused: why. */
  readonly refusal: Refusal | null
}
