import { LineText, Timestamp } from '@huitong/contract'
import { type HttpApp, outcomeToReply } from '@huitong/http'
import { formatAmount, microsToIso } from '@huitong/kernel'
import Type from 'typebox'
import { issueCode } from './issued-code.ts'
import { TILL_TRADE_LIFE, WALLET_CURRENCY } from './limits.ts'
import { drawOrderCodeToken, orderCodeHash } from './order-code.ts'
import { PaymentBody, paymentBody } from './payment-bodies.ts'
import { readTime } from './payment-routes.ts'
import {
  AmountBody,
  customerOf,
  merchantOf,
  OwnNumber,
  type PaymentRouteParts,
  readAmount,
  refusalAnswer,
} from './route-parts.ts'
import { SettlementTerms, settlementDetails } from './settlement-terms.ts'
import { DISCOUNT_TERMS, readDiscountDetails } from './tender-bodies.ts'

const TAGS = ['Order codes'] as const

const OrderCodeRequest = Type.Object(
  {
    orderNumber: OwnNumber,
    amount: AmountBody,
    subject: LineText(256),
    expiresAt: Type.Optional(Timestamp),
    ...DISCOUNT_TERMS,
    settlement: Type.Optional(SettlementTerms),
  },
  { $id: 'OrderCodeRequest' },
)

const OrderCodeBody = Type.Object(
  {
    token: Type.String(),
    url: Type.String({ description: 'What a QR code for any phone says' }),
    emv: Type.String({ description: 'The same as a dynamic EMVCo merchant-presented code, for wallets' }),
    orderNumber: Type.String(),
    expiresAt: Timestamp,
  },
  { $id: 'OrderCode' },
)

export function addOrderCodeRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, chance, codes, issuer, orderCodeUrl } = parts

  http.route({
    method: 'POST',
    url: '/v1/order-codes',
    access: { callers: ['merchant'], scope: 'payments:write' },
    summary: 'A code for an order, to be scanned by its buyer',
    description: 'Makes no payment: that begins when somebody scans the code. The same order again gets one more code.',
    tags: TAGS,
    schema: { body: OrderCodeRequest, response: { 201: OrderCodeBody } },
    handler: async ({ caller, body }) => {
      const token = drawOrderCodeToken(chance)
      const merchant = merchantOf(caller)
      const totalMinor = readAmount(body.amount)
      const payee = await codes.payee({ kind: 'merchant', id: merchant })
      const outcome = await committer.submit({
        kind: payments.precreate,
        input: {
          merchant,
          orderNumber: body.orderNumber,
          subject: body.subject,
          details: { ...settlementDetails(body.settlement), ...readDiscountDetails(body, totalMinor) },
          totalMinor,
          tokenHash: orderCodeHash(token),
          tradeLife: TILL_TRADE_LIFE,
          tradeExpiresAt: readTime(body.expiresAt),
        },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ orderNumber, expiresAt }) => ({
          token,
          url: orderCodeUrl(token),
          emv: issueCode(
            issuer,
            { kind: 'order', institution: issuer.institution, token },
            payee,
            formatAmount(totalMinor, WALLET_CURRENCY),
          ),
          orderNumber,
          expiresAt: microsToIso(expiresAt),
        }),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/order-codes/:token/scan',
    access: { callers: ['customer'], scope: 'payments:write' },
    summary: 'Become the buyer of a code’s order',
    description: 'Moves no money: the payment that it answers with waits for confirmation.',
    tags: TAGS,
    schema: {
      params: Type.Object({ token: Type.String({ maxLength: 64 }) }),
      response: { 200: PaymentBody, 201: PaymentBody },
    },
    handler: async ({ caller, params }) => {
      const outcome = await committer.submit({
        kind: payments.scan,
        input: { tokenHash: orderCodeHash(params.token), customer: customerOf(caller) },
      })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ trade }) => paymentBody(trade, false),
        refused: refusalAnswer,
      })
    },
  })
}
