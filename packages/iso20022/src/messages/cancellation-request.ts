import { CANCELLATION_REASON } from '../code-sets.ts'
import { optional, text } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { codeFault, faultAmong, firstFault, sameAgentFault } from '../rules.ts'
import { amount, day } from '../value-fields.ts'
import { ASSIGNMENT } from './assignment.ts'
import { ORIGINAL } from './group-header.ts'

const CANCELLATION = recordForm({
  cancellationId: optional(text('CxlId')),
  ...ORIGINAL,
  originalAmount: optional(amount('OrgnlIntrBkSttlmAmt')),
  originalDay: optional(day('OrgnlIntrBkSttlmDt')),
  reason: text('CxlRsnInf/Rsn/Cd'),
  reasonText: optional(text('CxlRsnInf/AddtlInf')),
})

const FORM = recordForm({ ...ASSIGNMENT, cancellations: list('Undrlyg/TxInf', CANCELLATION) })

/** A request to give settled money back (camt.056); the answer is a resolution, and then a return. */
export type CancellationRequestMessage = FormValue<typeof FORM>

export const CANCELLATION_REQUEST: MessageForm<CancellationRequestMessage> = {
  message: 'camt.056.001.08',
  bodyName: 'FIToFIPmtCxlReq',
  form: FORM,
  check: ({ from, to, cancellations }) =>
    firstFault(
      sameAgentFault(from, to, 'Assgnmt/Assgne'),
      faultAmong(cancellations, ({ reason }) =>
        codeFault(reason, CANCELLATION_REASON, 'Undrlyg/TxInf/CxlRsnInf/Rsn/Cd'),
      ),
    ),
}
