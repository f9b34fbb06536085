import { AmountText, LineText, PAGE_LIMIT_DEFAULT, Page, PublicId } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { parseAmount, parsePublicId } from '@huitong/kernel'
import { PAYMENT_MINOR_MAX, WALLET_CURRENCY } from '@huitong/payments'
import Type from 'typebox'
import { CHANNEL_BANK_STATES } from './channel-bank.ts'
import { selectChannelBanks } from './channel-bank-store.ts'
import {
  ChannelBankBody,
  CUSTOMER_ID,
  channelBankBody,
  Member,
  ROUTING_BODY,
  StaffOrderBody,
  staffOrderBody,
} from './channel-views.ts'
import { listOrders } from './order-read-store.ts'
import { afterOrder, ORDER_FILTER, orderOfId, orderPage } from './order-routes.ts'
import {
  ById,
  CHANNEL_READ,
  CHANNEL_TAGS,
  CHANNEL_WRITE,
  type ChannelRouteParts,
  channelRefusal,
} from './route-parts.ts'

/** Banks and orders as staff see and set them. */
export function addStaffRoutes(http: HttpApp, parts: ChannelRouteParts): void {
  const { db, committer, channels } = parts

  http.route({
    method: 'GET',
    url: '/v1/channels/banks',
    access: CHANNEL_READ,
    summary: 'Banks whose cards can be bound',
    tags: CHANNEL_TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(ChannelBankBody) }) } },
    handler: async () => reply({ items: (await db.read(selectChannelBanks)).map(channelBankBody) }),
  })

  http.route({
    method: 'PUT',
    url: '/v1/channels/banks/:member',
    access: CHANNEL_WRITE,
    summary: 'Let cards of a bank be bound, on other terms, or not for the time being',
    tags: CHANNEL_TAGS,
    idempotent: true,
    schema: {
      params: Type.Object({ member: Member }),
      body: Type.Object({
        name: LineText(64),
        state: Type.Enum([...CHANNEL_BANK_STATES]),
        singleMax: AmountText,
        dayMax: AmountText,
        capacity: Type.Optional(ROUTING_BODY.capacity),
        costMillionths: Type.Optional(ROUTING_BODY.costMillionths),
      }),
      response: { 200: ChannelBankBody },
    },
    handler: async ({ caller, params: { member }, body, idempotencyKey }) => {
      const { name, state, capacity = null, costMillionths = 0 } = body
      const limits = {
        singleMaxMinor: readYuan('singleMax', body.singleMax),
        dayMaxMinor: readYuan('dayMax', body.dayMax),
      }
      const bank = { member, name, state, ...limits, capacity, costMillionths }
      const outcome = await committer.submit({
        kind: channels.setBank,
        input: bank,
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: () => channelBankBody(bank), refused: channelRefusal })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/channels/orders',
    access: CHANNEL_READ,
    summary: 'Top-ups and withdrawals, newest first; all, or some',
    description:
      '`attention=true`: those that somebody has to look at, since they were contradicted or their money is in suspense.',
    tags: CHANNEL_TAGS,
    schema: {
      querystring: Type.Object({
        ...ORDER_FILTER,
        bank: Type.Optional(Member),
        customer: Type.Optional(PublicId(CUSTOMER_ID)),
        attention: Type.Optional(Type.Boolean()),
      }),
      response: { 200: Page(StaffOrderBody) },
    },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor, customer: text, ...filter } = query
      const customer = text === undefined ? undefined : parsePublicId(CUSTOMER_ID, text)
      if (customer !== undefined && !customer.ok)
        throw badField('customer', customer.error, 'is not the id of a customer')
      const of = customer === undefined ? {} : { customer: customer.value }
      const rows = await db.read((tx) => listOrders(tx, { ...filter, ...of, ...afterOrder(cursor), limit }))
      return reply(orderPage(rows, limit, staffOrderBody))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/channels/orders/:id',
    access: CHANNEL_READ,
    summary: 'One top-up or withdrawal',
    tags: CHANNEL_TAGS,
    schema: { params: ById, response: { 200: StaffOrderBody } },
    handler: async ({ params }) => {
      const order = await orderOfId(parts, params.id)
      return order === undefined ? notFound('order') : reply(staffOrderBody(order))
    },
  })
}

function readYuan(field: string, text: string): bigint {
  const amount = parseAmount(text, WALLET_CURRENCY, { maxMinor: PAYMENT_MINOR_MAX })
  if (!amount.ok) throw badField(field, amount.error, 'is not an amount of CNY')
  return amount.value
}
