import { ALIPAY_FORM_TYPE, isAcknowledged, notificationDelays, signedAlipayForm } from '@huitong/formats'
import { type PostOutcome, postText } from '@huitong/http'
import { MICROS_PER_SECOND, type Micros, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Notification } from './notification-state.ts'
import { claimDueNotifications, updateNotification } from './notification-store.ts'

export interface DeliveryDeps {
  readonly db: InstitutionDatabase
  /** The platform's signature, SHA256 with RSA, as base64. */
  readonly sign: (text: string) => Promise<string>
  readonly allowPrivateTargets: boolean
  /** How long a merchant may take to acknowledge; 5 s unless told. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 5000
const LEASE: Micros = 60 * MICROS_PER_SECOND
const AT_ONCE_MAX = 64

/** Tries to deliver what is due at `now` (µs), all at once and at most `limit`; resolves to how many were tried. */
export async function deliverDue(deps: DeliveryDeps, now: Micros, limit = AT_ONCE_MAX): Promise<number> {
  const due = await claimDue(deps, now, limit)
  await Promise.all(due.map((notification) => deliver(deps, notification, now)))
  return due.length
}

/** Takes what is due; whoever takes it delivers it. */
export async function claimDue(deps: DeliveryDeps, now: Micros, limit: number): Promise<readonly Notification[]> {
  const claimed = await deps.db.transact(async (tx) => ok(await claimDueNotifications(tx, now, now + LEASE, limit)))
  return claimed.ok ? claimed.value : []
}

/** One delivery and what comes of it. The call is made outside any transaction. */
export async function deliver(deps: DeliveryDeps, notification: Notification, now: Micros): Promise<void> {
  const form = await signedAlipayForm(notification.fields, 'RSA2', deps.sign)
  const content = { contentType: ALIPAY_FORM_TYPE, body: form }
  const outcome = await postText(notification.url, content, {
    timeoutMs: deps.timeoutMs ?? TIMEOUT_MS,
    allowPrivateTargets: deps.allowPrivateTargets,
  })
  await deps.db.transact(async (tx) => ok(await updateNotification(tx, afterAttempt(notification, outcome, now))))
}

/** Acknowledged, or waiting for the next attempt, or dead after the last: 4, 10, 10 minutes, 1, 2, 6, 15 hours apart. */
function afterAttempt(before: Notification, outcome: PostOutcome, now: Micros): Notification {
  const attempts = before.attempts + 1
  const fault = faultOf(outcome)
  if (fault === null) {
    return { ...before, state: 'acknowledged', attempts, nextAttemptAt: null, lastFault: null, endedAt: now }
  }
  const delay = notificationDelays[before.attempts]
  if (delay === undefined) {
    return { ...before, state: 'dead', attempts, nextAttemptAt: null, lastFault: fault, endedAt: now }
  }
  return { ...before, attempts, nextAttemptAt: now + delay, lastFault: fault }
}

function faultOf(outcome: PostOutcome): string | null {
  if (!outcome.answered) return outcome.fault
  if (isAcknowledged(outcome.status, outcome.body)) return null
  return outcome.status === 200 ? 'not_acknowledged' : `status_${outcome.status}`
}
