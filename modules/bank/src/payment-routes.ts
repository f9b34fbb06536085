import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, PublicId, pageOf } from '@huitong/contract'
import { badField, type HttpApp, notFound, reply } from '@huitong/http'
import Type from 'typebox'
import { findPayment, listPayments } from './bank-read-store.ts'
import { ACCOUNT_ID, PaymentBody, paymentBody } from './bank-views.ts'
import { PAYMENT_STATES, WAYS } from './payment.ts'
import {
  accountOf,
  BANK_MOVE,
  BANK_READ,
  BANK_TAGS,
  type BankRouteParts,
  ByReference,
  PaymentAnswerBody,
  paymentReply,
} from './route-parts.ts'
import { sendInput, TransferRequest } from './transfer-request.ts'

const LIST = 'bank payments'

export const PAYMENT_FILTER = {
  ...PAGE_QUERY,
  state: Type.Optional(Type.Enum([...PAYMENT_STATES])),
  way: Type.Optional(Type.Enum([...WAYS])),
}

/** The last payment of the page before, as a part of a filter. */
export function afterPayment(cursor: string | undefined) {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(LIST, ['number', 'number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return { after: { madeAt: Number(decoded.value[0]), id: Number(decoded.value[1]) } }
}

export function paymentPage(rows: Awaited<ReturnType<typeof listPayments>>, limit: number) {
  return pageOf(rows, limit, paymentBody, ({ payment }) => encodeCursor(LIST, [payment.madeAt, payment.id]))
}

/** Payments over the clearing house, as staff see them. */
export function addPaymentRoutes(http: HttpApp, parts: BankRouteParts): void {
  const { db, committer, bank, chance } = parts

  http.route({
    method: 'GET',
    url: '/v1/bank/payments',
    access: BANK_READ,
    summary: 'Payments over the clearing house, newest first; all, or some',
    description:
      '`attention=true`: those that somebody has to look at, since the clearing house contradicted itself, the money is in suspense, or another bank wants it back.',
    tags: BANK_TAGS,
    schema: {
      querystring: Type.Object({
        ...PAYMENT_FILTER,
        account: Type.Optional(PublicId(ACCOUNT_ID)),
        attention: Type.Optional(Type.Boolean()),
      }),
      response: { 200: Page(PaymentBody) },
    },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor, account, ...filter } = query
      const of = account === undefined ? {} : { account: (await accountOf(parts, account, null)).number }
      const rows = await db.read((tx) => listPayments(tx, { ...filter, ...of, ...afterPayment(cursor), limit }))
      return reply(paymentPage(rows, limit))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/bank/payments/:reference',
    access: BANK_READ,
    summary: 'One payment: of a transfer by its UETR',
    tags: BANK_TAGS,
    schema: { params: ByReference, response: { 200: PaymentBody } },
    handler: async ({ params }) => {
      const found = await db.read((tx) => findPayment(tx, params.reference))
      return found === undefined ? notFound('payment') : reply(paymentBody(found))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/bank/payments',
    access: BANK_MOVE,
    summary: "Send a customer's credit transfer for him, as he asked at the counter",
    tags: BANK_TAGS,
    idempotent: true,
    schema: { body: TransferRequest, response: { 201: PaymentAnswerBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const account = await accountOf(parts, body.account, null)
      const outcome = await committer.submit({
        kind: bank.send,
        input: sendInput(body, account, null, chance),
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return paymentReply(outcome, 201)
    },
  })
}
