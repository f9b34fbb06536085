import { LineText } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import Type from 'typebox'
import { PaymentBody, paymentBody, RefundBody, refundBody, TRADE_ID } from './payment-bodies.ts'
import { ByPayment, maySee, seesFee } from './payment-routes.ts'
import {
  AmountBody,
  merchantOf,
  OwnNumber,
  type PaymentRouteParts,
  readAmount,
  readId,
  refusalAnswer,
} from './route-parts.ts'
import { refundView } from './views.ts'

const TAGS = ['Payments'] as const

const RefundRequest = Type.Object(
  {
    refundNumber: Type.Optional(OwnNumber),
    amount: AmountBody,
    reason: Type.Optional(LineText(256)),
  },
  { $id: 'RefundRequest' },
)

const RefundAnswerBody = Type.Object({ refund: RefundBody, payment: PaymentBody }, { $id: 'RefundAnswer' })

export function addRefundRoutes(http: HttpApp, { committer, payments, queries }: PaymentRouteParts): void {
  http.route({
    method: 'POST',
    url: '/v1/payments/:id/refunds',
    access: { callers: ['merchant'], scope: 'payments:write' },
    summary: 'Give a part of a payment back, or all of it',
    description:
      'A part needs `refundNumber`, a number of the merchant’s own: the same number with the same amount is the same refund.',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByPayment, body: RefundRequest, response: { 200: RefundAnswerBody, 201: RefundAnswerBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: payments.refund,
        input: {
          merchant: merchantOf(caller),
          trade: readId(TRADE_ID, params.id, 'payment'),
          orderNumber: null,
          refundNumber: body.refundNumber ?? null,
          amountMinor: readAmount(body.amount),
          reason: body.reason ?? null,
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ refund, trade }) => ({ refund: refundBody(refund, true), payment: paymentBody(trade, true) }),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/payments/:id/refunds',
    access: { callers: ['merchant', 'customer', 'staff'], scope: 'payments:read' },
    summary: 'Refunds of a payment, oldest first',
    tags: TAGS,
    schema: { params: ByPayment, response: { 200: Type.Object({ items: Type.Array(RefundBody) }) } },
    handler: async ({ caller, params }) => {
      const trade = await queries.trade(readId(TRADE_ID, params.id, 'payment'))
      if (trade === undefined || !maySee(caller, trade)) return notFound('payment')
      const refunds = await queries.refunds(trade.id)
      return reply({ items: refunds.map((refund) => refundBody(refundView(refund, trade.currency), seesFee(caller))) })
    },
  })
}
