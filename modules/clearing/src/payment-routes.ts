import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { badField, type HttpApp, notFound, reply } from '@huitong/http'
import Type from 'typebox'
import { Member, PaymentBody, paymentBody } from './clearing-views.ts'
import { PAYMENT_STATES, SETTLEMENT_MODES } from './payment.ts'
import { CLEARING_READ, CLEARING_TAGS, type ClearingRouteParts } from './route-parts.ts'

const LIST = 'clearing payments'

/** What passed through the switch. */
export function addPaymentRoutes(http: HttpApp, { queries }: ClearingRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/clearing/payments',
    access: CLEARING_READ,
    summary: 'Payments, newest first; all, or those of a participant, state, mode or window',
    tags: CLEARING_TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        payer: Type.Optional(Member),
        payee: Type.Optional(Member),
        state: Type.Optional(Type.Enum([...PAYMENT_STATES])),
        mode: Type.Optional(Type.Enum([...SETTLEMENT_MODES])),
        window: Type.Optional(Type.Integer({ minimum: 1 })),
      }),
      response: { 200: Page(PaymentBody) },
    },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor, ...filter } = query
      const after = cursor === undefined ? {} : { after: lastOf(cursor) }
      const rows = await queries.payments({ ...filter, ...after, limit })
      return reply(
        pageOf(rows, limit, paymentBody, ({ receivedAt, reference }) => encodeCursor(LIST, [receivedAt, reference])),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/clearing/payments/:reference',
    access: CLEARING_READ,
    summary: 'One payment: of a transfer by its UETR',
    tags: CLEARING_TAGS,
    schema: {
      params: Type.Object({ reference: Type.String({ minLength: 1, maxLength: 200 }) }),
      response: { 200: PaymentBody },
    },
    handler: async ({ params }) => {
      const found = await queries.payment(params.reference)
      return found === undefined ? notFound('payment') : reply(paymentBody(found))
    },
  })
}

function lastOf(cursor: string) {
  const decoded = decodeCursor(LIST, ['number', 'string'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return { receivedAt: Number(decoded.value[0]), reference: String(decoded.value[1]) }
}
