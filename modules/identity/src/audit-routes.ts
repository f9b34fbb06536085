import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, reply } from '@huitong/http'
import { isoToMicros, microsToIso } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { Identity } from './identity.ts'
import { STAFF_ACTION_KINDS, type StaffAction } from './staff-action.ts'

const ActionBody = Type.Object(
  {
    id: Type.Integer(),
    at: Timestamp,
    staff: Type.String({ examples: ['staff:1'] }),
    kind: Type.Enum([...STAFF_ACTION_KINDS]),
    method: Type.String(),
    route: Type.String({ examples: ['/v1/customers/:id'] }),
    path: Type.String(),
    object: Type.Union([Type.String(), Type.Null()], { description: 'The public id that the address names' }),
    status: Type.Union([Type.Integer(), Type.Null()], { description: 'Null when no answer was given' }),
    address: Type.String(),
    requestId: Type.String(),
  },
  { $id: 'StaffAction' },
)

/** What staff did and looked at. Reading it is on record as well. */
export function addAuditRoutes(http: HttpApp, identity: Identity): void {
  http.route({
    method: 'GET',
    url: '/v1/audit',
    access: { callers: ['staff'], scope: 'identity:read' },
    summary: 'What staff changed, and which data of people they read: newest first',
    description:
      'Each row was written before its deed. `status` is that of the answer, so refused attempts are there too.',
    tags: ['Identity'],
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        staff: Type.Optional(Type.String({ pattern: '^staff:[1-9][0-9]{0,14}$' })),
        object: Type.Optional(Type.String({ maxLength: 40, examples: ['cust_00000000300r'] })),
        kind: Type.Optional(Type.Enum([...STAFF_ACTION_KINDS])),
        from: Type.Optional(Timestamp),
      }),
      response: { 200: Page(ActionBody) },
    },
    handler: async ({ query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const filter = {
        staffId: query.staff === undefined ? null : Number(query.staff.slice('staff:'.length)),
        ...{ object: query.object ?? null, kind: query.kind ?? null },
        from: query.from === undefined ? null : readTime(query.from),
        before: query.cursor === undefined ? null : readCursor(query.cursor),
      }
      const found = await identity.listStaffActions(filter, limit + 1)
      return reply(pageOf(found, limit, actionBody, ({ id }) => encodeCursor('audit', [id])))
    },
  })
}

function actionBody({ at, staffId, sessionId: _, ...rest }: StaffAction): Static<typeof ActionBody> {
  return { ...rest, at: microsToIso(at), staff: `staff:${staffId}` }
}

function readTime(text: string): number {
  const time = isoToMicros(text)
  if (!time.ok) throw badField('from', time.error, 'is not a time')
  return time.value
}

function readCursor(text: string): number {
  const values = decodeCursor('audit', ['number'], text)
  const [id] = values.ok ? values.value : []
  if (typeof id !== 'number') throw badField('cursor', 'malformed_cursor', 'is not a cursor of this list')
  return id
}
