import { RETURN_REASON } from '../code-sets.ts'
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

const RETURN = recordForm({
  returnId: text('RtrId'),
  ...ORIGINAL,
  originalAmount: optional(amount('OrgnlIntrBkSttlmAmt')),
  originalDay: optional(day('OrgnlIntrBkSttlmDt')),
  amount: amount('RtrdIntrBkSttlmAmt'),
  settlementDay: optional(day('IntrBkSttlmDt')),
  chargeBearer: optional(word('ChrgBr', CHARGE_BEARERS)),
  reason: optional(text('RtrRsnInf/Rsn/Cd')),
  reasonText: optional(text('RtrRsnInf/AddtlInf')),
})

const FORM = recordForm({
  ...IDENTITY,
  count: count('GrpHdr/NbOfTxs'),
  sum: optional(text('GrpHdr/CtrlSum')),
  total: optional(amount('GrpHdr/TtlRtrdIntrBkSttlmAmt')),
  settlementDay: optional(day('GrpHdr/IntrBkSttlmDt')),
  ...SETTLEMENT,
  ...PARTIES,
  returns: list('TxInf', RETURN),
})

/** Money of settled payments on its way back (pacs.004). */
export type PaymentReturnMessage = FormValue<typeof FORM>
export type PaymentReturn = FormValue<typeof RETURN>

export const PAYMENT_RETURN: MessageForm<PaymentReturnMessage> = {
  message: 'pacs.004.001.09',
  bodyName: 'PmtRtr',
  form: FORM,
  check({ from, to, createdAt, count, sum, total, settlementDay, returns }) {
    const amounts = returns.map((one) => one.amount)
    return firstFault(
      sameAgentFault(from, to),
      countFault(count, returns),
      sumFault(sum, amounts),
      totalFault(total, amounts, 'GrpHdr/TtlRtrdIntrBkSttlmAmt'),
      settlementDayFault(settlementDay, createdAt, 'GrpHdr/IntrBkSttlmDt'),
      faultAmong(returns, (one) =>
        firstFault(
          moreThanOriginalFault(one.amount, one.originalAmount, 'TxInf/RtrdIntrBkSttlmAmt'),
          settlementDayFault(one.settlementDay, createdAt, 'TxInf/IntrBkSttlmDt'),
          codeFault(one.reason, RETURN_REASON, 'TxInf/RtrRsnInf/Rsn/Cd'),
        ),
      ),
    )
  },
}
