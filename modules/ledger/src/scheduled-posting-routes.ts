import type { Committer } from '@huitong/committer'
import { encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, PublicId, pageOf, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { isoToMicros, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { PostingRequest, readPostingLegs } from './posting-request.ts'
import type { ReadRoutes } from './read-routes.ts'
import { afterCursor, ById, LEDGER_POST, LEDGER_READ, LEDGER_TAGS, readId } from './route-parts.ts'
import { isScheduledState, SCHEDULED_ID, SCHEDULED_STATES } from './scheduled-posting.ts'
import { readScheduledBody, scheduledBodies } from './scheduled-posting-read.ts'
import { ScheduledBody } from './scheduled-posting-views.ts'

export interface ScheduledPostingRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const ScheduleRequest = Type.Object({
  dueAt: Timestamp,
  legs: PostingRequest.properties.legs,
})
const Scheduled = Type.Object({ id: PublicId(SCHEDULED_ID) })

/** Postings that are asked for now and decided at a later time. */
export function registerScheduledPostingRoutes(
  http: HttpApp,
  { reads, committer, commands }: ScheduledPostingRoutesOptions,
): void {
  http.route({
    method: 'POST',
    url: '/v1/ledger/scheduled-postings',
    access: LEDGER_POST,
    summary: 'Schedule a posting: it is decided at its time, on what the accounts have then',
    description:
      "Nothing is promised until then. What can never be posted is refused at once. On the institution's own accounts only.",
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { body: ScheduleRequest, response: { 201: Scheduled } },
    handler: ({ caller, body, idempotencyKey }) => schedule(body, true, { caller: caller.id, key: idempotencyKey }),
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/approved-scheduled-postings',
    access: { ...LEDGER_POST, fourEyes: true },
    summary:
      'Schedule a posting on any account, those of customers and merchants too, with the approval of a second person',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { body: ScheduleRequest, response: { 201: Scheduled } },
    handler: ({ caller, body, idempotencyKey }) => schedule(body, false, { caller: caller.id, key: idempotencyKey }),
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/scheduled-postings/:id/cancel',
    access: LEDGER_POST,
    summary: 'Cancel a scheduled posting that has not been decided yet',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { params: ById, body: Type.Object({}), response: { 200: Scheduled } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: commands.cancelScheduled,
        input: { scheduled: readId(SCHEDULED_ID, params.id, 'scheduled posting'), by: caller.id },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: scheduledId, refused })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/scheduled-postings/:id',
    access: LEDGER_READ,
    summary: 'One scheduled posting, and what became of it',
    tags: LEDGER_TAGS,
    schema: { params: ById, response: { 200: ScheduledBody } },
    handler: async ({ params }, { db }) => {
      const id = readId(SCHEDULED_ID, params.id, 'scheduled posting')
      const body = await db.read((tx) => readScheduledBody(tx, id))
      return body === undefined ? notFound('scheduled posting') : reply(body)
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/scheduled-postings',
    access: LEDGER_READ,
    summary: 'Scheduled postings, by id; all, or those in one state',
    tags: LEDGER_TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        state: Type.Optional(Type.String({ maxLength: 16, examples: Object.keys(SCHEDULED_STATES) })),
      }),
      response: { 200: Page(ScheduledBody) },
    },
    handler: async ({ query }, { db }) => {
      const { state } = query
      if (state !== undefined && !isScheduledState(state)) {
        return badField('state', 'known_state', `must be one of ${Object.keys(SCHEDULED_STATES).join(', ')}`)
      }
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      // A cursor of one state is none of another: ids of the two are mixed.
      const list = `scheduled ${state ?? ''}`
      const after = afterCursor(list, query.cursor, 0)
      const rows = await db.read((tx) => scheduledBodies(tx, state, after, limit))
      const cursorOf = (last: { readonly id: string }) =>
        encodeCursor(list, [readId(SCHEDULED_ID, last.id, 'scheduled posting')])
      return reply(pageOf(rows, limit, (row) => row, cursorOf))
    },
  })

  async function schedule(
    body: Static<typeof ScheduleRequest>,
    raw: boolean,
    idempotency: { readonly caller: string; readonly key: string },
  ) {
    const dueAt = isoToMicros(body.dueAt)
    if (!dueAt.ok) return badField('dueAt', dueAt.error, 'is not a time')
    const legs = readPostingLegs(body)
    const input = { dueAt: dueAt.value, legs, raw }
    const outcome = await committer.submit({ kind: commands.schedulePosting, input, idempotency })
    return outcomeToReply(outcome, { status: 201, done: scheduledId, refused })
  }
}

function scheduledId({ scheduled }: { readonly scheduled: number }) {
  return { id: publicId(SCHEDULED_ID, scheduled) }
}
