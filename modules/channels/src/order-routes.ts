import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, PublicId, pageOf } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { parsePublicId } from '@huitong/kernel'
import { findPersonKey } from '@huitong/party'
import { AmountBody, assessedPayer, customerOf, readAmount, TRADE_ID } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import { ownCard } from './card-routes.ts'
import { openCard } from './card-secret.ts'
import { CARD_ID, OrderBody, orderBody } from './channel-views.ts'
import { ORDER_ID, ORDER_KINDS, ORDER_STATES, type Order } from './order.ts'
import type { OrderAnswer } from './order-commands.ts'
import { listOrders, selectOrder } from './order-read-store.ts'
import { ById, type ChannelRouteParts, channelRefusal, OWN_READ, OWN_WRITE } from './route-parts.ts'
import { enterGate } from './routing-routes.ts'

const TAGS = ['Top-ups and withdrawals']
const LIST = 'bank orders'

export const ORDER_FILTER = {
  ...PAGE_QUERY,
  kind: Type.Optional(Type.Enum([...ORDER_KINDS])),
  state: Type.Optional(Type.Enum([...ORDER_STATES])),
}

const OrderRequest = Type.Object({ card: PublicId(CARD_ID), amount: AmountBody })

/** Money between a wallet and its owner's bank accounts: each customer's own. */
export function addOrderRoutes(http: HttpApp, parts: ChannelRouteParts): void {
  const { db, committer, channels, chance, vault, outlays, trades } = parts

  http.route({
    method: 'POST',
    url: '/v1/me/top-ups',
    access: OWN_WRITE,
    summary: 'Bring money from a bank card into the wallet',
    description:
      'The answer says that the bank is asked; the order says how it went. One order with a card at a time: as long as its outcome is unknown nobody can be charged twice.',
    tags: TAGS,
    idempotent: true,
    schema: { body: OrderRequest, response: { 201: OrderBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const customer = customerOf(caller)
      const amountMinor = readAmount(body.amount)
      const { fingerprint, bank } = await ownCard(parts, body.card, customer)
      await enterGate(parts, bank)
      const outcome = await committer.submit({
        kind: channels.topUp,
        input: { customer, card: fingerprint, amountMinor, uetr: chance.uuid() },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return await orderReply(outcome)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/withdrawals',
    access: OWN_WRITE,
    summary: 'Send money of the wallet to a bank card of one’s own',
    tags: TAGS,
    idempotent: true,
    schema: { body: OrderRequest, response: { 201: OrderBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const customer = customerOf(caller)
      const amountMinor = readAmount(body.amount)
      const card = await ownCard(parts, body.card, customer)
      await enterGate(parts, card.bank)
      const key = await db.read((tx) => findPersonKey(tx, customer))
      if (key === undefined) return notFound('card')
      const { number: account, holder } = openCard(vault, key, card)
      const payer = await assessedPayer({ outlays }, caller, { way: 'withdrawal', amountMinor })
      const terms = { customer, card: card.fingerprint, amountMinor, uetr: chance.uuid(), to: { account, holder } }
      const outcome = await committer.submit({
        kind: channels.withdraw,
        input: { ...terms, ...payer },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return await orderReply(outcome)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/card-payments',
    access: OWN_WRITE,
    summary: 'Pay a waiting payment from a bank card',
    description:
      'The whole price, with money of the bank. The payment is made when the money is there, in one commit; where it cannot be made any more the money is in the wallet, and `unspent` says why. What is refunded goes back to the card’s account.',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({ card: PublicId(CARD_ID), payment: PublicId(TRADE_ID) }),
      response: { 201: OrderBody },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const customer = customerOf(caller)
      const { fingerprint, bank } = await ownCard(parts, body.card, customer)
      const id = parsePublicId(TRADE_ID, body.payment)
      const trade = id.ok ? await trades.trade(id.value) : undefined
      if (trade === undefined || trade.buyer !== customer) return notFound('payment')
      await enterGate(parts, bank)
      const { totalMinor: amountMinor } = trade
      const payer = await assessedPayer({ outlays }, caller, { way: 'card', amountMinor })
      const terms = { customer, card: fingerprint, amountMinor, trade: trade.id, uetr: chance.uuid() }
      const outcome = await committer.submit({
        kind: channels.payByCard,
        input: { ...terms, isWaiting: trade.state === 'awaiting_payment', ...payer },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return await orderReply(outcome)
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/bank-orders',
    access: OWN_READ,
    summary: "The caller's top-ups and withdrawals, newest first",
    tags: TAGS,
    schema: { querystring: Type.Object(ORDER_FILTER), response: { 200: Page(OrderBody) } },
    handler: async ({ caller, query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor, ...filter } = query
      const asked = { ...filter, customer: customerOf(caller), ...afterOrder(cursor), limit }
      return reply(orderPage(await db.read((tx) => listOrders(tx, asked)), limit, orderBody))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/bank-orders/:id',
    access: OWN_READ,
    summary: 'One top-up or withdrawal: how it stands',
    tags: TAGS,
    schema: { params: ById, response: { 200: OrderBody } },
    handler: async ({ caller, params }) => {
      const customer = customerOf(caller)
      const order = await orderOfId(parts, params.id)
      return order?.customer === customer ? reply(orderBody(order)) : notFound('order')
    },
  })

  /** The order as it stands when it is told, which may be further than when it was taken. */
  async function orderReply(outcome: Awaited<ReturnType<typeof committer.submit<unknown, OrderAnswer>>>) {
    const order = outcome.status === 'done' ? await db.read((tx) => selectOrder(tx, outcome.answer.id)) : undefined
    return outcomeToReply<OrderAnswer, Static<typeof OrderBody>>(outcome, {
      status: 201,
      done: () => orderBody(order ?? missing()),
      refused: channelRefusal,
    })
  }
}

function missing(): never {
  throw notFound('order')
}

export async function orderOfId({ db }: Pick<ChannelRouteParts, 'db'>, text: string): Promise<Order | undefined> {
  const id = parsePublicId(ORDER_ID, text)
  return id.ok ? await db.read((tx) => selectOrder(tx, id.value)) : undefined
}

/** The last order of the page before, as a part of a filter. */
export function afterOrder(cursor: string | undefined) {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(LIST, ['number', 'number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return { after: { madeAt: Number(decoded.value[0]), id: Number(decoded.value[1]) } }
}

export function orderPage<Body>(rows: readonly Order[], limit: number, body: (order: Order) => Body) {
  return pageOf(rows, limit, body, ({ madeAt, id }) => encodeCursor(LIST, [madeAt, id]))
}
