import type { Static } from 'typebox'
import type { FeedPosition } from './feed-event.ts'
import type { FeedFilterInput } from './feed-request.ts'

export const SUBSCRIPTION_STATES = ['active', 'paused'] as const
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number]

/** Somebody who is told of the ledger's events by webhooks, in order, each at least once. */
export interface Subscription {
  readonly id: number
  readonly url: string
  /** As it was asked for; empty: all events. */
  readonly filter: Static<typeof FeedFilterInput>
  /** `paused` by staff, or after the last of many attempts that failed. */
  readonly state: SubscriptionState
  /** Everything up to this place was delivered, or was not wanted. */
  readonly place: FeedPosition
  /** Events that were delivered. */
  readonly delivered: number
  /** Attempts that failed one after the other. */
  readonly attempts: number
  /** µs. While a delivery is under way, the time at which another process may take it over. */
  readonly nextAttemptAt: number
  /** Why the last attempt failed, as a word of ours; null when it went well. */
  readonly lastFault: string | null
  readonly createdAt: number
  readonly createdBy: string
}
