import { CATEGORY_PURPOSE, PURPOSE } from '../code-sets.ts'
import { constant, count, optional, text, word, yesOrNo } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { accountNumber, agent } from '../party-fields.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { codeFault, countFault, faultAmong, firstFault, repeatedFault, sumFault } from '../rules.ts'
import { amount, day } from '../value-fields.ts'
import { CHARGE_BEARERS, IDENTITY } from './group-header.ts'

const TRANSFER = recordForm({
  instructionId: optional(text('PmtId/InstrId')),
  endToEndId: text('PmtId/EndToEndId'),
  uetr: optional(text('PmtId/UETR')),
  amount: amount('Amt/InstdAmt'),
  creditorAgent: agent('CdtrAgt'),
  creditorName: text('Cdtr/Nm'),
  creditorAccount: accountNumber('CdtrAcct/Id'),
  purpose: optional(text('Purp/Cd')),
  remittance: optional(text('RmtInf/Ustrd')),
})

const ORDER = recordForm({
  id: text('PmtInfId'),
  method: constant('PmtMtd', 'TRF'),
  batched: optional(yesOrNo('BtchBookg')),
  count: optional(count('NbOfTxs')),
  sum: optional(text('CtrlSum')),
  categoryPurpose: optional(text('PmtTpInf/CtgyPurp/Cd')),
  executeOn: day('ReqdExctnDt/Dt'),
  debtorName: text('Dbtr/Nm'),
  debtorAccount: accountNumber('DbtrAcct/Id'),
  debtorAgent: agent('DbtrAgt'),
  chargeBearer: optional(word('ChrgBr', CHARGE_BEARERS)),
  transfers: list('CdtTrfTxInf', TRANSFER),
})

const FORM = recordForm({
  ...IDENTITY,
  count: count('GrpHdr/NbOfTxs'),
  sum: optional(text('GrpHdr/CtrlSum')),
  initiator: text('GrpHdr/InitgPty/Nm'),
  orders: list('PmtInf', ORDER),
})

/** A customer's file of credit transfers to its bank, such as a payroll (pain.001). */
export type CustomerInitiationMessage = FormValue<typeof FORM>

export const CUSTOMER_INITIATION: MessageForm<CustomerInitiationMessage> = {
  message: 'pain.001.001.09',
  bodyName: 'CstmrCdtTrfInitn',
  form: FORM,
  check({ count, sum, orders }) {
    const transfers = orders.flatMap((order) => order.transfers)
    return firstFault(
      countFault(count, transfers),
      sumFault(
        sum,
        transfers.map((transfer) => transfer.amount),
      ),
      faultAmong(orders, (order) =>
        firstFault(
          order.count === undefined ? undefined : countFault(order.count, order.transfers, 'PmtInf/NbOfTxs'),
          sumFault(
            order.sum,
            order.transfers.map((transfer) => transfer.amount),
            'PmtInf/CtrlSum',
          ),
          codeFault(order.categoryPurpose, CATEGORY_PURPOSE, 'PmtInf/PmtTpInf/CtgyPurp/Cd'),
        ),
      ),
      repeatedFault(
        transfers.map(({ endToEndId }) => endToEndId),
        'PmtInf/CdtTrfTxInf/PmtId/EndToEndId',
      ),
      faultAmong(transfers, ({ purpose }) => codeFault(purpose, PURPOSE, 'PmtInf/CdtTrfTxInf/Purp/Cd')),
    )
  },
}
