import { AmountText, CurrencyText, LineText, PAGE_QUERY, Page, PublicId, pageOf, Timestamp } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, problem, reply } from '@huitong/http'
import { microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { DELAYED_TRANSFER_STATES } from './delayed-transfer.ts'
import { type DelayedTransferView, delayedTransferView } from './delayed-transfer-commands.ts'
import { TRANSFER_DELAYS, WALLET_CURRENCY } from './limits.ts'
import { findPayee, Payee } from './payee.ts'
import { assessedPayer } from './payer-proof.ts'
import { CUSTOMER_ID, TRANSFER_ID } from './payment-bodies.ts'
import { AS_PERSON, boundOf, PERSON_READS, readBounds } from './people-routes.ts'
import {
  AmountBody,
  customerOf,
  OwnNumber,
  type PaymentRouteParts,
  readAmount,
  readId,
  refusalAnswer,
} from './route-parts.ts'

const TAGS = ['Delayed transfers'] as const
const DELAYED_ID = 'dtrf'
const LIST = 'delayed-transfers'
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })

const DelayedTransferBody = Type.Object(
  {
    id: PublicId(DELAYED_ID),
    transferNumber: Type.String(),
    payer: PublicId(CUSTOMER_ID),
    payee: PublicId(CUSTOMER_ID),
    currency: CurrencyText,
    amount: AmountText,
    title: Type.Union([Type.String(), Type.Null()]),
    remark: Type.Union([Type.String(), Type.Null()]),
    state: Type.Enum([...DELAYED_TRANSFER_STATES]),
    createdAt: Timestamp,
    releasesAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
    transfer: Type.Union([PublicId(TRANSFER_ID), Type.Null()]),
  },
  { $id: 'DelayedTransfer' },
)

function body(view: DelayedTransferView): Static<typeof DelayedTransferBody> {
  const { id, payer, payee, createdAt, releasesAt, endedAt, transfer, ...rest } = view
  return {
    ...rest,
    id: publicId(DELAYED_ID, id),
    payer: publicId(CUSTOMER_ID, payer),
    payee: publicId(CUSTOMER_ID, payee),
    currency: WALLET_CURRENCY,
    createdAt: microsToIso(createdAt),
    releasesAt: microsToIso(releasesAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
    transfer: transfer === null ? null : publicId(TRANSFER_ID, transfer),
  }
}

export function addDelayedTransferRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, queries } = parts

  http.route({
    method: 'POST',
    url: '/v1/delayed-transfers',
    access: AS_PERSON,
    summary: 'Send money that can be taken back for two hours or a day',
    description:
      'The money is held at once and moves when the time is over. `transferNumber` is the payer’s own: the same number with the same payee and amount is the same transfer.',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        transferNumber: OwnNumber,
        payee: Payee,
        amount: AmountBody,
        delay: Type.Enum(['2h', '24h']),
        title: Type.Optional(LineText(128)),
        remark: Type.Optional(LineText(256)),
      }),
      response: { 200: DelayedTransferBody, 201: DelayedTransferBody },
    },
    handler: async ({ caller, body: asked, idempotencyKey }) => {
      const amountMinor = readAmount(asked.amount)
      const payee = await findPayee(parts, asked.payee)
      if (payee === undefined) return problem(404, 'payee_not_found', 'There is no such payee.')
      const outcome = await committer.submit({
        kind: payments.delayTransfer,
        input: {
          ...{ payer: customerOf(caller), transferNumber: asked.transferNumber, payee, amountMinor },
          ...{
            title: asked.title ?? null,
            remark: asked.remark ?? null,
            delay: TRANSFER_DELAYS[asked.delay],
            ...(await assessedPayer(payments, caller, { way: 'transfer', amountMinor })),
          },
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ transfer }) => body(transfer),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/delayed-transfers',
    access: PERSON_READS,
    summary: 'Delayed transfers that one sent or is to get, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object({ ...PAGE_QUERY }), response: { 200: Page(DelayedTransferBody) } },
    handler: async ({ caller, query }) => {
      const bounds = readBounds(LIST, query)
      const found = await queries.people.delayedTransfers({ ...bounds, customer: customerOf(caller) })
      return reply(
        pageOf(
          found,
          bounds.limit,
          (one) => body(delayedTransferView(one)),
          (last) => boundOf(LIST, last),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/delayed-transfers/:id',
    access: PERSON_READS,
    summary: 'One delayed transfer, for its payer and its payee',
    tags: TAGS,
    schema: { params: ById, response: { 200: DelayedTransferBody } },
    handler: async ({ caller, params }) => {
      const found = await queries.people.delayedTransfer(readId(DELAYED_ID, params.id, 'delayed transfer'))
      const own = customerOf(caller)
      if (found === undefined || (found.payer !== own && found.payee !== own)) return notFound('delayed transfer')
      return reply(body(delayedTransferView(found)))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/delayed-transfers/:id/recall',
    access: AS_PERSON,
    summary: 'Take a delayed transfer back, in time',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, response: { 200: DelayedTransferBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const found = await queries.people.delayedTransfer(readId(DELAYED_ID, params.id, 'delayed transfer'))
      const payer = customerOf(caller)
      if (found === undefined || found.payer !== payer) return notFound('delayed transfer')
      const outcome = await committer.submit({
        kind: payments.recallTransfer,
        input: { payer, transferNumber: found.transferNumber },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: ({ transfer }) => body(transfer), refused: refusalAnswer })
    },
  })
}
