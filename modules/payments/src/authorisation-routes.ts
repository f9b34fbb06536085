import { AmountText, CurrencyText, LineText, PublicId, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { microsToIso, publicId } from '@huitong/kernel'
import { readPaymentCode } from '@huitong/party'
import Type, { type Static } from 'typebox'
import { ENDING_CAUSES, OPERATION_KINDS } from './authorisation.ts'
import { type AuthorisationView, authorisationView, type OperationView, operationView } from './authorisation-views.ts'
import { AUTHORISATION_LIFE, TILL_TRADE_LIFE } from './limits.ts'
import { assessedCode } from './payer-proof.ts'
import { CUSTOMER_ID, MERCHANT_ID, PaymentBody, paymentBody } from './payment-bodies.ts'
import { readTime } from './payment-routes.ts'
import {
  AmountBody,
  merchantOf,
  OwnNumber,
  type PaymentRouteParts,
  readAmount,
  readId,
  refusalAnswer,
} from './route-parts.ts'

const AUTHORISATION_ID = 'auth'
const TAGS = ['Authorisations'] as const
const AS_MERCHANT = { callers: ['merchant'], scope: 'payments:write' } as const
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })

const OperationBody = Type.Object(
  {
    requestNumber: Type.String(),
    kind: Type.Enum([...OPERATION_KINDS]),
    amount: AmountText,
    remark: Type.Union([Type.String(), Type.Null()]),
    createdAt: Timestamp,
  },
  { $id: 'AuthorisationOperation' },
)

const SUMMARY = {
  id: PublicId(AUTHORISATION_ID),
  number: Type.String({ description: '28 digits, as the gateway calls it' }),
  authorisationNumber: Type.String(),
  merchant: PublicId(MERCHANT_ID),
  customer: PublicId(CUSTOMER_ID),
  title: Type.String(),
  currency: CurrencyText,
  amount: AmountText,
  captured: AmountText,
  released: AmountText,
  rest: Type.String({ description: 'What is still promised' }),
  state: Type.Enum(['authorised', 'ended']),
  endingCause: Type.Union([Type.Enum([...ENDING_CAUSES]), Type.Null()]),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  endedAt: Type.Union([Timestamp, Type.Null()]),
}
const AuthorisationBody = Type.Object(SUMMARY, { $id: 'Authorisation' })
const AuthorisationDetailBody = Type.Object(
  { ...SUMMARY, operations: Type.Array(OperationBody) },
  { $id: 'AuthorisationDetail' },
)

const AuthorisationRequest = Type.Object(
  {
    authorisationNumber: OwnNumber,
    amount: AmountBody,
    title: LineText(100),
    paymentCode: Type.String({ maxLength: 32, description: 'Shown by the payer' }),
    expiresAt: Type.Optional(Timestamp),
  },
  { $id: 'AuthorisationRequest' },
)

const CaptureRequest = Type.Object(
  {
    orderNumber: OwnNumber,
    amount: AmountBody,
    subject: LineText(256),
    final: Type.Optional(Type.Boolean({ description: 'Gives the rest back' })),
  },
  { $id: 'CaptureRequest' },
)

/** Pre-authorisations: money promised now, charged in parts later, the rest given back. */
export function addAuthorisationRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, vault, clock } = parts
  const { authorisations } = parts.queries
  const reference = (merchant: number, id: string) => ({
    ...{ merchant, authorisation: readId(AUTHORISATION_ID, id, 'authorisation'), authorisationNumber: null },
  })

  http.route({
    method: 'POST',
    url: '/v1/authorisations',
    access: AS_MERCHANT,
    summary: 'Have money promised by the code that a customer shows',
    description: 'The money stays in the wallet and cannot be spent. The same number again is the same authorisation.',
    tags: TAGS,
    idempotent: true,
    schema: { body: AuthorisationRequest, response: { 200: AuthorisationBody, 201: AuthorisationBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const code = readPaymentCode(body.paymentCode, vault)
      if (!code.ok) throw badField('paymentCode', code.error, 'is not a payment code')
      const amountMinor = readAmount(body.amount)
      const outcome = await committer.submit({
        kind: payments.authorise,
        input: {
          merchant: merchantOf(caller),
          authorisationNumber: body.authorisationNumber,
          requestNumber: body.authorisationNumber,
          title: body.title,
          details: {},
          amountMinor,
          assessment: await assessedCode(payments, 'authorisation', amountMinor),
          codeHash: code.value,
          expiresAt: readTime(body.expiresAt) ?? clock.now() + AUTHORISATION_LIFE,
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ authorisation }) => authorisationBody(authorisation),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/authorisations/:id',
    access: { callers: ['merchant', 'customer', 'staff'], scope: 'payments:read' },
    summary: 'One authorisation and what was done to it',
    tags: TAGS,
    schema: { params: ById, response: { 200: AuthorisationDetailBody } },
    handler: async ({ caller, params }) => {
      const found = await authorisations.authorisation(readId(AUTHORISATION_ID, params.id, 'authorisation'))
      const own =
        caller.kind === 'staff' ||
        (caller.kind === 'merchant' && caller.merchantId === found?.merchant) ||
        (caller.kind === 'customer' && caller.customerId === found?.payer)
      if (found === undefined || !own) return notFound('authorisation')
      const operations = await authorisations.operations(found.id)
      return reply({
        ...authorisationBody(authorisationView(found)),
        operations: operations.map((operation) => operationBody(operationView(operation))),
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/authorisations/:id/captures',
    access: AS_MERCHANT,
    summary: 'Charge a part of what is promised, or all of it',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, body: CaptureRequest, response: { 201: PaymentBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: payments.capture,
        input: {
          ...reference(merchantOf(caller), params.id),
          orderNumber: body.orderNumber,
          subject: body.subject,
          details: {},
          totalMinor: readAmount(body.amount),
          final: body.final ?? false,
          life: TILL_TRADE_LIFE,
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ trade }) => paymentBody(trade, true),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/authorisations/:id/releases',
    access: AS_MERCHANT,
    summary: 'Give a part of what is promised back',
    description: 'The same request number with the same amount is the same release.',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object(
        { requestNumber: OwnNumber, amount: AmountBody, remark: Type.Optional(LineText(100)) },
        { $id: 'ReleaseRequest' },
      ),
      response: { 200: AuthorisationBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const about = { requestNumber: body.requestNumber, remark: body.remark ?? null }
      const outcome = await committer.submit({
        kind: payments.releaseAuthorisation,
        input: { ...reference(merchantOf(caller), params.id), ...about, amountMinor: readAmount(body.amount) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        done: ({ authorisation }) => authorisationBody(authorisation),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/authorisations/:id/cancel',
    access: AS_MERCHANT,
    summary: 'Call an authorisation off: all that is left goes back',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, response: { 200: AuthorisationBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: payments.cancelAuthorisation,
        input: { ...reference(merchantOf(caller), params.id), remark: null },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        done: ({ authorisation }) => authorisationBody(authorisation),
        refused: refusalAnswer,
      })
    },
  })
}

function authorisationBody(view: AuthorisationView): Static<typeof AuthorisationBody> {
  const { id, merchant, payer, createdAt, expiresAt, endedAt, ...rest } = view
  return {
    ...rest,
    id: publicId(AUTHORISATION_ID, id),
    merchant: publicId(MERCHANT_ID, merchant),
    customer: publicId(CUSTOMER_ID, payer),
    createdAt: microsToIso(createdAt),
    expiresAt: microsToIso(expiresAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
  }
}

function operationBody({
  requestNumber,
  kind,
  amount,
  remark,
  createdAt,
}: OperationView): Static<typeof OperationBody> {
  return { requestNumber, kind, amount, remark, createdAt: microsToIso(createdAt) }
}
