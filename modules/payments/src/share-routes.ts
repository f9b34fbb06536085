import { AmountText, LineText, PublicId, Timestamp } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { CUSTOMER_ID, PaymentBody, paymentBody, TRADE_ID } from './payment-bodies.ts'
import { ByPayment } from './payment-routes.ts'
import {
  AmountBody,
  merchantOf,
  OwnNumber,
  type PaymentRouteParts,
  readAmount,
  readId,
  refusalAnswer,
} from './route-parts.ts'
import { SHARES_PER_REQUEST } from './share.ts'

const TAGS = ['Profit sharing'] as const
const AS_MERCHANT = { callers: ['merchant'], scope: 'payments:write' } as const
const Customer = Type.String({ maxLength: 40 })

const ShareBody = Type.Object(
  {
    requestNumber: Type.String(),
    customer: PublicId(CUSTOMER_ID),
    amount: AmountText,
    returned: Type.String({ description: 'What came back of it with refunds' }),
    description: Type.Union([Type.String(), Type.Null()]),
    createdAt: Timestamp,
  },
  { $id: 'Share' },
)

const ShareRequest = Type.Object(
  {
    requestNumber: OwnNumber,
    shares: Type.Array(
      Type.Object({ customer: Customer, amount: AmountBody, description: Type.Optional(LineText(128)) }),
      { minItems: 1, maxItems: SHARES_PER_REQUEST },
    ),
    final: Type.Optional(Type.Boolean({ description: 'Nothing more of the payment will be shared' })),
  },
  { $id: 'ShareRequest' },
)

const BoundBody = Type.Object({ changed: Type.Boolean() })

/** A merchant passes parts of a payment on to customers whom it has named before. */
export function addShareRoutes(http: HttpApp, { committer, payments, queries }: PaymentRouteParts): void {
  http.route({
    method: 'POST',
    url: '/v1/payments/:id/shares',
    access: AS_MERCHANT,
    summary: 'Pass parts of a payment on; the rest stays with the merchant',
    description:
      'All of a request or none. Over all requests together at most what the merchant’s sharing rule allows of what is left of the payment.',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByPayment, body: ShareRequest, response: { 200: PaymentBody, 201: PaymentBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const wishes = body.shares.map(({ customer, amount, description }, index) => ({
        customer: readId(CUSTOMER_ID, customer, 'customer'),
        amountMinor: readAmount(amount, `shares.${index}.amount`),
        description: description ?? null,
      }))
      const about = { merchant: merchantOf(caller), trade: readId(TRADE_ID, params.id, 'payment'), orderNumber: null }
      const outcome = await committer.submit({
        kind: payments.share,
        input: { ...about, requestNumber: body.requestNumber, wishes, endsSharing: body.final ?? false },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ trade }) => paymentBody(trade, true),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/payments/:id/shares',
    access: { callers: ['merchant', 'staff'], scope: 'payments:read' },
    summary: 'Parts of a payment that were passed on, oldest first',
    tags: TAGS,
    schema: { params: ByPayment, response: { 200: Type.Object({ items: Type.Array(ShareBody) }) } },
    handler: async ({ caller, params }) => {
      const trade = await queries.trade(readId(TRADE_ID, params.id, 'payment'))
      if (trade === undefined || (caller.kind === 'merchant' && caller.merchantId !== trade.merchant)) {
        return notFound('payment')
      }
      const shares = await queries.sharing.shares(trade.id)
      return reply({
        items: shares.map(({ requestNumber, customer, amountMinor, returnedMinor, description, createdAt }) => ({
          requestNumber,
          customer: publicId(CUSTOMER_ID, customer),
          amount: formatAmount(amountMinor, trade.currency),
          returned: formatAmount(returnedMinor, trade.currency),
          description,
          createdAt: microsToIso(createdAt),
        })),
      })
    },
  })

  for (const [verb, bound, summary] of [
    ['bind', true, 'Name a customer as a receiver of shares'],
    ['unbind', false, 'Name a customer no more'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/share-receivers/:customer/${verb}`,
      access: AS_MERCHANT,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { params: Type.Object({ customer: Customer }), response: { 200: BoundBody } },
      handler: async ({ caller, params, idempotencyKey }) => {
        const receivers = [{ customer: readId(CUSTOMER_ID, params.customer, 'customer'), memo: null }]
        const outcome = await committer.submit({
          kind: payments.bindReceivers,
          input: { merchant: merchantOf(caller), receivers, bound },
          idempotency: { caller: caller.id, key: idempotencyKey },
        })
        return outcomeToReply(outcome, { done: ({ changed }) => ({ changed: changed > 0 }), refused: refusalAnswer })
      },
    })
  }
}
