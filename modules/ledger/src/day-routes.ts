import type { Committer } from '@huitong/committer'
import {
  Day,
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, outcomeToReply, reply } from '@huitong/http'
import { addDays, beijingDay, microsToIso } from '@huitong/kernel'
import Type from 'typebox'
import { type ClosedDay, stateOfDay } from './day.ts'
import { listDays } from './day-store.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { readDay } from './point-request.ts'
import type { ReadRoutes } from './read-routes.ts'
import { LEDGER_READ, LEDGER_TAGS } from './route-parts.ts'
import { readSettings } from './settings-store.ts'
import { readTie, tieLineText } from './tie-store.ts'

export interface DayRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const OPERATE = { callers: ['staff'], scope: 'ledger:operate' } as const

const DayBody = Type.Object(
  {
    day: Day,
    state: Type.String({ examples: ['closing', 'closed', 'final'] }),
    nextDay: Day,
    closedBatch: Type.Integer(),
    closedAt: Timestamp,
    closedBy: Type.Union([Type.String(), Type.Null()]),
    tiedBatch: Type.Union([Type.Integer(), Type.Null()]),
  },
  { $id: 'LedgerDay' },
)

/** Accounting days and the tie. */
export function registerDayRoutes(http: HttpApp, { reads, committer, commands }: DayRoutesOptions): void {
  reads.route({
    method: 'GET',
    url: '/v1/ledger/days',
    access: LEDGER_READ,
    summary: 'Closed accounting days, newest first',
    description: 'The open day is that of the head.',
    tags: LEDGER_TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(DayBody) } },
    handler: async ({ query }, { db }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const before = query.cursor === undefined ? null : dayOfCursor(query.cursor)
      const { days, finalThrough } = await db.read(async (tx) => ({
        days: await listDays(tx, before, limit + 1),
        finalThrough: (await readSettings(tx)).finalThrough,
      }))
      return reply(
        pageOf(
          days,
          limit,
          (day) => dayBody(day, finalThrough),
          (last) => encodeCursor('days', [last.day]),
        ),
      )
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/days/close',
    access: OPERATE,
    summary: 'Close the open accounting day',
    description: 'The next day is the one after it unless told. Traffic goes on.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({ next: Type.Optional(Day) }),
      response: { 200: Type.Object({ next: Day, batch: Type.Integer() }) },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const { accountingDay, at } = committer.status()
      const open = readDay('accountingDay', accountingDay)
      const next = body.next === undefined ? undefined : readDay('next', body.next)
      const today = beijingDay(at)
      // Days never go back, so a slip of the finger would be for good.
      if (next !== undefined && next > addDays(today > open ? today : open, 1)) {
        return badField('next', 'too_far', 'is more than a day ahead')
      }
      const outcome = await committer.submit({
        kind: commands.closeDay,
        input: { ...(next === undefined ? {} : { next }), by: caller.id },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      const batch = outcome.status === 'done' ? outcome.batch : 0
      return outcomeToReply(outcome, { done: (answer) => ({ next: answer.next, batch }), refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/days/finalize',
    access: OPERATE,
    summary: 'End back-dating into a closed day and all before it, for good',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { body: Type.Object({ through: Day }), response: { 200: Type.Object({ through: Day }) } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: commands.finalizeDays,
        input: { through: readDay('through', body.through), by: caller.id },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: (answer) => ({ through: answer.through }), refused })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/tie',
    access: LEDGER_READ,
    summary: 'Whether accounts add up to their subjects, as of the last batch',
    tags: LEDGER_TAGS,
    schema: {
      response: {
        200: Type.Object({
          batch: Type.Integer(),
          subjects: Type.Integer(),
          tied: Type.Boolean(),
          differences: Type.Array(Type.String()),
        }),
      },
    },
    handler: async (_request, { db }) => {
      const { batch, lines, differences } = await db.read(readTie)
      const tied = differences.length === 0
      return reply({ batch, subjects: lines.length, tied, differences: differences.map(tieLineText) })
    },
  })
}

function dayBody(day: ClosedDay, finalThrough: string | null) {
  const { nextDay, closedBatch, closedAt, closedBy, tiedBatch } = day
  const state = stateOfDay(day, finalThrough)
  return { day: day.day, state, nextDay, closedBatch, closedAt: microsToIso(closedAt), closedBy, tiedBatch }
}

function dayOfCursor(cursor: string): string {
  const decoded = decodeCursor('days', ['string'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return readDay('cursor', String(decoded.value[0]))
}
