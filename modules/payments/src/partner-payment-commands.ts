import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, microsToIso, ok, publicId, type Result, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { FIRST_ASKING, PARTNER_PAYMENT_STATES, type PartnerPayment } from './partner.ts'
import { isWithinLimit } from './partner-position.ts'
import { type PayerInput, payerProof } from './payer-proof.ts'
import { decideAmount } from './trade-decide.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

export const PartnerPaymentView = Type.Object({
  id: Type.Integer(),
  payer: Type.Integer(),
  partner: Type.String(),
  reference: Type.String(),
  payeeName: Type.String(),
  amount: Type.String(),
  state: Type.Enum([...PARTNER_PAYMENT_STATES]),
  refusal: Type.Union([Type.String(), Type.Null()]),
  theirNumber: Type.Union([Type.String(), Type.Null()]),
  refunded: Type.String(),
  createdAt: Type.Integer(),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
})
export type PartnerPaymentView = Static<typeof PartnerPaymentView>

export function partnerPaymentView(payment: PartnerPayment): PartnerPaymentView {
  const { id, payer, partner, reference, payeeName, state, refusal, theirNumber, createdAt, endedAt } = payment
  return {
    ...{ id, payer, partner, reference, payeeName, state, refusal, theirNumber, createdAt, endedAt },
    amount: formatAmount(payment.amountMinor, WALLET_CURRENCY),
    refunded: formatAmount(payment.refundedMinor, WALLET_CURRENCY),
  }
}

export const PartnerPaymentAnswer = Type.Object({ payment: PartnerPaymentView })
export type PartnerPaymentAnswer = Static<typeof PartnerPaymentAnswer>

export interface BeginPartnerPaymentInput extends PayerInput {
  readonly payer: number
  readonly partner: string
  /** Of the partner's static code. */
  readonly reference: string
  /** The name that the payer was shown and confirmed; the partner compares it with its register. */
  readonly payeeName: string
  readonly amountMinor: bigint
}

/** `payments.begin-partner-payment`: holds the money and writes down what is to be sent. Nothing is sent in here. */
export function beginPartnerPaymentKind(
  context: PaymentContext,
): CommandKind<BeginPartnerPaymentInput, PartnerPaymentAnswer> {
  const { set, party, purses, tables } = context
  return {
    name: 'payments.begin-partner-payment',
    need: ({ payer, partner }) => {
      context.outlays.need(payer)
      purses.needWallet(payer)
      tables.partners.need(partner)
    },
    decide: ({ strength, assessment, ...input }) => {
      const { payer, amountMinor } = input
      const now = set.batch.at
      const customer = party.customer(payer)
      if (customer === undefined) return refuse('customer_not_found')
      const partner = tables.partners.get(input.partner)
      if (partner === undefined) return refuse('partner_not_found')
      const from = purses.wallet(payer, 'payer')
      const to = purses.position(partner.payableAccount)
      const amount = decideAmount(amountMinor)
      if (!amount.ok) return amount
      if (!isWithinLimit(purses, partner, 'payable', amountMinor)) return refuse('partner_limit_exceeded')
      if (from === undefined || customer.status !== 'active') return refuse('payer_blocked')
      const id = set.newId(slotOf(payer))
      const proof = payerProof('partner', { strength, assessment })
      const spent = context.outlays.spendAtOnce({ customer: payer, amountMinor, reference: id, proof })
      if (!spent.ok) return spent
      const hold = purses.hold({ from, to, amountMinor, code: 'partner_payment', reference: id })
      if (!hold.ok) return hold
      const payment: PartnerPayment = {
        ...{ ...input, id, hold: hold.value, state: 'sending', refusal: null, theirNumber: null },
        ...{ refundedMinor: 0n, attempts: 0, askAt: now + FIRST_ASKING, createdAt: now, endedAt: null },
      }
      tables.partnerPayments.add(id, payment)
      return ok({ payment: partnerPaymentView(payment) })
    },
    form: ({ amountMinor, strength: _, assessment: __, ...rest }) =>
      canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(PartnerPaymentAnswer),
  }
}

export type PartnerOutcome =
  | { readonly state: 'paid'; readonly theirNumber: string }
  | { readonly state: 'refused'; readonly refusal: string }

export interface EndPartnerPaymentInput {
  readonly payment: number
  readonly outcome: PartnerOutcome
}

/** `payments.end-partner-payment`: the partner's answer is known. A second answer changes nothing: the partner's first one is its only one. */
export function endPartnerPaymentKind(
  context: PaymentContext,
): CommandKind<EndPartnerPaymentInput, PartnerPaymentAnswer> {
  const { tables } = context
  return {
    name: 'payments.end-partner-payment',
    need: ({ payment }) => tables.partnerPayments.need(payment),
    decide: ({ payment: id, outcome }) => {
      const payment = tables.partnerPayments.get(id)
      if (payment === undefined) return refuse('trade_not_found')
      const ended = endPartnerPayment(context, payment, outcome)
      return ended.ok ? ok({ payment: partnerPaymentView(ended.value) }) : ended
    },
    form: ({ payment, outcome }) => canonicalJson({ payment, ...outcome }),
    ...answerCodec(PartnerPaymentAnswer),
  }
}

/** Moves the money that was held, or gives it back, unless that was done before. */
export function endPartnerPayment(
  { set, purses, tables, limits }: PaymentContext,
  payment: PartnerPayment,
  outcome: PartnerOutcome,
): Result<PartnerPayment, PaymentRefusal> {
  if (payment.state !== 'sending') return ok(payment)
  const { id, hold, amountMinor, partner } = payment
  purses.needHold(hold)
  if (outcome.state === 'paid') {
    const captured = purses.capture(hold, amountMinor, id)
    if (!captured.ok) return captured
  } else {
    purses.release(hold)
    limits.giveBack(id, amountMinor)
  }
  const ended: PartnerPayment = { ...payment, ...outcome, endedAt: set.batch.at }
  tables.partnerPayments.put(id, ended)
  const key = publicId('ppay', id)
  const body = {
    ...{ partnerPayment: key, payer: publicId('cust', ended.payer), partner, state: ended.state },
    ...{ amount: formatAmount(amountMinor, WALLET_CURRENCY), at: microsToIso(set.batch.at) },
  }
  set.emit({ topic: `partner-payment.${outcome.state}`, key, body: JSON.stringify(body) })
  return ok(ended)
}
