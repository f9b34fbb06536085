/** The form fields of a notification as the merchant gets them, without signature. */
export type NotificationFields = Readonly<Record<string, string>>

export const NOTIFICATION_STATES = ['waiting', 'acknowledged', 'dead'] as const
export type NotificationState = (typeof NOTIFICATION_STATES)[number]

/**
 * What one merchant is told of one event of a trade or an authorisation. It waits until the merchant acknowledges it, or is dead after the last
 * attempt; merchants whose notifications died still learn everything by query.
 */
export interface Notification {
  /** 32 hexadecimal digits; the same on all deliveries, so that merchants recognise a repeat. */
  readonly notifyId: string
  /** What it is of: a trade, or an authorisation. */
  readonly trade: number | null
  readonly authorisation: number | null
  readonly application: string
  readonly url: string
  readonly fields: NotificationFields
  readonly state: NotificationState
  /** Deliveries that were tried and came to an end. */
  readonly attempts: number
  /** µs; null when there is no next attempt. */
  readonly nextAttemptAt: number | null
  /** What was wrong with the last attempt, as a word of ours; nothing that the merchant's server said. */
  readonly lastFault: string | null
  readonly createdAt: number
  readonly endedAt: number | null
}
