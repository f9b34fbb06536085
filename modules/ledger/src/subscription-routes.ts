import type { KeyObject } from 'node:crypto'
import { encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, PublicId, pageOf, Timestamp } from '@huitong/contract'
import { webhookPublicKey } from '@huitong/formats'
import { badField, type HttpApp, isPostable, notFound, reply } from '@huitong/http'
import { type Clock, isStorable, microsToIso, ok, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type, { type Static } from 'typebox'
import { parsePosition, positionText } from './feed-event.ts'
import { FeedEventBody, FeedFilterInput, FeedPlace, feedFilter } from './feed-request.ts'
import { FEED_TAGS } from './feed-routes.ts'
import { feedEnd, isFuturePlace } from './feed-store.ts'
import { afterCursor, ById, LEDGER_OPERATE, LEDGER_READ, readId } from './route-parts.ts'
import type { Subscription } from './subscription.ts'
import { SUBSCRIPTION_ID } from './subscription-delivery.ts'
import {
  deleteSubscription,
  findSubscription,
  insertSubscription,
  listSubscriptions,
  setSubscriptionState,
} from './subscription-store.ts'

const SubscriptionBody = Type.Object(
  {
    id: PublicId(SUBSCRIPTION_ID),
    url: Type.String(),
    filter: FeedFilterInput,
    state: Type.Union([Type.Literal('active'), Type.Literal('paused')]),
    place: Type.String({ description: 'Everything up to it was delivered, or was not wanted' }),
    delivered: Type.Integer({ description: 'Events that were delivered' }),
    attempts: Type.Integer({ description: 'That failed one after the other' }),
    nextAttemptAt: Timestamp,
    lastFault: Type.Union([Type.String(), Type.Null()]),
    createdAt: Timestamp,
    createdBy: Type.String(),
    publicKey: Type.String({ description: 'By which deliveries are checked: whpk_ and 32 bytes in base64' }),
  },
  { $id: 'LedgerEventSubscription' },
)

const DeliveryBody = Type.Object(
  {
    type: Type.Literal('ledger.events'),
    timestamp: Timestamp,
    data: Type.Object({
      subscription: PublicId(SUBSCRIPTION_ID),
      events: Type.Array(FeedEventBody),
      next: FeedPlace,
    }),
  },
  { $id: 'LedgerEventsDelivery' },
)

export interface SubscriptionRoutesOptions {
  readonly db: InstitutionDatabase
  readonly clock: Clock
  /** Ed25519: signs deliveries. */
  readonly key: KeyObject
}

const URL_MAX = 512

/** Who is told of the ledger's events by webhooks. */
export function registerSubscriptionRoutes(http: HttpApp, { db, clock, key }: SubscriptionRoutesOptions): void {
  const publicKey = webhookPublicKey(key)
  http.webhook({
    name: 'ledger.events',
    summary: 'Events of the ledger, in order, to whoever subscribed',
    description:
      'Signed as Standard Webhooks says, with Ed25519 (v1a) and the key of the subscription. Any 2xx acknowledges; else the same events come ' +
      'again, first after 5 seconds, then ever more rarely, and nothing after them before. What was acknowledged may come again after a crash: an ' +
      'event is known by its id.',
    tags: FEED_TAGS,
    body: DeliveryBody,
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/event-subscriptions',
    access: LEDGER_OPERATE,
    summary: 'Be told of events by webhooks',
    description: 'From now on unless `after` names a place of the journal.',
    tags: FEED_TAGS,
    schema: {
      body: Type.Object({
        url: Type.String({ maxLength: URL_MAX }),
        filter: Type.Optional(FeedFilterInput),
        after: Type.Optional(FeedPlace),
      }),
      response: { 201: SubscriptionBody },
    },
    handler: async ({ caller, body }) => {
      const { url, filter = {}, after } = body
      if (!isStorable(url) || !isPostable(url))
        return badField('url', 'url', 'must be an http or https address without a password')
      feedFilter(filter)
      const told = after === undefined ? undefined : parsePosition(after)
      if (told?.ok === false) return badField('after', told.error, 'is not a place in the journal')
      const place = told === undefined ? await db.read(feedEnd) : told.value
      if (await db.read((tx) => isFuturePlace(tx, place)))
        return badField('after', 'known_place', 'is beyond the end of the journal')
      const added = { url, filter, place, createdAt: clock.now(), createdBy: caller.id }
      const made = await db.transact(async (tx) => ok(await insertSubscription(tx, added)))
      return made.ok ? reply(subscriptionBody(made.value), { status: 201 }) : notFound('subscription')
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/ledger/event-subscriptions',
    access: LEDGER_READ,
    summary: 'Who is told of events, how far, and what went wrong',
    tags: FEED_TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(SubscriptionBody) } },
    handler: async ({ query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const rows = await db.read((tx) =>
        listSubscriptions(tx, afterCursor('event-subscriptions', query.cursor, 0), limit),
      )
      return reply(pageOf(rows, limit, subscriptionBody, (last) => encodeCursor('event-subscriptions', [last.id])))
    },
  })

  http.route({
    method: 'PUT',
    url: '/v1/ledger/event-subscriptions/:id/state',
    access: LEDGER_OPERATE,
    summary: 'Pause a subscription, or let it go on at once where it was',
    tags: FEED_TAGS,
    schema: {
      params: ById,
      body: Type.Object({ state: Type.Union([Type.Literal('active'), Type.Literal('paused')]) }),
      response: { 200: SubscriptionBody },
    },
    handler: async ({ params, body }) => {
      const id = readId(SUBSCRIPTION_ID, params.id, 'subscription')
      await db.transact(async (tx) => ok(await setSubscriptionState(tx, id, body.state, clock.now())))
      const found = await db.read((tx) => findSubscription(tx, id))
      return found === undefined ? notFound('subscription') : reply(subscriptionBody(found))
    },
  })

  http.route({
    method: 'DELETE',
    url: '/v1/ledger/event-subscriptions/:id',
    access: LEDGER_OPERATE,
    summary: 'End a subscription',
    tags: FEED_TAGS,
    schema: { params: ById, response: { 200: Type.Object({ id: PublicId(SUBSCRIPTION_ID) }) } },
    handler: async ({ params }) => {
      const id = readId(SUBSCRIPTION_ID, params.id, 'subscription')
      const ended = await db.transact(async (tx) => ok(await deleteSubscription(tx, id)))
      return ended.ok && ended.value ? reply({ id: publicId(SUBSCRIPTION_ID, id) }) : notFound('subscription')
    },
  })

  function subscriptionBody(of: Subscription): Static<typeof SubscriptionBody> {
    const { url, filter, state, delivered, attempts, lastFault, createdBy } = of
    return {
      id: publicId(SUBSCRIPTION_ID, of.id),
      ...{ url, filter, state, delivered, attempts, lastFault, createdBy, publicKey },
      place: positionText(of.place),
      nextAttemptAt: microsToIso(of.nextAttemptAt),
      createdAt: microsToIso(of.createdAt),
    }
  }
}
