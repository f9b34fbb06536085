import { GROUP_STATUS, PAYMENT_TRANSACTION_STATUS, STATUS_REASON } from '../code-sets.ts'
import { count, optional, text } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { codeFault, faultAmong, firstFault } from '../rules.ts'
import { IDENTITY } from './group-header.ts'

const STATUS = recordForm({
  originalInstructionId: optional(text('OrgnlInstrId')),
  originalEndToEndId: text('OrgnlEndToEndId'),
  originalUetr: optional(text('OrgnlUETR')),
  status: text('TxSts'),
  reason: optional(text('StsRsnInf/Rsn/Cd')),
  reasonText: optional(text('StsRsnInf/AddtlInf')),
})

const ORDER = recordForm({
  originalId: text('OrgnlPmtInfId'),
  status: optional(text('PmtInfSts')),
  statuses: optional(list('TxInfAndSts', STATUS)),
})

const FORM = recordForm({
  ...IDENTITY,
  originalMessageId: text('OrgnlGrpInfAndSts/OrgnlMsgId'),
  originalMessage: text('OrgnlGrpInfAndSts/OrgnlMsgNmId'),
  originalCount: optional(count('OrgnlGrpInfAndSts/OrgnlNbOfTxs')),
  originalSum: optional(text('OrgnlGrpInfAndSts/OrgnlCtrlSum')),
  status: optional(text('OrgnlGrpInfAndSts/GrpSts')),
  orders: optional(list('OrgnlPmtInfAndSts', ORDER)),
})

/** How a customer's file stands at its bank (pain.002). */
export type CustomerStatusMessage = FormValue<typeof FORM>

export const CUSTOMER_STATUS: MessageForm<CustomerStatusMessage> = {
  message: 'pain.002.001.10',
  bodyName: 'CstmrPmtStsRpt',
  form: FORM,
  check: ({ status, orders = [] }) =>
    firstFault(
      codeFault(status, GROUP_STATUS, 'OrgnlGrpInfAndSts/GrpSts'),
      faultAmong(orders, (order) =>
        faultAmong(order.statuses ?? [], (one) =>
          firstFault(
            codeFault(one.status, PAYMENT_TRANSACTION_STATUS, 'OrgnlPmtInfAndSts/TxInfAndSts/TxSts'),
            codeFault(one.reason, STATUS_REASON, 'OrgnlPmtInfAndSts/TxInfAndSts/StsRsnInf/Rsn/Cd'),
          ),
        ),
      ),
    ),
}
