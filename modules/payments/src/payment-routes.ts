import {
  type Caller,
  decodeCursor,
  encodeCursor,
  LineText,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { isoToMicros } from '@huitong/kernel'
import { readPaymentCode } from '@huitong/party'
import Type, { type Static } from 'typebox'
import { TILL_TRADE_LIFE, TRADE_LIFE } from './limits.ts'
import { assessedCode, assessedPayer } from './payer-proof.ts'
import { CUSTOMER_ID, MERCHANT_ID, PaymentBody, paymentBody, TRADE_ID } from './payment-bodies.ts'
import type { TradeFilter } from './payments-read-store.ts'
import {
  AmountBody,
  customerOf,
  merchantOf,
  OwnNumber,
  type PaymentRouteParts,
  readAmount,
  readId,
  refusalAnswer,
} from './route-parts.ts'
import { SettlementTerms, settlementDetails } from './settlement-terms.ts'
import { DISCOUNT_TERMS, readChoices, readDiscountDetails, TenderChoicesBody } from './tender-bodies.ts'
import { TRADE_STATES, type Trade } from './trade.ts'
import { type TradeView, tradeView } from './views.ts'

const TAGS = ['Payments'] as const
const READ = { callers: ['merchant', 'customer', 'staff'], scope: 'payments:read' } as const
const AS_MERCHANT = { callers: ['merchant'], scope: 'payments:write' } as const
const AS_CUSTOMER = { callers: ['customer'], scope: 'payments:write' } as const
export const ByPayment = Type.Object({ id: Type.String({ maxLength: 40 }) })

const PaymentRequest = Type.Object(
  {
    orderNumber: OwnNumber,
    amount: AmountBody,
    subject: LineText(256),
    paymentCode: Type.Optional(
      Type.String({ maxLength: 512, description: 'Shown by the buyer, digits or EMVCo code: paid at once' }),
    ),
    customer: Type.Optional(Type.String({ maxLength: 40, description: 'The buyer who will confirm it later' })),
    expiresAt: Type.Optional(Timestamp),
    ...DISCOUNT_TERMS,
    settlement: Type.Optional(SettlementTerms),
  },
  { $id: 'PaymentRequest' },
)

/** Whether the trade is one that the caller may see: their own, or any for staff. */
export function maySee(caller: Caller, trade: Pick<Trade, 'merchant' | 'buyer'>): boolean {
  if (caller.kind === 'staff') return true
  if (caller.kind === 'merchant') return caller.merchantId === trade.merchant
  return caller.kind === 'customer' && caller.customerId === trade.buyer
}

/** The fee is between the merchant and the institution. */
export function seesFee(caller: Caller): boolean {
  return caller.kind !== 'customer'
}

export function addPaymentRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, queries, vault } = parts

  http.route({
    method: 'POST',
    url: '/v1/payments',
    access: AS_MERCHANT,
    summary: 'Take a payment by code, or ask a customer for one',
    description:
      'With `paymentCode` the payment is made at once or refused without a trace. It may come back as `awaiting_proof` or `held`: then its payer has to prove more, or staff look at it. With `customer` it waits for that customer to confirm. The same order number again is the same payment, never a second one.',
    tags: TAGS,
    idempotent: true,
    schema: { body: PaymentRequest, response: { 200: PaymentBody, 201: PaymentBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const idempotency = { caller: caller.id, key: idempotencyKey }
      const totalMinor = readAmount(body.amount)
      const terms = {
        merchant: merchantOf(caller),
        orderNumber: body.orderNumber,
        subject: body.subject,
        details: { ...settlementDetails(body.settlement), ...readDiscountDetails(body, totalMinor) },
        totalMinor,
        expiresAt: readTime(body.expiresAt),
      }
      const asked = readBuyer(body)
      const outcome =
        asked.by === 'code'
          ? await committer.submit({
              kind: payments.payByCode,
              input: {
                ...{ ...terms, codeHash: readCode(asked.code), life: TILL_TRADE_LIFE },
                assessment: await assessedCode(payments, 'payment_code', terms.totalMinor),
              },
              idempotency,
            })
          : await committer.submit({
              kind: payments.create,
              input: { ...terms, buyer: readId(CUSTOMER_ID, asked.customer, 'customer'), life: TRADE_LIFE },
              idempotency,
            })
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ trade }) => paymentBody(trade, true),
        refused: refusalAnswer,
      })
    },
  })

  function readCode(digits: string): string {
    const code = readPaymentCode(digits, vault)
    if (!code.ok) throw badField('paymentCode', code.error, 'is not a payment code')
    return code.value
  }

  http.route({
    method: 'GET',
    url: '/v1/payments',
    access: READ,
    summary: 'Payments, newest first: one’s own, or any for staff',
    tags: TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        state: Type.Optional(Type.Enum([...TRADE_STATES])),
        merchant: Type.Optional(Type.String({ maxLength: 40, description: 'For staff' })),
        customer: Type.Optional(Type.String({ maxLength: 40, description: 'For staff' })),
      }),
      response: { 200: Page(PaymentBody) },
    },
    handler: async ({ caller, query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const { state } = query
      const trades = await queries.trades({
        limit,
        ...ownPart(caller, query),
        ...(state === undefined ? {} : { state }),
        ...readCursor(query.cursor),
      })
      return reply(
        pageOf(
          trades,
          limit,
          (trade) => paymentBody(tradeView(trade), seesFee(caller)),
          (last) => encodeCursor(LIST, [last.createdAt, last.id]),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/payments/:id',
    access: READ,
    summary: 'One payment',
    tags: TAGS,
    schema: { params: ByPayment, response: { 200: PaymentBody } },
    handler: async ({ caller, params }) => {
      const trade = await queries.trade(readId(TRADE_ID, params.id, 'payment'))
      if (trade === undefined || !maySee(caller, trade)) return notFound('payment')
      return reply(paymentBody(tradeView(trade), seesFee(caller)))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/payments/:id/confirm',
    access: AS_CUSTOMER,
    summary: 'Pay a waiting payment from the wallet',
    description:
      '`tenders` names what to pay with. Without it coupons, red packets and the balance are used in the customer’s usual order. When it comes back as `awaiting_proof`, prove more (`POST /v1/me/step-up`) and confirm again; as `held`, staff look at it.',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByPayment,
      body: Type.Object({ tenders: Type.Optional(TenderChoicesBody) }),
      response: { 200: PaymentBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: payments.pay,
        input: {
          trade: readId(TRADE_ID, params.id, 'payment'),
          customer: customerOf(caller),
          ...(await assessedPayer(payments, caller, { way: 'wallet', amountMinor: null })),
          tenders: readChoices(body.tenders),
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: ({ trade }) => paymentBody(trade, false), refused: refusalAnswer })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/payments/:id/close',
    access: AS_MERCHANT,
    summary: 'Give up a payment that nobody made',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByPayment, response: { 200: PaymentBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: payments.close,
        input: { merchant: merchantOf(caller), trade: readId(TRADE_ID, params.id, 'payment'), orderNumber: null },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: ({ trade }) => paymentBody(trade, true), refused: refusalAnswer })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/payments/:id/cancel',
    access: AS_MERCHANT,
    summary: 'End a payment whatever became of it: close it, or give all of it back',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByPayment, response: { 200: PaymentBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: payments.cancel,
        input: { merchant: merchantOf(caller), trade: readId(TRADE_ID, params.id, 'payment'), orderNumber: null },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: ({ trade }) => cancelled(trade), refused: refusalAnswer })
    },
  })
}

const LIST = 'payments'

/** A cancellation of nothing succeeds, which suits a gateway's clients; an address of nothing is not found. */
function cancelled(trade: TradeView | null): Static<typeof PaymentBody> {
  if (trade === null) throw notFound('payment')
  return paymentBody(trade, true)
}

function readCursor(cursor: string | undefined): Pick<TradeFilter, 'after'> {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(LIST, ['number', 'number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  const [createdAt, id] = decoded.value.map(Number)
  return { after: { createdAt: createdAt ?? 0, id: id ?? 0 } }
}

/** Merchants and customers get their own, whatever else they ask for; to ask for somebody else's finds nothing for them. */
function ownPart(
  caller: Caller,
  asked: { readonly merchant?: string; readonly customer?: string },
): Pick<TradeFilter, 'merchant' | 'buyer'> {
  const merchant = asked.merchant === undefined ? undefined : readId(MERCHANT_ID, asked.merchant, 'merchant')
  const buyer = asked.customer === undefined ? undefined : readId(CUSTOMER_ID, asked.customer, 'customer')
  if (caller.kind === 'merchant') {
    const own = merchantOf(caller)
    if (merchant !== undefined && merchant !== own) throw notFound('merchant')
    return { merchant: own, ...(buyer === undefined ? {} : { buyer }) }
  }
  if (caller.kind === 'customer') {
    const own = customerOf(caller)
    if (buyer !== undefined && buyer !== own) throw notFound('customer')
    return { buyer: own, ...(merchant === undefined ? {} : { merchant }) }
  }
  return { ...(merchant === undefined ? {} : { merchant }), ...(buyer === undefined ? {} : { buyer }) }
}

type Asked = { readonly by: 'code'; readonly code: string } | { readonly by: 'customer'; readonly customer: string }

function readBuyer({ paymentCode, customer }: Static<typeof PaymentRequest>): Asked {
  if (paymentCode !== undefined && customer === undefined) return { by: 'code', code: paymentCode }
  if (customer !== undefined && paymentCode === undefined) return { by: 'customer', customer }
  throw badField('paymentCode', 'one_of', 'send either paymentCode or customer')
}

/** A time in a request, in µs; null when it was not sent. */
export function readTime(text: string | undefined, field = 'expiresAt'): number | null {
  if (text === undefined) return null
  const time = isoToMicros(text)
  if (!time.ok) throw badField(field, time.error, 'is not a time in RFC 3339')
  return time.value
}
