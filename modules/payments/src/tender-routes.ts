import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import Type from 'typebox'
import { CUSTOMER_ID, TRADE_ID } from './payment-bodies.ts'
import { ByPayment } from './payment-routes.ts'
import { customerOf, type PaymentRouteParts, readId, refusalAnswer } from './route-parts.ts'
import { TENDER_NAMES } from './tender.ts'
import { TenderQuoteBody, tenderQuoteBody } from './tender-bodies.ts'

const ByCustomer = Type.Object({ customer: Type.String({ maxLength: 40 }) })
const TenderOrder = Type.Object(
  { order: Type.Array(Type.Enum([...TENDER_NAMES]), { minItems: 1, maxItems: TENDER_NAMES.length }) },
  { $id: 'TenderOrder' },
)

/** What customers pay with: in which order, and what a payment would take. */
export function addTenderRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, queries, tenders, clock } = parts

  http.route({
    method: 'GET',
    url: '/v1/wallets/:customer/tender-order',
    access: { callers: ['customer', 'staff'], scope: 'payments:read' },
    summary: 'In which order a customer’s payments use coupons, red packets and the balance',
    tags: ['Wallets'],
    schema: { params: ByCustomer, response: { 200: TenderOrder } },
    handler: async ({ caller, params }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'wallet')
      if (caller.kind === 'customer' && caller.customerId !== customer) return notFound('wallet')
      const order = await tenders.order(customer)
      return order === undefined ? notFound('wallet') : reply({ order: [...order] })
    },
  })

  http.route({
    method: 'PUT',
    url: '/v1/wallets/:customer/tender-order',
    access: { callers: ['customer'], scope: 'payments:write' },
    summary: 'Change the order of one’s own tenders',
    description: 'What is left out is used only by payments that name it. The balance must be among them.',
    tags: ['Wallets'],
    idempotent: true,
    schema: { params: ByCustomer, body: TenderOrder, response: { 200: TenderOrder } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'wallet')
      if (customerOf(caller) !== customer) return notFound('wallet')
      const outcome = await committer.submit({
        kind: payments.orderTenders,
        input: { customer, order: body.order },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: (answer) => answer, refused: refusalAnswer })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/payments/:id/tenders',
    access: { callers: ['customer'], scope: 'payments:read' },
    summary: 'What a waiting payment of one’s own would take from which tender',
    tags: ['Payments'],
    schema: { params: ByPayment, response: { 200: TenderQuoteBody } },
    handler: async ({ caller, params }) => {
      const trade = await queries.trade(readId(TRADE_ID, params.id, 'payment'))
      if (trade === undefined || trade.buyer !== customerOf(caller)) return notFound('payment')
      return reply(tenderQuoteBody(await tenders.quote(trade, null, clock.now())))
    },
  })
}
