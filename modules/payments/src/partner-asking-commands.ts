import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { askedInVain } from './partner.ts'
import { partnerRefundKey } from './partner-refund-store.ts'

export interface NotePartnerSilenceInput {
  readonly payments: readonly number[]
  readonly refunds: readonly { readonly receipt: number; readonly refundNumber: string }[]
}

export const SilenceAnswer = Type.Object({ noted: Type.Integer() })
export type SilenceAnswer = Static<typeof SilenceAnswer>

/** `payments.note-partner-silence` (bulk): nobody answered for these; each is asked for again after a longer wait. */
export function notePartnerSilenceKind({
  set,
  tables,
}: PaymentContext): CommandKind<NotePartnerSilenceInput, SilenceAnswer> {
  return {
    name: 'payments.note-partner-silence',
    need: ({ payments, refunds }) => {
      for (const id of payments) tables.partnerPayments.need(id)
      for (const { receipt, refundNumber } of refunds)
        tables.partnerRefunds.need(partnerRefundKey(receipt, refundNumber))
    },
    decide: ({ payments, refunds }) => {
      let noted = 0
      for (const id of payments) {
        const payment = tables.partnerPayments.get(id)
        if (payment?.state !== 'sending') continue
        tables.partnerPayments.put(id, { ...payment, ...askedInVain(payment, set.batch.at) })
        noted += 1
      }
      for (const { receipt, refundNumber } of refunds) {
        const key = partnerRefundKey(receipt, refundNumber)
        const refund = tables.partnerRefunds.get(key)
        if (refund?.state !== 'sending') continue
        tables.partnerRefunds.put(key, { ...refund, ...askedInVain(refund, set.batch.at) })
        noted += 1
      }
      return ok({ noted })
    },
    form: ({ payments, refunds }) =>
      canonicalJson({ payments: [...payments], refunds: refunds.map((one) => ({ ...one })) }),
    ...answerCodec(SilenceAnswer),
  }
}
