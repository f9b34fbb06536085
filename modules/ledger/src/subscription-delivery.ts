import type { KeyObject } from 'node:crypto'
import { webhookHeaders } from '@huitong/formats'
import { type PostOutcome, postText } from '@huitong/http'
import { type Clock, MICROS_PER_SECOND, type Micros, microsToIso, ok, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { ArchivedEntries } from './archived.ts'
import { type FeedEvent, type FeedPage, readFeed } from './feed.ts'
import { type FeedPosition, isBefore, positionText } from './feed-event.ts'
import { feedFilter } from './feed-request.ts'
import { feedEnd } from './feed-store.ts'
import type { Subscription } from './subscription.ts'
import { type AttemptEnd, claimSubscriptions, endAttempt } from './subscription-store.ts'

export interface SubscriptionDeliveryOptions {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  /** Ed25519: signs every delivery. */
  readonly key: KeyObject
  /** Also calls loopback and private networks: for tests, the demo, and receivers in the same house. */
  readonly allowPrivateTargets: boolean
  /** 10 s unless told. */
  readonly timeoutMs?: number
}

export const SUBSCRIPTION_ID = 'esub'
const TIMEOUT_MS = 10_000
const LEASE: Micros = 60 * MICROS_PER_SECOND
const AT_ONCE_MAX = 16
/** Events of one delivery at most. */
const PAGE = 100
/** 5 s, doubling to an hour; the last attempt is about two days after the first. */
const FIRST_PAUSE: Micros = 5 * MICROS_PER_SECOND
const PAUSE_MAX: Micros = 3600 * MICROS_PER_SECOND
const ATTEMPTS_MAX = 56

/** Tells subscribers what they wait for at `now` (µs), each one page; resolves to how many had something to look at. */
export async function deliverToSubscribers(options: SubscriptionDeliveryOptions): Promise<number> {
  const now = options.clock.now()
  const claimed = await options.db.transact(async (tx) =>
    ok(await claimSubscriptions(tx, now, now + LEASE, AT_ONCE_MAX)),
  )
  const due = claimed.ok ? claimed.value : []
  await Promise.all(due.map((subscription) => deliverPage(options, subscription)))
  return due.length
}

/** The call is made outside any transaction; the place moves after it, so a crash between the two tells again. */
async function deliverPage(options: SubscriptionDeliveryOptions, subscription: Subscription): Promise<void> {
  const { db, clock } = options
  const end = await attempt(options, subscription).catch((error: unknown): AttemptEnd => {
    if (!(error instanceof ArchivedEntries)) throw error
    // Nobody but staff can bring an archive back, or let the subscriber begin later.
    return { ...failed(subscription, 'archived', clock.now()), state: 'paused' }
  })
  await db.transact(async (tx) => ok(await endAttempt(tx, subscription, end)))
}

async function attempt(options: SubscriptionDeliveryOptions, subscription: Subscription): Promise<AttemptEnd> {
  const { db, clock } = options
  // Read before the page, whose snapshot is later: what was committed by then is behind the page when that is at the end.
  const end = await db.read(feedEnd)
  // Of a journal that was restored to an earlier time: what it would be told next is not what it missed.
  if (isBefore(end, subscription.place))
    return { ...failed(subscription, 'place_unknown', clock.now()), state: 'paused' }
  const page = await readFeed(db, subscription.place, feedFilter(subscription.filter), PAGE)
  const place = page.atEnd && isBefore(page.next, end) ? end : page.next
  if (page.events.length === 0) return { ...subscription, place, delivered: 0, nextAttemptAt: clock.now() }
  const fault = faultOf(await post(options, subscription, page))
  if (fault !== null) return failed(subscription, fault, clock.now())
  return {
    ...{ state: 'active', place, delivered: page.events.length, attempts: 0 },
    ...{ nextAttemptAt: clock.now(), lastFault: null },
  }
}

function failed({ place, attempts: before }: Subscription, lastFault: string, now: Micros): AttemptEnd {
  const attempts = before + 1
  const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(before, 20), PAUSE_MAX)
  const state = attempts >= ATTEMPTS_MAX ? 'paused' : 'active'
  return { state, place, delivered: 0, attempts, nextAttemptAt: now + pause, lastFault }
}

function post(options: SubscriptionDeliveryOptions, subscription: Subscription, page: FeedPage): Promise<PostOutcome> {
  const { clock, key, allowPrivateTargets, timeoutMs = TIMEOUT_MS } = options
  const now = clock.now()
  const body = deliveryText(subscription.id, page, now)
  const message = {
    id: messageId(subscription.id, page.events, page.next),
    timestamp: Math.floor(now / MICROS_PER_SECOND),
    body,
  }
  const content = { contentType: 'application/json', headers: webhookHeaders(message, key), body }
  return postText(subscription.url, content, { timeoutMs, allowPrivateTargets })
}

/** Told again with the same events it has the same id. */
function messageId(subscription: number, events: readonly FeedEvent[], next: FeedPosition): string {
  return `${publicId(SUBSCRIPTION_ID, subscription)}_${events[0]?.id ?? ''}_${events.at(-1)?.id ?? positionText(next)}`
}

function deliveryText(subscription: number, { events, next }: FeedPage, now: Micros): string {
  return JSON.stringify({
    type: 'ledger.events',
    timestamp: microsToIso(now),
    data: { subscription: publicId(SUBSCRIPTION_ID, subscription), events, next: positionText(next) },
  })
}

function faultOf(outcome: PostOutcome): string | null {
  if (!outcome.answered) return outcome.fault
  return outcome.status >= 200 && outcome.status < 300 ? null : `status_${outcome.status}`
}
