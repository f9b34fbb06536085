import {
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, reply } from '@huitong/http'
import { microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type, { type Static } from 'typebox'
import { NOTIFICATION_STATES, type Notification } from './notification-state.ts'
import { type NotificationFilter, selectNotifications } from './notification-store.ts'

const NotificationBody = Type.Object(
  {
    notifyId: Type.String(),
    trade: Type.Union([PublicId('trade'), Type.Null()]),
    authorisation: Type.Union([PublicId('auth'), Type.Null()]),
    application: Type.String(),
    url: Type.String(),
    state: Type.Enum([...NOTIFICATION_STATES]),
    attempts: Type.Integer(),
    nextAttemptAt: Type.Union([Timestamp, Type.Null()]),
    lastFault: Type.Union([Type.String(), Type.Null()]),
    createdAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'Notification' },
)

/** Staff's view of what merchants were told, above all of what could not be delivered. */
export function addNotificationRoutes(http: HttpApp, { db }: { readonly db: InstitutionDatabase }): void {
  http.route({
    method: 'GET',
    url: '/v1/payments/notifications',
    access: { callers: ['staff'], scope: 'payments:read' },
    summary: 'Notifications to merchants, the newest first',
    tags: ['Payments'],
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        state: Type.Optional(Type.Enum([...NOTIFICATION_STATES])),
        trade: Type.Optional(Type.String({ maxLength: 40 })),
      }),
      response: { 200: Page(NotificationBody) },
    },
    handler: async ({ query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const filter: NotificationFilter = {
        limit,
        ...(query.state === undefined ? {} : { state: query.state }),
        ...(query.trade === undefined ? {} : { trade: readTrade(query.trade) }),
        ...(query.cursor === undefined ? {} : { before: readCursor(query.cursor) }),
      }
      const rows = await db.read((tx) => selectNotifications(tx, filter))
      return reply(pageOf(rows, limit, notificationBody, (last) => encodeCursor(LIST, [last.createdAt, last.notifyId])))
    },
  })
}

const LIST = 'notifications'

function readCursor(text: string): { readonly createdAt: number; readonly notifyId: string } {
  const read = decodeCursor(LIST, ['number', 'string'], text)
  const [createdAt, notifyId] = read.ok ? read.value : []
  if (typeof createdAt === 'number' && typeof notifyId === 'string') return { createdAt, notifyId }
  throw badField('cursor', 'malformed_cursor', 'is not the nextCursor of a page of this list')
}

function readTrade(text: string): number {
  const id = parsePublicId('trade', text)
  if (id.ok) return id.value
  throw badField('trade', id.error, 'is not the id of a trade')
}

function notificationBody(notification: Notification): Static<typeof NotificationBody> {
  const { notifyId, application, url, state, attempts, lastFault } = notification
  return {
    ...{ notifyId, application, url, state, attempts, lastFault },
    trade: idOrNull('trade', notification.trade),
    authorisation: idOrNull('auth', notification.authorisation),
    nextAttemptAt: isoOrNull(notification.nextAttemptAt),
    createdAt: microsToIso(notification.createdAt),
    endedAt: isoOrNull(notification.endedAt),
  }
}

function idOrNull(prefix: string, id: number | null): string | null {
  return id === null ? null : publicId(prefix, id)
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : microsToIso(at)
}
