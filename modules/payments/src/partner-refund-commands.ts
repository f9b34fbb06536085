import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, invariant, microsToIso, ok, publicId, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { REFUND_WINDOW, WALLET_CURRENCY } from './limits.ts'
import { FIRST_ASKING, PARTNER_PAYMENT_STATES, type PartnerRefund, partnerKey } from './partner.ts'
import type { PartnerOutcome } from './partner-payment-commands.ts'
import { isWithinLimit } from './partner-position.ts'
import { decidePartnerRefund } from './partner-refund-decide.ts'
import { partnerRefundKey } from './partner-refund-store.ts'
import type { Purse } from './purse.ts'
import { refuse } from './trade-refusals.ts'
import type { Payer } from './wallet-transfer.ts'

export const PartnerRefundView = Type.Object({
  id: Type.Integer(),
  receipt: Type.Integer(),
  refundNumber: Type.String(),
  partner: Type.String(),
  amount: Type.String(),
  feeReturned: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum([...PARTNER_PAYMENT_STATES]),
  refusal: Type.Union([Type.String(), Type.Null()]),
  theirNumber: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.Integer(),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
})
export type PartnerRefundView = Static<typeof PartnerRefundView>

export function partnerRefundView(refund: PartnerRefund): PartnerRefundView {
  const { id, receipt, refundNumber, partner, reason, state, refusal, theirNumber, createdAt, endedAt } = refund
  return {
    ...{ id, receipt, refundNumber, partner, reason, state, refusal, theirNumber, createdAt, endedAt },
    amount: formatAmount(refund.amountMinor, WALLET_CURRENCY),
    feeReturned: formatAmount(refund.feeReturnedMinor, WALLET_CURRENCY),
  }
}

export const PartnerRefundAnswer = Type.Object({ refund: PartnerRefundView, changed: Type.Boolean() })
export type PartnerRefundAnswer = Static<typeof PartnerRefundAnswer>

export interface BeginPartnerRefundInput {
  /** Who was paid; somebody else's receipt looks like none. */
  readonly owner: Payer
  readonly partner: string
  readonly paymentNumber: string
  readonly refundNumber: string
  readonly amountMinor: bigint
  readonly reason: string | null
}

/**
 * `payments.begin-partner-refund`: holds the owner's money, and our part of the fee, against what we will owe the partner, and writes down
 * what is to be sent. Nothing is sent in here.
 */
export function beginPartnerRefundKind(
  context: PaymentContext,
): CommandKind<BeginPartnerRefundInput, PartnerRefundAnswer> {
  const { set, purses, tables } = context

  function purseOf(owner: Payer): Purse | undefined {
    return owner.kind === 'merchant' ? purses.merchantAccount(owner.id) : purses.wallet(owner.id, 'payer')
  }

  return {
    name: 'payments.begin-partner-refund',
    need: ({ owner, partner, paymentNumber }) => {
      tables.partners.need(partner)
      tables.partnerReceipts.need(partnerKey(partner, paymentNumber))
      purses.needHouse('fee_income')
      if (owner.kind === 'merchant') purses.needMerchantAccount(owner.id)
      else purses.needWallet(owner.id)
    },
    decide: ({ owner, partner: name, paymentNumber, refundNumber, amountMinor, reason }) => {
      const partner = tables.partners.get(name)
      const key = partnerKey(name, paymentNumber)
      const receipt = tables.partnerReceipts.get(key)
      const isOwn = receipt?.owner.kind === owner.kind && receipt.owner.id === owner.id
      if (partner === undefined || receipt === undefined || !isOwn) return refuse('trade_not_found')
      const refundKey = partnerRefundKey(receipt.id, refundNumber)
      const before = tables.partnerRefunds.get(refundKey)
      if (before !== undefined) {
        if (before.amountMinor !== amountMinor) return refuse('refund_inconsistent')
        return ok({ refund: partnerRefundView(before), changed: false })
      }
      const now = set.batch.at
      const step = decidePartnerRefund(receipt, amountMinor, now - REFUND_WINDOW)
      if (!step.ok) return step
      const from = purseOf(owner)
      if (from === undefined) return refuse(owner.kind === 'merchant' ? 'merchant_blocked' : 'payer_blocked')
      if (!isWithinLimit(purses, partner, 'payable', amountMinor)) return refuse('partner_limit_exceeded')
      const to = purses.position(partner.payableAccount)
      const income = purses.house('fee_income')
      const id = set.newId(slotOf(receipt.id))
      const { receipt: reduced, feeReturnedMinor } = step.value
      const hold = held(from, to, amountMinor - feeReturnedMinor, 'partner_refund', id)
      if (!hold.ok) return hold
      const feeHold = held(income, to, feeReturnedMinor, 'fee_return', id)
      if (!feeHold.ok) return feeHold
      const refund: PartnerRefund = {
        ...{ id, receipt: receipt.id, refundNumber, partner: name, paymentNumber, amountMinor, feeReturnedMinor },
        ...{ hold: hold.value, feeHold: feeHold.value, reason, state: 'sending', refusal: null, theirNumber: null },
        ...{ attempts: 0, askAt: now + FIRST_ASKING, createdAt: now, endedAt: null },
      }
      tables.partnerReceipts.put(key, reduced)
      tables.partnerRefunds.put(refundKey, refund)
      return ok({ refund: partnerRefundView(refund), changed: true })
    },
    form: ({ amountMinor, owner, ...rest }) =>
      canonicalJson({ ...rest, owner: `${owner.kind}:${owner.id}`, amount: amountMinor.toString() }),
    ...answerCodec(PartnerRefundAnswer),
  }

  function held(from: Purse, to: Purse, amountMinor: bigint, code: 'partner_refund' | 'fee_return', reference: number) {
    return amountMinor === 0n ? ok(null) : purses.hold({ from, to, amountMinor, code, reference })
  }
}

export interface EndPartnerRefundInput {
  readonly receipt: number
  readonly refundNumber: string
  readonly outcome: PartnerOutcome
}

/** `payments.end-partner-refund`: the partner's answer is known. A second answer changes nothing. */
export function endPartnerRefundKind(context: PaymentContext): CommandKind<EndPartnerRefundInput, PartnerRefundAnswer> {
  const { set, purses, tables } = context
  return {
    name: 'payments.end-partner-refund',
    need: ({ receipt, refundNumber }) => tables.partnerRefunds.need(partnerRefundKey(receipt, refundNumber)),
    decide: ({ receipt: receiptId, refundNumber, outcome }) => {
      const refundKey = partnerRefundKey(receiptId, refundNumber)
      const refund = tables.partnerRefunds.get(refundKey)
      if (refund === undefined) return refuse('trade_not_found')
      if (refund.state !== 'sending') return ok({ refund: partnerRefundView(refund), changed: false })
      const key = partnerKey(refund.partner, refund.paymentNumber)
      const receipt = tables.partnerReceipts.get(key)
      invariant(receipt !== undefined, 'a refund is one of a receipt')
      const { amountMinor, feeReturnedMinor, hold, feeHold } = refund
      const parts = [
        [hold, amountMinor - feeReturnedMinor],
        [feeHold, feeReturnedMinor],
      ] as const
      for (const [part] of parts) if (part !== null) purses.needHold(part)
      for (const [part, minor] of parts) {
        if (part === null) continue
        if (outcome.state === 'refused') purses.release(part)
        else {
          const captured = purses.capture(part, minor, refund.id)
          if (!captured.ok) return captured
        }
      }
      if (outcome.state === 'refused') {
        tables.partnerReceipts.put(key, {
          ...receipt,
          refundedMinor: receipt.refundedMinor - amountMinor,
          feeReturnedMinor: receipt.feeReturnedMinor - feeReturnedMinor,
        })
      }
      const ended: PartnerRefund = { ...refund, ...outcome, endedAt: set.batch.at }
      tables.partnerRefunds.put(refundKey, ended)
      const number = publicId('prfd', refund.id)
      const body = {
        ...{ partnerRefund: number, receipt: publicId('prcp', receiptId), partner: refund.partner, state: ended.state },
        ...{ amount: formatAmount(amountMinor, WALLET_CURRENCY), at: microsToIso(set.batch.at) },
      }
      set.emit({ topic: `partner-refund.${outcome.state}`, key: number, body: JSON.stringify(body) })
      return ok({ refund: partnerRefundView(ended), changed: true })
    },
    form: ({ receipt, refundNumber, outcome }) => canonicalJson({ receipt, refundNumber, ...outcome }),
    ...answerCodec(PartnerRefundAnswer),
  }
}
