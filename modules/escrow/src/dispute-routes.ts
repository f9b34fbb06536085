import { LineText } from '@huitong/contract'
import type { HttpApp } from '@huitong/http'
import { AmountBody, readAmount } from '@huitong/payments'
import Type from 'typebox'
import { EscrowBody } from './escrow-bodies.ts'
import { DOCUMENTS_MAX } from './escrow-rules.ts'
import {
  AS_CUSTOMER,
  AS_EITHER,
  AS_JUDGE,
  actorFor,
  ByDispute,
  ByTrade,
  type EscrowRouteParts,
  TAGS,
  takeStep,
  tradeId,
} from './route-parts.ts'

const Refund = Type.Object({ refund: AmountBody }, { $id: 'EscrowOffer' })
const response = { 200: EscrowBody }
const responses = { ...response, 201: EscrowBody }

/** The steps of a dispute, its sides' and staff's. */
export function addDisputeRoutes(http: HttpApp, parts: EscrowRouteParts): void {
  const { escrow } = parts

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades/:id/disputes',
    access: AS_CUSTOMER,
    summary: 'Ask for money back: freezes that much of a shipment until it is settled',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByTrade,
      body: Type.Object(
        { shipment: Type.Integer({ minimum: 1 }), amount: AmountBody, reason: LineText(500) },
        { $id: 'EscrowDisputeRequest' },
      ),
      response: responses,
    },
    handler: ({ caller, params, body, idempotencyKey }) => {
      const { shipment, reason } = body
      const claimMinor = readAmount(body.amount)
      const input = { trade: tradeId(params), actor: actorFor(caller), shipment, claimMinor, reason }
      return takeStep(parts, escrow.dispute, input, { caller, idempotencyKey, created: true })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades/:id/disputes/:dispute/evidence',
    access: AS_EITHER,
    summary: 'Say or show something in a dispute',
    description: '`documents` are references to what is kept elsewhere: addresses, or digests of files.',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByDispute,
      body: Type.Object(
        {
          statement: LineText(2000),
          documents: Type.Optional(Type.Array(LineText(256), { maxItems: DOCUMENTS_MAX })),
        },
        { $id: 'EscrowEvidenceRequest' },
      ),
      response: responses,
    },
    handler: ({ caller, params, body, idempotencyKey }) => {
      const { statement, documents = [] } = body
      const about = { trade: tradeId(params), dispute: params.dispute, actor: actorFor(caller) }
      const input = { ...about, statement, documents }
      return takeStep(parts, escrow.addEvidence, input, { caller, idempotencyKey, created: true })
    },
  })

  const withRefund = [
    ['offers', escrow.offer, AS_EITHER, 'Offer another refund; 0.00 refuses. The other side answers next'],
    ['accept', escrow.accept, AS_EITHER, 'Accept what the other side offered last, which is named'],
    [
      'judgement/approve',
      escrow.approve,
      AS_JUDGE,
      'Approve the judgement that somebody else proposed, which is named',
    ],
  ] as const
  for (const [verb, kind, access, summary] of withRefund) {
    http.route({
      method: 'POST',
      url: `/v1/escrow-trades/:id/disputes/:dispute/${verb}`,
      access,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { params: ByDispute, body: Refund, response },
      handler: ({ caller, params, body, idempotencyKey }) => {
        const refundMinor = readAmount(body.refund, 'refund', { allowZero: true })
        const input = { trade: tradeId(params), dispute: params.dispute, actor: actorFor(caller), refundMinor }
        return takeStep(parts, kind, input, { caller, idempotencyKey })
      },
    })
  }

  const plain = [
    ['withdraw', escrow.withdraw, AS_CUSTOMER, 'Give the claim up'],
    ['escalate', escrow.escalate, AS_EITHER, 'Ask staff to judge'],
    ['judgement/reject', escrow.reject, AS_JUDGE, 'Take the proposed judgement off the table'],
  ] as const
  for (const [verb, kind, access, summary] of plain) {
    http.route({
      method: 'POST',
      url: `/v1/escrow-trades/:id/disputes/:dispute/${verb}`,
      access,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { params: ByDispute, response },
      handler: ({ caller, params, idempotencyKey }) => {
        const input = { trade: tradeId(params), dispute: params.dispute, actor: actorFor(caller) }
        return takeStep(parts, kind, input, { caller, idempotencyKey })
      },
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades/:id/disputes/:dispute/judgement',
    access: AS_JUDGE,
    summary: 'Propose a judgement; another member of staff approves it',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByDispute,
      body: Type.Object({ refund: AmountBody, reason: LineText(500) }, { $id: 'EscrowJudgementRequest' }),
      response,
    },
    handler: ({ caller, params, body, idempotencyKey }) => {
      const refundMinor = readAmount(body.refund, 'refund', { allowZero: true })
      const about = { trade: tradeId(params), dispute: params.dispute, actor: actorFor(caller) }
      const input = { ...about, refundMinor, reason: body.reason }
      return takeStep(parts, escrow.propose, input, { caller, idempotencyKey })
    },
  })
}
