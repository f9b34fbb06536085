import { AmountText, CurrencyText, LineText } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import {
  AmountBody,
  assessedPayer,
  CUSTOMER_ID,
  customerOf,
  orderCodeHash,
  readAmount,
  readId,
  WALLET_CURRENCY,
} from '@huitong/payments'
import Type from 'typebox'
import { PacketBody, PacketOpenedBody, packetBody } from './marketing-bodies.ts'
import { packetClaimView, packetView } from './marketing-views.ts'
import { PACKET_ID, PACKET_KINDS, PACKET_PARTS_MAX } from './packet.ts'
import { DRAW_END } from './packet-decide.ts'
import { type MarketingRouteParts, marketingRefusalAnswer } from './route-parts.ts'

const TAGS = ['Red packets'] as const
const AS_CUSTOMER = { callers: ['customer'], scope: 'payments:write' } as const
const ByCustomer = Type.Object({ customer: Type.String({ maxLength: 40 }) })

/** Red packets, and the money that came out of them. */
export function addPacketRoutes(http: HttpApp, parts: MarketingRouteParts): void {
  const { committer, marketing, queries, chance, packetToken, packetUrl } = parts

  http.route({
    method: 'POST',
    url: '/v1/red-packets',
    access: AS_CUSTOMER,
    summary: 'Give money away in parts, to whoever opens the link',
    description:
      'Parts of a `fixed` packet are equal, those of a `lucky` one drawn; each is at least 0.01. What nobody opens within 24 hours comes back.',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object(
        {
          kind: Type.Enum([...PACKET_KINDS]),
          amount: AmountBody,
          parts: Type.Integer({ minimum: 1, maximum: PACKET_PARTS_MAX }),
          greeting: Type.Optional(LineText(64)),
        },
        { $id: 'RedPacketRequest' },
      ),
      response: { 201: PacketBody },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const customer = customerOf(caller)
      const totalMinor = readAmount(body.amount)
      const token = packetToken(customer, idempotencyKey)
      const drawn = body.kind === 'lucky' ? body.parts - 1 : 0
      const outcome = await committer.submit({
        kind: marketing.sendPacket,
        input: {
          customer,
          kind: body.kind,
          totalMinor,
          parts: body.parts,
          draws: Array.from({ length: drawn }, () => chance.below(DRAW_END)),
          greeting: body.greeting ?? '恭喜发财',
          tokenHash: orderCodeHash(token),
          ...(await assessedPayer(parts, caller, { way: 'transfer', amountMinor: totalMinor })),
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ packet }) => packetBody(packet, { link: { token, url: packetUrl(token) } }),
        refused: marketingRefusalAnswer,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/red-packets/open',
    access: AS_CUSTOMER,
    summary: 'Open a red packet by its token, once a person',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 64 }) }),
      response: { 200: PacketOpenedBody, 201: PacketOpenedBody },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: marketing.openPacket,
        input: { tokenHash: orderCodeHash(body.token), customer: customerOf(caller) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ packet, claim }) => ({ amount: claim.amount, opening: claim.part, packet: packetBody(packet) }),
        refused: marketingRefusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/red-packets/:id',
    access: { callers: ['customer', 'staff'], scope: 'payments:read' },
    summary: 'One red packet with who opened it: for its sender and staff',
    tags: TAGS,
    schema: { params: Type.Object({ id: Type.String({ maxLength: 40 }) }), response: { 200: PacketBody } },
    handler: async ({ caller, params }) => {
      const found = await queries.packet(readId(PACKET_ID, params.id, 'red packet'))
      if (found === undefined) return notFound('red packet')
      if (caller.kind === 'customer' && caller.customerId !== found.packet.sender) return notFound('red packet')
      return reply(packetBody(packetView(found.packet), { claims: found.claims.map(packetClaimView) }))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/wallets/:customer/red-packet-money',
    access: { callers: ['customer', 'staff'], scope: 'payments:read' },
    summary: 'What a customer has out of red packets',
    tags: TAGS,
    schema: {
      params: ByCustomer,
      response: { 200: Type.Object({ currency: CurrencyText, available: AmountText }, { $id: 'RedPacketMoney' }) },
    },
    handler: async ({ caller, params }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'wallet')
      if (caller.kind === 'customer' && caller.customerId !== customer) return notFound('wallet')
      return reply({ currency: WALLET_CURRENCY, available: await queries.packetMoney(customer) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/wallets/:customer/red-packet-money/withdrawals',
    access: AS_CUSTOMER,
    summary: 'Move money out of red packets to the balance of one’s wallet',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByCustomer,
      body: Type.Object({ amount: AmountBody }),
      response: { 201: Type.Object({ amount: AmountText, left: AmountText }, { $id: 'RedPacketWithdrawal' }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const customer = readId(CUSTOMER_ID, params.customer, 'wallet')
      if (customerOf(caller) !== customer) return notFound('wallet')
      const outcome = await committer.submit({
        kind: marketing.movePacketMoney,
        input: { customer, amountMinor: readAmount(body.amount) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: (answer) => answer, refused: marketingRefusalAnswer })
    },
  })
}
