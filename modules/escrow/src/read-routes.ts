import {
  type Caller,
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, reply } from '@huitong/http'
import { CUSTOMER_ID, customerOf, MERCHANT_ID, merchantOf, readId } from '@huitong/payments'
import Type from 'typebox'
import {
  EscrowBody,
  EscrowSummaryBody,
  EvidenceBody,
  escrowBody,
  escrowSummaryBody,
  evidenceBody,
  StepBody,
  stepBody,
} from './escrow-bodies.ts'
import type { EscrowFilter } from './escrow-read-store.ts'
import { ESCROW_STATES } from './escrow-trade.ts'
import { escrowView } from './escrow-views.ts'
import { ByDispute, ByTrade, type EscrowRouteParts, maySee, READ, TAGS, tradeId, viewerOf } from './route-parts.ts'

const NOUN = 'escrow trade'
const LIST = 'escrow-trades'

export function addEscrowReadRoutes(http: HttpApp, { queries }: EscrowRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/escrow-trades',
    access: READ,
    summary: 'Escrow trades, newest first: one’s own, or any for staff',
    tags: TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        state: Type.Optional(Type.Enum([...ESCROW_STATES])),
        disputed: Type.Optional(Type.Boolean({ description: 'Only those with money frozen by a dispute' })),
        merchant: Type.Optional(Type.String({ maxLength: 40, description: 'For staff' })),
        customer: Type.Optional(Type.String({ maxLength: 40, description: 'For staff' })),
      }),
      response: { 200: Page(EscrowSummaryBody) },
    },
    handler: async ({ caller, query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const { state, disputed } = query
      const trades = await queries.trades({
        limit,
        ...ownPart(caller, query),
        ...(state === undefined ? {} : { state }),
        ...(disputed === undefined ? {} : { disputed }),
        ...readCursor(query.cursor),
      })
      const cursor = (last: { readonly createdAt: number; readonly id: number }) =>
        encodeCursor(LIST, [last.createdAt, last.id])
      return reply(pageOf(trades, limit, escrowSummaryBody, cursor))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/escrow-trades/:id',
    access: READ,
    summary: 'One escrow trade with its shipments and disputes',
    tags: TAGS,
    schema: { params: ByTrade, response: { 200: EscrowBody } },
    handler: async ({ caller, params }) => {
      const found = await queries.escrow(tradeId(params))
      if (found === undefined || !maySee(caller, found.trade)) return notFound(NOUN)
      return reply(escrowBody(escrowView(found), viewerOf(caller)))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/escrow-trades/:id/steps',
    access: READ,
    summary: 'Everything that happened to an escrow trade, oldest first',
    tags: TAGS,
    schema: { params: ByTrade, response: { 200: Type.Object({ items: Type.Array(StepBody) }) } },
    handler: async ({ caller, params }) => {
      const found = await queries.escrow(tradeId(params))
      if (found === undefined || !maySee(caller, found.trade)) return notFound(NOUN)
      const steps = await queries.steps(found.trade.id)
      const viewer = viewerOf(caller)
      return reply({ items: steps.map((step) => stepBody(step, found.trade.currency, viewer)) })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/escrow-trades/:id/disputes/:dispute/evidence',
    access: READ,
    summary: 'What both sides said and showed in a dispute, oldest first',
    tags: TAGS,
    schema: { params: ByDispute, response: { 200: Type.Object({ items: Type.Array(EvidenceBody) }) } },
    handler: async ({ caller, params }) => {
      const found = await queries.escrow(tradeId(params))
      if (found === undefined || !maySee(caller, found.trade)) return notFound(NOUN)
      const evidence = await queries.evidence(found.trade.id, params.dispute)
      return reply({ items: evidence.map(evidenceBody) })
    },
  })
}

function readCursor(cursor: string | undefined): Pick<EscrowFilter, 'after'> {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(LIST, ['number', 'number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  const [createdAt, id] = decoded.value.map(Number)
  return { after: { createdAt: createdAt ?? 0, id: id ?? 0 } }
}

/** Merchants and customers get their own, whatever else they ask for; to ask for somebody else's finds nothing for them. */
function ownPart(
  caller: Caller,
  asked: { readonly merchant?: string; readonly customer?: string },
): Pick<EscrowFilter, 'merchant' | 'buyer'> {
  const merchant = asked.merchant === undefined ? undefined : readId(MERCHANT_ID, asked.merchant, 'merchant')
  const buyer = asked.customer === undefined ? undefined : readId(CUSTOMER_ID, asked.customer, 'customer')
  if (caller.kind === 'merchant') {
    const own = merchantOf(caller)
    if (merchant !== undefined && merchant !== own) throw notFound('merchant')
    return { merchant: own, ...(buyer === undefined ? {} : { buyer }) }
  }
  if (caller.kind === 'customer') {
    const own = customerOf(caller)
    if (buyer !== undefined && buyer !== own) throw notFound('customer')
    return { buyer: own, ...(merchant === undefined ? {} : { merchant }) }
  }
  return { ...(merchant === undefined ? {} : { merchant }), ...(buyer === undefined ? {} : { buyer }) }
}
