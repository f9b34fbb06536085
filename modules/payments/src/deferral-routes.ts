import { Timestamp } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { DEFERRAL_STATES } from './deferral.ts'
import { type DeferralView, deferralView, type SettlementStepView, settlementStepView } from './deferral-views.ts'
import { TRADE_ID } from './payment-bodies.ts'
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

const TAGS = ['Settlement'] as const

const SettlementRequest = Type.Object(
  {
    requestNumber: OwnNumber,
    amount: Type.Optional(AmountBody),
    forSharing: Type.Optional(
      Type.Boolean({ description: 'Stays until its sharing is over; else what the order said' }),
    ),
  },
  { $id: 'SettlementRequest' },
)

const StepBody = Type.Object(
  {
    requestNumber: Type.String({ description: 'The merchant’s own; it begins with `$` where time settled' }),
    amount: Type.String({ description: 'Of the payment, before the fee' }),
    settled: Type.String({ description: 'The same less the fee: what the merchant got, or what stays to be shared' }),
    forSharing: Type.Boolean(),
    createdAt: Timestamp,
  },
  { $id: 'Settlement' },
)

const DeferralBody = Type.Object({
  state: Type.Enum([...DEFERRAL_STATES]),
  open: Type.String({ description: 'What is left to settle of the payment, before the fee' }),
  held: Type.String({ description: 'What lies for it in the merchant’s account of unsettled payments' }),
  settlesAt: Timestamp,
})

const SettlementAnswer = Type.Object({ settlement: StepBody, deferral: DeferralBody }, { $id: 'SettlementAnswer' })

/** Payments that are settled later than they are paid. */
export function addDeferralRoutes(http: HttpApp, { committer, payments, queries }: PaymentRouteParts): void {
  http.route({
    method: 'POST',
    url: '/v1/payments/:id/settlements',
    access: { callers: ['merchant'], scope: 'payments:write' },
    summary: 'Confirm a payment that waits for it, so that its money can be used: a part, or all that is left',
    description:
      'The same number with the same amount is the same settlement. A payment that waits for its sharing is settled without more of it.',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByPayment,
      body: SettlementRequest,
      response: { 200: SettlementAnswer, 201: SettlementAnswer },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: payments.settle,
        input: {
          merchant: merchantOf(caller),
          trade: readId(TRADE_ID, params.id, 'payment'),
          orderNumber: null,
          requestNumber: body.requestNumber,
          amountMinor: body.amount === undefined ? null : readAmount(body.amount),
          forSharing: body.forSharing ?? null,
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ step, deferral }) => ({ settlement: stepBody(step), deferral: deferralBody(deferral) }),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/payments/:id/settlements',
    access: { callers: ['merchant', 'staff'], scope: 'payments:read' },
    summary: 'How far the settlement of a payment is, and what settled it, oldest first',
    tags: TAGS,
    schema: {
      params: ByPayment,
      response: {
        200: Type.Object({ deferral: Type.Union([DeferralBody, Type.Null()]), items: Type.Array(StepBody) }),
      },
    },
    handler: async ({ caller, params }) => {
      const trade = await queries.trade(readId(TRADE_ID, params.id, 'payment'))
      if (trade === undefined || (caller.kind === 'merchant' && caller.merchantId !== trade.merchant)) {
        return notFound('payment')
      }
      const { deferral, steps } = await queries.settlement(trade.id)
      return reply({
        deferral: deferral === undefined ? null : deferralBody(deferralView(deferral, trade.currency)),
        items: steps.map((step) => stepBody(settlementStepView(step, trade.currency))),
      })
    },
  })
}

function stepBody({ createdAt, ...step }: SettlementStepView): Static<typeof StepBody> {
  return { ...step, createdAt: microsToIso(createdAt) }
}

function deferralBody({ settlesAt, ...deferral }: DeferralView): Static<typeof DeferralBody> {
  return { ...deferral, settlesAt: microsToIso(settlesAt) }
}
