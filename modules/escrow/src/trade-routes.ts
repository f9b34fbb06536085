import { LineText, Timestamp } from '@huitong/contract'
import type { HttpApp } from '@huitong/http'
import {
  AmountBody,
  assessedPayer,
  CUSTOMER_ID,
  merchantOf,
  OwnNumber,
  readAmount,
  readChoices,
  readId,
  readTime,
  TenderChoicesBody,
} from '@huitong/payments'
import Type from 'typebox'
import { EscrowBody } from './escrow-bodies.ts'
import {
  AS_CUSTOMER,
  AS_EITHER,
  AS_MERCHANT,
  actorFor,
  ByShipment,
  ByTrade,
  type EscrowRouteParts,
  TAGS,
  takeStep,
  tradeId,
} from './route-parts.ts'

const EscrowRequest = Type.Object(
  {
    orderNumber: OwnNumber,
    amount: AmountBody,
    subject: LineText(256),
    customer: Type.String({ maxLength: 40, description: 'The buyer, who pays' }),
    expiresAt: Type.Optional(Timestamp),
  },
  { $id: 'EscrowTradeRequest' },
)

const ShipmentRequest = Type.Object(
  {
    carrier: LineText(64),
    trackingNumber: LineText(64),
    amount: Type.Optional(AmountBody),
  },
  { $id: 'EscrowShipmentRequest' },
)

/** The steps of a trade that goes well, or ends before anything was shipped. */
export function addTradeRoutes(http: HttpApp, parts: EscrowRouteParts): void {
  const { escrow } = parts
  const response = { 200: EscrowBody }

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades',
    access: AS_MERCHANT,
    summary: 'Ask a customer to pay into escrow',
    description:
      'The money is held when the customer pays and goes to the merchant when the goods have come. The same order number again is the same trade.',
    tags: TAGS,
    idempotent: true,
    schema: { body: EscrowRequest, response: { ...response, 201: EscrowBody } },
    handler: ({ caller, body, idempotencyKey }) => {
      const input = {
        merchant: merchantOf(caller),
        orderNumber: body.orderNumber,
        buyer: readId(CUSTOMER_ID, body.customer, 'customer'),
        subject: body.subject,
        totalMinor: readAmount(body.amount),
        expiresAt: readTime(body.expiresAt),
        actor: actorFor(caller),
      }
      return takeStep(parts, escrow.open, input, { caller, idempotencyKey, created: true })
    },
  })

  const plain = [
    ['close', escrow.close, AS_MERCHANT, 'Give up a trade that nobody paid'],
    ['cancel', escrow.cancel, AS_EITHER, 'Give back what is not shipped'],
  ] as const
  for (const [verb, kind, access, summary] of plain) {
    http.route({
      method: 'POST',
      url: `/v1/escrow-trades/:id/${verb}`,
      access,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { params: ByTrade, response },
      handler: ({ caller, params, idempotencyKey }) =>
        takeStep(parts, kind, { trade: tradeId(params), actor: actorFor(caller) }, { caller, idempotencyKey }),
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades/:id/shipments',
    access: AS_MERCHANT,
    summary: 'Tell that the goods are on their way, all of them or a part',
    description:
      'Without `amount` it is all that is not shipped yet. From now on the customer has some days to confirm.',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByTrade, body: ShipmentRequest, response: { ...response, 201: EscrowBody } },
    handler: ({ caller, params, body, idempotencyKey }) => {
      const { carrier, trackingNumber, amount } = body
      const amountMinor = amount === undefined ? null : readAmount(amount)
      const input = { trade: tradeId(params), actor: actorFor(caller), carrier, trackingNumber, amountMinor }
      return takeStep(parts, escrow.ship, input, { caller, idempotencyKey, created: true })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades/:id/confirm',
    access: AS_CUSTOMER,
    summary: 'Confirm all that was shipped: the merchant gets the money',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByTrade, response },
    handler: ({ caller, params, idempotencyKey }) => {
      const input = { trade: tradeId(params), actor: actorFor(caller), shipment: null }
      return takeStep(parts, escrow.confirm, input, { caller, idempotencyKey })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades/:id/pay',
    access: AS_CUSTOMER,
    summary: 'Pay: the money leaves the wallet and is held',
    description:
      '`tenders` names what to pay with. Without it coupons, red packets and the balance are used in the customer’s usual order.',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByTrade, body: Type.Object({ tenders: Type.Optional(TenderChoicesBody) }), response },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const tenders = readChoices(body.tenders)
      const payer = await assessedPayer(parts, caller, { way: 'escrow', amountMinor: null })
      const input = { trade: tradeId(params), actor: actorFor(caller), ...payer, tenders }
      return takeStep(parts, escrow.pay, input, { caller, idempotencyKey })
    },
  })

  const ofShipment = [
    ['confirm', escrow.confirm, 'Confirm one shipment'],
    ['extend', escrow.extend, 'Take more time to confirm a shipment'],
  ] as const
  for (const [verb, kind, summary] of ofShipment) {
    http.route({
      method: 'POST',
      url: `/v1/escrow-trades/:id/shipments/:shipment/${verb}`,
      access: AS_CUSTOMER,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { params: ByShipment, response },
      handler: ({ caller, params, idempotencyKey }) => {
        const input = { trade: tradeId(params), actor: actorFor(caller), shipment: params.shipment }
        return takeStep(parts, kind, input, { caller, idempotencyKey })
      },
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/escrow-trades/:id/refunds',
    access: AS_MERCHANT,
    summary: 'Give back a part of what a completed trade brought, or all of it',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByTrade, body: Type.Object({ amount: AmountBody }), response: { ...response, 201: EscrowBody } },
    handler: ({ caller, params, body, idempotencyKey }) => {
      const input = { trade: tradeId(params), actor: actorFor(caller), amountMinor: readAmount(body.amount) }
      return takeStep(parts, escrow.refund, input, { caller, idempotencyKey, created: true })
    },
  })
}
