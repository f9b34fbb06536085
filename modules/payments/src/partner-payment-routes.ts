import { AmountText, CurrencyText, LineText, PublicId, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { readIssuedCode } from './issued-code.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { PARTNER_PAYMENT_STATES } from './partner.ts'
import { sendPartnerPayment } from './partner-jobs.ts'
import { type PartnerPaymentView, partnerPaymentView } from './partner-payment-commands.ts'
import { selectPartnerPayment } from './partner-payment-store.ts'
import { assessedPayer } from './payer-proof.ts'
import { CUSTOMER_ID } from './payment-bodies.ts'
import { AS_PERSON, PERSON_READS } from './people-routes.ts'
import { AmountBody, customerOf, type PaymentRouteParts, readAmount, readId, refusalAnswer } from './route-parts.ts'

const TAGS = ['Partners'] as const
const PARTNER_PAYMENT_ID = 'ppay'

const PartnerPaymentBody = Type.Object(
  {
    id: PublicId(PARTNER_PAYMENT_ID),
    payer: PublicId(CUSTOMER_ID),
    institution: Type.String(),
    reference: Type.String(),
    payeeName: Type.String(),
    currency: CurrencyText,
    amount: AmountText,
    state: Type.Enum([...PARTNER_PAYMENT_STATES]),
    refusal: Type.Union([Type.String(), Type.Null()]),
    theirNumber: Type.Union([Type.String(), Type.Null()]),
    refunded: Type.String({ description: 'What came back of it' }),
    createdAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'PartnerPayment' },
)

function body(view: PartnerPaymentView): Static<typeof PartnerPaymentBody> {
  const { id, payer, partner, createdAt, endedAt, ...rest } = view
  return {
    ...rest,
    id: publicId(PARTNER_PAYMENT_ID, id),
    payer: publicId(CUSTOMER_ID, payer),
    institution: partner,
    currency: WALLET_CURRENCY,
    createdAt: microsToIso(createdAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
  }
}

/** Customers pay static codes of other institutions. */
export function addPartnerPaymentRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, partners, db, issuer, orderCodeUrl, staticCodeUrl } = parts

  http.route({
    method: 'POST',
    url: '/v1/partner-payments',
    access: AS_PERSON,
    summary: 'Pay the owner of another institution’s static code',
    description:
      'The money is held at once and the other institution asked. `sending` means that its answer is not known yet: the payment goes on by itself, and must not be made again. `payeeName` is the name that resolving the code gave.',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({ code: Type.String({ maxLength: 1024 }), amount: AmountBody, payeeName: LineText(128) }),
      response: { 201: PartnerPaymentBody },
    },
    handler: async ({ caller, body: { code: text, amount, payeeName }, idempotencyKey }) => {
      const amountMinor = readAmount(amount)
      const read = readIssuedCode(text, issuer.institution, { orderCodeUrl, staticCodeUrl })
      if (!read.ok) throw badField('code', read.error.rule, read.error.text)
      const { code } = read.value
      if (code.kind !== 'static' || code.institution === issuer.institution) {
        throw badField('code', 'not_foreign', 'must be a static code of another institution')
      }
      const { institution: partner, reference } = code
      const proof = await assessedPayer(payments, caller, { way: 'partner', amountMinor })
      const outcome = await committer.submit({
        kind: payments.beginPartnerPayment,
        input: { payer: customerOf(caller), partner, reference, amountMinor, payeeName, ...proof },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      const known = outcome.status === 'done' ? await answered(outcome.answer.payment) : undefined
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ payment }) => body(known ?? payment),
        refused: refusalAnswer,
      })
    },
  })

  /** The payment as it is now, after asking the partner once if nobody knows. */
  async function answered(begun: PartnerPaymentView): Promise<PartnerPaymentView> {
    const payment = await db.read((tx) => selectPartnerPayment(tx, begun.id))
    if (payment === undefined) return begun
    if (payment.state !== 'sending') return partnerPaymentView(payment)
    return (await sendPartnerPayment({ committer, payments, partners }, payment)) ?? begun
  }

  http.route({
    method: 'GET',
    url: '/v1/partner-payments/:id',
    access: PERSON_READS,
    summary: 'What has become of one’s payment to another institution',
    tags: TAGS,
    schema: {
      params: Type.Object({ id: Type.String({ maxLength: 40 }) }),
      response: { 200: PartnerPaymentBody },
    },
    handler: async ({ caller, params }) => {
      const id = readId(PARTNER_PAYMENT_ID, params.id, 'payment')
      const found = await db.read((tx) => selectPartnerPayment(tx, id))
      if (found === undefined || found.payer !== customerOf(caller)) return notFound('payment')
      return reply(body(partnerPaymentView(found)))
    },
  })
}
