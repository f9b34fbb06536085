import { REVERSAL_REASON } from '../code-sets.ts'
import { count, optional, text, word } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import {
  codeFault,
  countFault,
  faultAmong,
  firstFault,
  moreThanOriginalFault,
  sameAgentFault,
  settlementDayFault,
  sumFault,
  totalFault,
} from '../rules.ts'
import { amount, day } from '../value-fields.ts'
import { CHARGE_BEARERS, IDENTITY, ORIGINAL, PARTIES, SETTLEMENT } from './group-header.ts'

const REVERSAL = recordForm({
  reversalId: optional(text('RvslId')),
  ...ORIGINAL,
  originalAmount: optional(amount('OrgnlIntrBkSttlmAmt')),
  amount: amount('RvsdIntrBkSttlmAmt'),
  settlementDay: optional(day('IntrBkSttlmDt')),
  chargeBearer: optional(word('ChrgBr', CHARGE_BEARERS)),
  reason: optional(text('RvslRsnInf/Rsn/Cd')),
})

const FORM = recordForm({
  ...IDENTITY,
  count: count('GrpHdr/NbOfTxs'),
  sum: optional(text('GrpHdr/CtrlSum')),
  total: optional(amount('GrpHdr/TtlRvsdIntrBkSttlmAmt')),
  settlementDay: optional(day('GrpHdr/IntrBkSttlmDt')),
  ...SETTLEMENT,
  ...PARTIES,
  reversals: list('TxInf', REVERSAL),
})

/** Payments that their sender made by its own system's mistake, taken back (pacs.007). */
export type PaymentReversalMessage = FormValue<typeof FORM>
export type PaymentReversal = FormValue<typeof REVERSAL>

export const PAYMENT_REVERSAL: MessageForm<PaymentReversalMessage> = {
  message: 'pacs.007.001.09',
  bodyName: 'FIToFIPmtRvsl',
  form: FORM,
  check({ from, to, createdAt, count, sum, total, settlementDay, reversals }) {
    const amounts = reversals.map((one) => one.amount)
    return firstFault(
      sameAgentFault(from, to),
      countFault(count, reversals),
      sumFault(sum, amounts),
      totalFault(total, amounts, 'GrpHdr/TtlRvsdIntrBkSttlmAmt'),
      settlementDayFault(settlementDay, createdAt, 'GrpHdr/IntrBkSttlmDt'),
      faultAmong(reversals, (one) =>
        firstFault(
          moreThanOriginalFault(one.amount, one.originalAmount, 'TxInf/RvsdIntrBkSttlmAmt'),
          codeFault(one.reason, REVERSAL_REASON, 'TxInf/RvslRsnInf/Rsn/Cd'),
        ),
      ),
    )
  },
}
