import { invariant } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import {
  NOTIFICATION_STATES,
  type Notification,
  type NotificationFields,
  type NotificationState,
} from './notification-state.ts'
import { optionalNumber, storedOneOf } from './stored.ts'

interface NotificationRow {
  readonly notify_id: string
  readonly trade_id: bigint | null
  readonly authorisation_id: bigint | null
  readonly application: string
  readonly url: string
  readonly fields: unknown
  readonly state: string
  readonly attempts: number
  readonly next_attempt_at: number | null
  readonly last_fault: string | null
  readonly created_at: number
  readonly ended_at: number | null
}

function notificationOf(row: NotificationRow): Notification {
  return {
    notifyId: row.notify_id,
    trade: optionalNumber(row.trade_id),
    authorisation: optionalNumber(row.authorisation_id),
    application: row.application,
    url: row.url,
    fields: storedFields(row.fields),
    state: storedOneOf(NOTIFICATION_STATES, row.state),
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    lastFault: row.last_fault,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

function storedFields(value: unknown): NotificationFields {
  invariant(typeof value === 'object' && value !== null, 'the fields of a notification are an object')
  const fields: Record<string, string> = {}
  for (const [name, field] of Object.entries(value)) {
    invariant(typeof field === 'string', 'a field of a notification is text')
    fields[name] = field
  }
  return fields
}

export async function insertNotification(tx: Tx, added: Notification): Promise<void> {
  await tx.sql`
    insert into payments_notifications (notify_id, trade_id, authorisation_id, application, url, fields, state, attempts, next_attempt_at,
      last_fault, created_at, ended_at)
    values (${added.notifyId}, ${added.trade}, ${added.authorisation}, ${added.application}, ${added.url},
      ${JSON.stringify(added.fields)}::text::jsonb, ${added.state}, ${added.attempts}, ${added.nextAttemptAt}::timestamptz,
      ${added.lastFault}, ${added.createdAt}::timestamptz, ${added.endedAt}::timestamptz)`
}

/**
 * Takes notifications whose time has come, oldest first, and puts their next attempt off to `leaseUntil`: should this process die
 * while it delivers, another one tries again then. Those that another process takes right now are left to it.
 */
export async function claimDueNotifications(
  tx: Tx,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<readonly Notification[]> {
  const rows = await tx.sql<NotificationRow[]>`
    with due as (
      select notify_id from payments_notifications
      where state = 'waiting' and next_attempt_at <= ${now}
      order by next_attempt_at
      limit ${limit}
      for update skip locked
    )
    update payments_notifications n set next_attempt_at = ${leaseUntil}
    from due where n.notify_id = due.notify_id
    returning n.notify_id, n.trade_id, n.authorisation_id, n.application, n.url, n.fields, n.state, n.attempts, n.next_attempt_at, n.last_fault,
      n.created_at, n.ended_at`
  return rows.map(notificationOf)
}

/** Keeps what an attempt came to. One that was ended meanwhile stays as it is. */
export async function updateNotification(tx: Tx, after: Notification): Promise<void> {
  await tx.sql`
    update payments_notifications
    set state = ${after.state}, attempts = ${after.attempts}, next_attempt_at = ${after.nextAttemptAt}::timestamptz,
      last_fault = ${after.lastFault}, ended_at = ${after.endedAt}::timestamptz
    where notify_id = ${after.notifyId} and state = 'waiting'`
}

export interface NotificationFilter {
  readonly state?: NotificationState
  readonly trade?: number
  /** Only older ones than this. */
  readonly before?: { readonly createdAt: number; readonly notifyId: string }
  readonly limit: number
}

// Above every row, so that the first page is asked for in the same words as the others.
const NEWEST = { createdAt: 9_000_000_000_000_000, notifyId: '' }

/** The newest first, up to limit + 1. */
export async function selectNotifications(tx: ReadTx, filter: NotificationFilter): Promise<readonly Notification[]> {
  const { sql } = tx
  const ofState = filter.state === undefined ? sql`true` : sql`state = ${filter.state}`
  const ofTrade = filter.trade === undefined ? sql`true` : sql`trade_id = ${filter.trade}`
  const { createdAt, notifyId } = filter.before ?? NEWEST
  const rows = await sql<NotificationRow[]>`
    select notify_id, trade_id, authorisation_id, application, url, fields, state, attempts, next_attempt_at, last_fault, created_at, ended_at
    from payments_notifications
    where ${ofState} and ${ofTrade} and (created_at, notify_id) < (${createdAt}::timestamptz, ${notifyId}::text)
    order by created_at desc, notify_id desc
    limit ${filter.limit + 1}`
  return rows.map(notificationOf)
}
