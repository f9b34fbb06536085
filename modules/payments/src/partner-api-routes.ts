import { type Caller, LineText } from '@huitong/contract'
import { type HttpApp, HttpProblem, notFound, outcomeToReply, reply } from '@huitong/http'
import { parsePublicId, publicId } from '@huitong/kernel'
import Type from 'typebox'
import type { PartnerTaking } from './partner.ts'
import { PartnerAccepted, PartnerResolved, PartnerTaken } from './partner-client.ts'
import { selectTaken } from './partner-receipt-read-store.ts'
import { AmountBody, OwnNumber, type PaymentRouteParts, readAmount, refusalAnswer } from './route-parts.ts'
import { STATIC_CODE_REFERENCE } from './static-code.ts'
import { PAYMENT_REFUSALS } from './trade-refusals.ts'

const TAGS = ['Partners'] as const

/** Our numbers of what we take of partners. */
const TAKEN_ID = { payments: 'prcp', refunds: 'prfr' } as const

/** What another institution may ask of this one. */
export function addPartnerApiRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, codes, clock, db, issuer } = parts

  http.route({
    method: 'POST',
    url: '/v1/partner/codes/resolve',
    access: { callers: ['partner'], scope: 'payments:read' },
    summary: 'For partners: who is paid by a static code of ours',
    tags: TAGS,
    schema: {
      body: Type.Object({ reference: Type.String({ pattern: STATIC_CODE_REFERENCE.source }) }),
      response: { 200: PartnerResolved },
    },
    handler: async ({ body: { reference } }) => {
      const found = await codes.resolve({ kind: 'static', institution: issuer.institution, reference }, clock.now())
      if (found === undefined) return notFound('code')
      const { payeeKind, payeeName, subject } = found
      return reply({ payeeKind, payeeName, subject })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/partner/payments',
    access: { callers: ['partner'], scope: 'payments:write' },
    summary: 'For partners: pay the owner of a static code of ours, for a customer of theirs',
    description: '`paymentNumber` is the partner’s: one number is one payment, and its first answer is its only one.',
    tags: TAGS,
    schema: {
      body: Type.Object({
        paymentNumber: OwnNumber,
        reference: Type.String({ pattern: STATIC_CODE_REFERENCE.source }),
        amount: AmountBody,
        payeeName: LineText(128),
      }),
      response: { 200: PartnerAccepted },
    },
    handler: async ({ caller, body: { paymentNumber, reference, amount, payeeName } }) => {
      const partner = partnerOf(caller)
      const outcome = await committer.submit({
        kind: payments.acceptPartnerPayment,
        input: { partner, paymentNumber, reference, amountMinor: readAmount(amount), payeeName },
        // The number itself: whatever was answered first, a refusal too, is answered for ever.
        idempotency: { caller: caller.id, key: paymentNumber },
      })
      return outcomeToReply(outcome, { done: ({ id }) => ({ number: publicId('prcp', id) }), refused: refusalAnswer })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/partner/refunds',
    access: { callers: ['partner'], scope: 'payments:write' },
    summary: 'For partners: give back what a customer of ours paid to somebody there',
    description:
      '`refundNumber` is the partner’s: one number is one refund, and its first answer is its only one. `paymentNumber` is ours, `receiptNumber` the partner’s of the same payment; who gives a payment back has taken it.',
    tags: TAGS,
    schema: {
      body: Type.Object({
        refundNumber: OwnNumber,
        paymentNumber: OwnNumber,
        receiptNumber: OwnNumber,
        amount: AmountBody,
      }),
      response: { 200: PartnerAccepted },
    },
    handler: async ({ caller, body: { refundNumber, paymentNumber, receiptNumber, amount } }) => {
      const outcome = await committer.submit({
        kind: payments.acceptPartnerRefund,
        input: {
          ...{ partner: partnerOf(caller), refundNumber, receiptNumber, amountMinor: readAmount(amount) },
          payment: ownPayment(paymentNumber),
        },
        idempotency: { caller: caller.id, key: `refund:${refundNumber}` },
      })
      return outcomeToReply(outcome, {
        done: ({ id }) => ({ number: publicId(TAKEN_ID.refunds, id) }),
        refused: refusalAnswer,
      })
    },
  })

  for (const kind of ['payments', 'refunds'] as const satisfies readonly PartnerTaking[]) {
    http.route({
      method: 'POST',
      url: `/v1/partner/${kind}/enquire`,
      access: { callers: ['partner'], scope: 'payments:read' },
      summary: `For partners: whether one of their ${kind} was taken`,
      description:
        'Null when nothing was taken under the number so far: then it may be sent again, under the same number.',
      tags: TAGS,
      schema: { body: Type.Object({ number: OwnNumber }), response: { 200: PartnerTaken } },
      handler: async ({ caller, body: { number } }) => {
        const id = await db.read((tx) => selectTaken(tx, kind, partnerOf(caller), number))
        return reply({ number: id === null ? null : publicId(TAKEN_ID[kind], id) })
      },
    })
  }
}

function partnerOf({ partnerId }: Caller): string {
  if (partnerId === undefined) throw notFound('partner')
  return partnerId
}

/** Which payment of ours a partner names. What was never a number of ours is refused as what was never paid: the partner must know for good. */
function ownPayment(number: string): number {
  const id = parsePublicId('ppay', number)
  if (id.ok) return id.value
  const { status, text } = PAYMENT_REFUSALS.trade_not_found
  throw new HttpProblem(status, 'trade_not_found', text)
}
