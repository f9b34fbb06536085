import { AmountText, CurrencyText, LineText, PAGE_QUERY, Page, PublicId, pageOf, Timestamp } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { WALLET_CURRENCY } from './limits.ts'
import { PARTNER_PAYMENT_STATES, type PartnerReceipt } from './partner.ts'
import { sendPartnerRefund } from './partner-jobs.ts'
import { selectPartnerReceipt, selectPartnerReceipts } from './partner-receipt-read-store.ts'
import { type PartnerRefundView, partnerRefundView } from './partner-refund-commands.ts'
import { selectPartnerRefund, selectPartnerRefunds } from './partner-refund-store.ts'
import { boundOf, readBounds } from './people-routes.ts'
import {
  AmountBody,
  OwnNumber,
  type PaymentRouteParts,
  payerOf,
  readAmount,
  readId,
  refusalAnswer,
} from './route-parts.ts'

const TAGS = ['Partners'] as const
const OWNER = { callers: ['customer', 'merchant'], scope: 'payments:write' } as const
const OWNER_READS = { callers: ['customer', 'merchant'], scope: 'payments:read' } as const
const RECEIPT_ID = 'prcp'
const REFUND_ID = 'prfd'
const LIST = 'partner-receipts'
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })

const PartnerReceiptBody = Type.Object(
  {
    id: PublicId(RECEIPT_ID),
    institution: Type.String({ description: 'Whose customer paid' }),
    reference: Type.String({ description: 'Of the static code' }),
    currency: CurrencyText,
    amount: AmountText,
    fee: AmountText,
    refunded: Type.String({ description: 'What went back, refunds without a known answer counted' }),
    feeReturned: AmountText,
    receivedAt: Timestamp,
  },
  { $id: 'PartnerReceipt' },
)

const PartnerRefundBody = Type.Object(
  {
    id: PublicId(REFUND_ID),
    receipt: PublicId(RECEIPT_ID),
    refundNumber: Type.String(),
    institution: Type.String(),
    currency: CurrencyText,
    amount: AmountText,
    feeReturned: AmountText,
    reason: Type.Union([Type.String(), Type.Null()]),
    state: Type.Enum([...PARTNER_PAYMENT_STATES]),
    refusal: Type.Union([Type.String(), Type.Null()]),
    theirNumber: Type.Union([Type.String(), Type.Null()]),
    createdAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'PartnerRefund' },
)

function receiptBody(receipt: PartnerReceipt): Static<typeof PartnerReceiptBody> {
  const amount = (minor: bigint) => formatAmount(minor, WALLET_CURRENCY)
  return {
    id: publicId(RECEIPT_ID, receipt.id),
    institution: receipt.partner,
    reference: receipt.reference,
    currency: WALLET_CURRENCY,
    amount: amount(receipt.amountMinor),
    fee: amount(receipt.feeMinor),
    refunded: amount(receipt.refundedMinor),
    feeReturned: amount(receipt.feeReturnedMinor),
    receivedAt: microsToIso(receipt.receivedAt),
  }
}

function refundBody({ id, receipt, partner, createdAt, endedAt, ...rest }: PartnerRefundView) {
  return {
    ...rest,
    id: publicId(REFUND_ID, id),
    receipt: publicId(RECEIPT_ID, receipt),
    institution: partner,
    currency: WALLET_CURRENCY,
    createdAt: microsToIso(createdAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
  }
}

/** What customers of other institutions paid here, and how it is given back. */
export function addPartnerRefundRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, partners, db } = parts

  http.route({
    method: 'GET',
    url: '/v1/partner-receipts',
    access: OWNER_READS,
    summary: 'What customers of other institutions paid to one, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object({ ...PAGE_QUERY }), response: { 200: Page(PartnerReceiptBody) } },
    handler: async ({ caller, query }) => {
      const bounds = readBounds(LIST, query)
      const found = await db.read((tx) => selectPartnerReceipts(tx, payerOf(caller), bounds))
      return reply(
        pageOf(found, bounds.limit, receiptBody, ({ id, receivedAt }) => boundOf(LIST, { id, createdAt: receivedAt })),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/partner-receipts/:id',
    access: OWNER_READS,
    summary: 'What one customer of another institution paid, and what of it went back',
    tags: TAGS,
    schema: { params: ById, response: { 200: PartnerReceiptBody } },
    handler: async ({ caller, params }) => {
      const id = readId(RECEIPT_ID, params.id, 'receipt')
      const receipt = await db.read((tx) => selectPartnerReceipt(tx, payerOf(caller), id))
      return receipt === undefined ? notFound('receipt') : reply(receiptBody(receipt))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/partner-receipts/:id/refunds',
    access: OWNER_READS,
    summary: 'Refunds of what a customer of another institution paid, oldest first',
    tags: TAGS,
    schema: { params: ById, response: { 200: Type.Object({ items: Type.Array(PartnerRefundBody) }) } },
    handler: async ({ caller, params }) => {
      const id = readId(RECEIPT_ID, params.id, 'receipt')
      const found = await db.read(async (tx) => {
        const receipt = await selectPartnerReceipt(tx, payerOf(caller), id)
        return receipt === undefined ? undefined : selectPartnerRefunds(tx, receipt.id)
      })
      if (found === undefined) return notFound('receipt')
      return reply({ items: found.map((refund) => refundBody(partnerRefundView(refund))) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/partner-receipts/:id/refunds',
    access: OWNER,
    summary: 'Give a part of it, or all, back to the customer of the other institution',
    description:
      '`refundNumber` is one’s own: the same number with the same amount is the same refund. The money is held at once and the other institution asked. `sending` means that its answer is not known yet: the refund goes on by itself, and must not be made again. `refused` gives the money back.',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ refundNumber: OwnNumber, amount: AmountBody, reason: Type.Optional(LineText(256)) }),
      response: { 200: PartnerRefundBody, 201: PartnerRefundBody },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const id = readId(RECEIPT_ID, params.id, 'receipt')
      const amountMinor = readAmount(body.amount)
      const owner = payerOf(caller)
      const receipt = await db.read((tx) => selectPartnerReceipt(tx, owner, id))
      if (receipt === undefined) return notFound('receipt')
      const { partner, paymentNumber } = receipt
      const { refundNumber, reason = null } = body
      const outcome = await committer.submit({
        kind: payments.beginPartnerRefund,
        input: { owner, partner, paymentNumber, refundNumber, amountMinor, reason },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      const known = outcome.status === 'done' ? await answered(outcome.answer.refund) : undefined
      return outcomeToReply(outcome, {
        status: outcome.status === 'done' && !outcome.answer.changed ? 200 : 201,
        done: ({ refund }) => refundBody(known ?? refund),
        refused: refusalAnswer,
      })
    },
  })

  /** The refund as it is now, after asking the partner once if nobody knows. */
  async function answered(begun: PartnerRefundView): Promise<PartnerRefundView> {
    const refund = await db.read((tx) => selectPartnerRefund(tx, begun.receipt, begun.refundNumber))
    if (refund === undefined) return begun
    if (refund.state !== 'sending') return partnerRefundView(refund)
    return (await sendPartnerRefund({ committer, payments, partners }, refund)) ?? begun
  }
}
