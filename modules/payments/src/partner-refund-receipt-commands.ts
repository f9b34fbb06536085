import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, microsToIso, ok, publicId, slotOf } from '@huitong/kernel'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { type PartnerRefundReceipt, partnerKey } from './partner.ts'
import { endPartnerPayment } from './partner-payment-commands.ts'
import { isWithinLimit } from './partner-position.ts'
import { PartnerReceiptAnswer } from './partner-receipt-commands.ts'
import { decideAmount } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'

export interface AcceptPartnerRefundInput {
  readonly partner: string
  readonly refundNumber: string
  /** Ours of the payment, and the partner's, which proves that it was paid. */
  readonly payment: number
  readonly receiptNumber: string
  readonly amountMinor: bigint
}

/**
 * `payments.accept-partner-refund`: gives money back to the customer who paid, against what the partner owes us from now on. Who gives a payment
 * back has taken it: one whose answer is not known yet is paid by that. Give it an idempotency key of the number, as with payments.
 */
export function acceptPartnerRefundKind(
  context: PaymentContext,
): CommandKind<AcceptPartnerRefundInput, PartnerReceiptAnswer> {
  const { set, purses, tables, limits } = context
  return {
    name: 'payments.accept-partner-refund',
    need: ({ partner, refundNumber, payment }) => {
      tables.partners.need(partner)
      tables.partnerRefundReceipts.need(partnerKey(partner, refundNumber))
      tables.partnerPayments.need(payment)
    },
    decide: ({ partner: name, refundNumber, payment: id, receiptNumber, amountMinor }) => {
      const partner = tables.partners.get(name)
      if (partner === undefined) return refuse('partner_not_found')
      const begun = tables.partnerPayments.get(id)
      if (begun === undefined || begun.partner !== name) return refuse('trade_not_found')
      const key = partnerKey(name, refundNumber)
      const before = tables.partnerRefundReceipts.get(key)
      if (before !== undefined) {
        const same = before.payment === id && before.amountMinor === amountMinor
        return same ? ok({ id: before.id, changed: false }) : refuse('partner_inconsistent')
      }
      const amount = decideAmount(amountMinor)
      if (!amount.ok) return amount
      const known = endPartnerPayment(context, begun, { state: 'paid', theirNumber: receiptNumber })
      if (!known.ok) return known
      const payment = known.value
      if (payment.state !== 'paid') return refuse('trade_not_paid')
      if (payment.theirNumber !== receiptNumber) return refuse('partner_inconsistent')
      if (payment.refundedMinor + amountMinor > payment.amountMinor) return refuse('refund_exceeds_rest')
      purses.needWallet(payment.payer)
      const to = purses.wallet(payment.payer, 'payee')
      if (to === undefined) return refuse('payee_blocked')
      if (!isWithinLimit(purses, partner, 'receivable', amountMinor)) return refuse('partner_limit_exceeded')
      const from = purses.position(partner.receivableAccount)
      const reference = set.newId(slotOf(payment.payer))
      const moved = purses.move({ from, to, amountMinor, code: 'partner_refund', reference })
      if (!moved.ok) return moved
      limits.giveBack(id, amountMinor)
      const receivedAt = set.batch.at
      const receipt: PartnerRefundReceipt = {
        ...{ id: reference, partner: name, refundNumber, payment: id, amountMinor, receivedAt },
      }
      tables.partnerPayments.put(id, { ...payment, refundedMinor: payment.refundedMinor + amountMinor })
      tables.partnerRefundReceipts.put(key, receipt)
      const number = publicId('prfr', reference)
      const body = {
        ...{ receipt: number, partnerPayment: publicId('ppay', id), payee: publicId('cust', payment.payer) },
        ...{ partner: name, amount: formatAmount(amountMinor, WALLET_CURRENCY), at: microsToIso(receivedAt) },
      }
      set.emit({ topic: 'partner-refund.received', key: number, body: JSON.stringify(body) })
      return ok({ id: reference, changed: true })
    },
    form: ({ amountMinor, ...rest }) => canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(PartnerReceiptAnswer),
  }
}
