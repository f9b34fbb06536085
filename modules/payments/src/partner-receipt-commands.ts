import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, microsToIso, ok, publicId, type Result, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { paymentFeeMinor } from './fee.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { maskedName } from './masked-name.ts'
import { type PartnerReceipt, partnerKey } from './partner.ts'
import { isWithinLimit } from './partner-position.ts'
import type { Purse } from './purse.ts'
import type { StaticCode } from './static-code.ts'
import { decideAmount } from './trade-decide.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

export interface AcceptPartnerPaymentInput {
  readonly partner: string
  readonly paymentNumber: string
  readonly reference: string
  readonly amountMinor: bigint
  /** The name that the partner's customer confirmed. */
  readonly payeeName: string
}

export const PartnerReceiptAnswer = Type.Object({ id: Type.Integer(), changed: Type.Boolean() })
export type PartnerReceiptAnswer = Static<typeof PartnerReceiptAnswer>

/**
 * `payments.accept-partner-payment`: pays the owner of a code of ours at once, against what the partner owes us from now on. The partner's
 * number is one payment for ever. Give it an idempotency key of the number, so that a refusal is the first and only answer too: a partner that
 * was told no has given its customer the money back.
 */
export function acceptPartnerPaymentKind(
  context: PaymentContext,
): CommandKind<AcceptPartnerPaymentInput, PartnerReceiptAnswer> {
  const { set, party, purses, tables } = context

  function registeredName({ owner }: StaticCode): string | undefined {
    if (owner.kind === 'merchant') return party.merchant(owner.id)?.name
    const person = party.customer(owner.id)
    return person === undefined ? undefined : maskedName(person.displayName)
  }

  /** Who is paid, and for which fee. */
  function payeeOf({ owner }: StaticCode, amountMinor: bigint): Result<Payee, PaymentRefusal> {
    if (owner.kind === 'customer') {
      const purse = purses.wallet(owner.id, 'payee')
      if (purse === undefined || party.customer(owner.id)?.status !== 'active') return refuse('payee_blocked')
      return ok({ purse, feeMinor: 0n })
    }
    const purse = purses.merchantAccount(owner.id)
    if (purse === undefined || party.merchant(owner.id)?.status !== 'active') return refuse('merchant_blocked')
    return ok({ purse, feeMinor: paymentFeeMinor(amountMinor, party.feeRateMillionths(owner.id)) })
  }

  return {
    name: 'payments.accept-partner-payment',
    need: ({ partner, paymentNumber, reference }) => {
      tables.partners.need(partner)
      tables.partnerReceipts.need(partnerKey(partner, paymentNumber))
      tables.staticCodes.need(reference)
    },
    decide: (input) => {
      const { reference, amountMinor, paymentNumber } = input
      const partner = tables.partners.get(input.partner)
      if (partner === undefined) return refuse('partner_not_found')
      const key = partnerKey(input.partner, paymentNumber)
      const before = tables.partnerReceipts.get(key)
      if (before !== undefined) {
        const same = before.reference === reference && before.amountMinor === amountMinor
        return same ? ok({ id: before.id, changed: false }) : refuse('partner_inconsistent')
      }
      const code = tables.staticCodes.get(reference)
      if (code === undefined || code.state !== 'active') return refuse('static_code_invalid')
      if (code.owner.kind === 'merchant') context.needPayment(code.owner.id)
      else {
        party.needCustomer(code.owner.id)
        purses.needWallet(code.owner.id)
      }
      const amount = decideAmount(amountMinor)
      if (!amount.ok) return amount
      if (registeredName(code) !== input.payeeName) return refuse('payee_name_not_confirmed')
      const from = purses.position(partner.receivableAccount)
      if (!isWithinLimit(purses, partner, 'receivable', amountMinor)) return refuse('partner_limit_exceeded')
      const payee = payeeOf(code, amountMinor)
      if (!payee.ok) return payee
      const { purse: to, feeMinor } = payee.value
      const id = set.newId(slotOf(code.owner.id))
      const moved = purses.move({ from, to, amountMinor, code: 'partner_payment', reference: id })
      if (!moved.ok) return moved
      if (feeMinor > 0n) {
        const income = purses.house('fee_income')
        const charged = purses.move({
          from: to,
          to: income,
          amountMinor: feeMinor,
          code: 'merchant_fee',
          reference: id,
        })
        if (!charged.ok) return charged
      }
      const receipt: PartnerReceipt = {
        ...{ id, partner: input.partner, paymentNumber, reference, owner: code.owner, amountMinor, feeMinor },
        ...{ refundedMinor: 0n, feeReturnedMinor: 0n },
        receivedAt: set.batch.at,
      }
      tables.partnerReceipts.put(key, receipt)
      set.emit(receivedEvent(receipt))
      return ok({ id, changed: true })
    },
    form: ({ amountMinor, ...rest }) => canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(PartnerReceiptAnswer),
  }
}

interface Payee {
  readonly purse: Purse
  readonly feeMinor: bigint
}

function receivedEvent({ id, owner, partner, amountMinor, receivedAt }: PartnerReceipt) {
  const key = publicId('prcp', id)
  const body = {
    ...{ receipt: key, payee: publicId(owner.kind === 'customer' ? 'cust' : 'mrch', owner.id), partner },
    ...{ amount: formatAmount(amountMinor, WALLET_CURRENCY), at: microsToIso(receivedAt) },
  }
  return { topic: 'partner-payment.received', key, body: JSON.stringify(body) } as const
}
