import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import Type from 'typebox'
import {
  positionBody,
  SettledBody,
  settledBody,
  WindowBody,
  WindowWithPositionsBody,
  windowBody,
} from './clearing-views.ts'
import {
  CLEARING_OPERATE,
  CLEARING_READ,
  CLEARING_TAGS,
  type ClearingRouteParts,
  clearingRefusal,
} from './route-parts.ts'

const LIST = 'clearing windows'
const ByNumber = Type.Object({ window: Type.Integer({ minimum: 1 }) })

/** Netting windows and what each participant has in them. */
export function addWindowRoutes(http: HttpApp, { committer, clearing, queries }: ClearingRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/clearing/windows',
    access: CLEARING_READ,
    summary: 'Netting windows, newest first',
    tags: CLEARING_TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(WindowBody) } },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = query
      const rows = await queries.windows(cursor === undefined ? null : numberOf(cursor), limit)
      return reply(pageOf(rows, limit, windowBody, ({ number }) => encodeCursor(LIST, [number])))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/clearing/windows/:window',
    access: CLEARING_READ,
    summary: 'One netting window, with the net position of each participant',
    tags: CLEARING_TAGS,
    schema: { params: ByNumber, response: { 200: WindowWithPositionsBody } },
    handler: async ({ params }) => {
      const found = await queries.window(params.window)
      if (found === undefined) return notFound('window')
      return reply({ ...windowBody(found), positions: (await queries.positions(found.number)).map(positionBody) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/clearing/windows/:window/settle',
    access: CLEARING_OPERATE,
    summary: 'Settle the open window now; the next one opens',
    description: 'Windows settle by themselves on each half hour, when something counts in them.',
    tags: CLEARING_TAGS,
    idempotent: true,
    schema: {
      params: ByNumber,
      body: Type.Object({}),
      response: { 200: SettledBody },
    },
    handler: async ({ caller, params, idempotencyKey }) => {
      const idempotency = { caller: caller.id, key: idempotencyKey }
      const outcome = await committer.submit({ kind: clearing.settleWindow, input: params, idempotency })
      return outcomeToReply(outcome, { done: settledBody, refused: clearingRefusal })
    },
  })
}

function numberOf(cursor: string): number {
  const decoded = decodeCursor(LIST, ['number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return Number(decoded.value[0])
}
