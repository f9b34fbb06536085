import { invariant } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { Value } from 'typebox/value'
import type { FeedPosition } from './feed-event.ts'
import { FeedFilterInput } from './feed-request.ts'
import { SUBSCRIPTION_STATES, type Subscription, type SubscriptionState } from './subscription.ts'

interface SubscriptionRow {
  readonly id: bigint
  readonly url: string
  readonly filter: string
  readonly state: string
  readonly batch: bigint
  readonly position: number
  readonly delivered: bigint
  readonly attempts: number
  readonly next_attempt_at: number
  readonly last_fault: string | null
  readonly created_at: number
  readonly created_by: string
}

function subscriptionOf(row: SubscriptionRow): Subscription {
  const state = SUBSCRIPTION_STATES.find((one) => one === row.state)
  const filter: unknown = JSON.parse(row.filter)
  invariant(state !== undefined && Value.Check(FeedFilterInput, filter), `the subscription ${row.id} cannot be read`)
  return {
    ...{ id: Number(row.id), url: row.url, filter, state },
    place: { batch: Number(row.batch), position: row.position },
    ...{ delivered: Number(row.delivered), attempts: row.attempts, nextAttemptAt: row.next_attempt_at },
    ...{ lastFault: row.last_fault, createdAt: row.created_at, createdBy: row.created_by },
  }
}

export type NewSubscription = Pick<Subscription, 'url' | 'filter' | 'place' | 'createdAt' | 'createdBy'>

export async function insertSubscription({ sql }: Tx, added: NewSubscription): Promise<Subscription> {
  const { url, filter, place, createdAt, createdBy } = added
  const [row] = await sql<SubscriptionRow[]>`
    insert into ledger_event_subscriptions (url, filter, state, batch, position, next_attempt_at, created_at, created_by)
    values (${url}, ${JSON.stringify(filter)}::text::jsonb, 'active', ${place.batch}, ${place.position}, ${createdAt}, ${createdAt},
      ${createdBy})
    returning id, url, filter::text as filter, state, batch, position, delivered, attempts, next_attempt_at, last_fault, created_at, created_by`
  invariant(row !== undefined, 'an inserted row is returned')
  return subscriptionOf(row)
}

/** By id, after one; up to limit + 1. */
export async function listSubscriptions(
  { sql }: ReadTx,
  after: number,
  limit: number,
): Promise<readonly Subscription[]> {
  const rows = await sql<SubscriptionRow[]>`
    select id, url, filter::text as filter, state, batch, position, delivered, attempts, next_attempt_at, last_fault, created_at, created_by
    from ledger_event_subscriptions where id > ${after} order by id limit ${limit + 1}`
  return rows.map(subscriptionOf)
}

export async function findSubscription(tx: ReadTx, id: number): Promise<Subscription | undefined> {
  const [found] = await listSubscriptions(tx, id - 1, 0)
  return found?.id === id ? found : undefined
}

/** Pauses it or lets it go on; what failed before is forgotten, and a delivery under way counts for nothing any more. */
export async function setSubscriptionState(tx: Tx, id: number, state: SubscriptionState, at: number): Promise<boolean> {
  const changed = await tx.sql`
    update ledger_event_subscriptions set state = ${state}, attempts = 0, next_attempt_at = ${at}
    where id = ${id} returning id`
  return changed.length === 1
}

export async function deleteSubscription(tx: Tx, id: number): Promise<boolean> {
  return (await tx.sql`delete from ledger_event_subscriptions where id = ${id} returning id`).length === 1
}

/**
 * Takes subscriptions that have something to be told, or a place that the journal does not have, and whose time has come, and puts their next attempt off to `leaseUntil`: should this
 * process die meanwhile, another one tries again then.
 */
export async function claimSubscriptions(
  { sql }: Tx,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<readonly Subscription[]> {
  const rows = await sql<SubscriptionRow[]>`
    with due as (
      select id from ledger_event_subscriptions
      where state = 'active' and next_attempt_at <= ${now} and batch <> (select number + 1 from ledger_head)
      order by next_attempt_at
      limit ${limit}
      for update skip locked
    )
    update ledger_event_subscriptions s set next_attempt_at = ${leaseUntil}
    from due where s.id = due.id
    returning s.id, s.url, s.filter::text as filter, s.state, s.batch, s.position, s.delivered, s.attempts, s.next_attempt_at, s.last_fault,
      s.created_at, s.created_by`
  return rows.map(subscriptionOf)
}

/** How an attempt ended; only while the subscription is still as it was claimed. */
export interface AttemptEnd {
  readonly state: SubscriptionState
  readonly place: FeedPosition
  readonly delivered: number
  readonly attempts: number
  readonly nextAttemptAt: number
  readonly lastFault: string | null
}

export async function endAttempt({ sql }: Tx, claimed: Subscription, end: AttemptEnd): Promise<void> {
  await sql`
    update ledger_event_subscriptions
    set state = ${end.state}, batch = ${end.place.batch}, position = ${end.place.position}, delivered = delivered + ${end.delivered},
      attempts = ${end.attempts}, next_attempt_at = ${end.nextAttemptAt}, last_fault = ${end.lastFault}
    where id = ${claimed.id} and state = 'active' and next_attempt_at = ${claimed.nextAttemptAt}`
}
