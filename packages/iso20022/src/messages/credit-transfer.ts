import { PURPOSE } from '../code-sets.ts'
import { count, optional, text, word } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { accountNumber, agent } from '../party-fields.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import {
  codeFault,
  countFault,
  faultAmong,
  firstFault,
  rateFault,
  repeatedFault,
  sameAgentFault,
  settlementDayFault,
  sumFault,
  totalFault,
} from '../rules.ts'
import { amount, day, time } from '../value-fields.ts'
import { CHARGE_BEARERS, IDENTITY, PARTIES, SETTLEMENT } from './group-header.ts'

const TRANSFER = recordForm({
  instructionId: optional(text('PmtId/InstrId')),
  endToEndId: text('PmtId/EndToEndId'),
  transactionId: optional(text('PmtId/TxId')),
  uetr: text('PmtId/UETR'),
  priority: optional(word('PmtTpInf/InstrPrty', ['HIGH', 'NORM'])),
  channel: optional(word('PmtTpInf/ClrChanl', ['RTGS', 'RTNS', 'MPNS', 'BOOK'])),
  instrument: optional(text('PmtTpInf/LclInstrm/Prtry')),
  categoryPurpose: optional(text('PmtTpInf/CtgyPurp/Cd')),
  amount: amount('IntrBkSttlmAmt'),
  settlementDay: optional(day('IntrBkSttlmDt')),
  acceptedAt: optional(time('AccptncDtTm')),
  instructedAmount: optional(amount('InstdAmt')),
  exchangeRate: optional(text('XchgRate')),
  chargeBearer: word('ChrgBr', CHARGE_BEARERS),
  debtorName: optional(text('Dbtr/Nm')),
  debtorTown: optional(text('Dbtr/PstlAdr/TwnNm')),
  debtorCountry: optional(text('Dbtr/PstlAdr/Ctry')),
  debtorAccount: optional(accountNumber('DbtrAcct/Id')),
  debtorAgent: agent('DbtrAgt'),
  creditorAgent: agent('CdtrAgt'),
  creditorName: optional(text('Cdtr/Nm')),
  creditorTown: optional(text('Cdtr/PstlAdr/TwnNm')),
  creditorCountry: optional(text('Cdtr/PstlAdr/Ctry')),
  creditorAccount: optional(accountNumber('CdtrAcct/Id')),
  purpose: optional(text('Purp/Cd')),
  remittance: optional(text('RmtInf/Ustrd')),
})

const FORM = recordForm({
  ...IDENTITY,
  count: count('GrpHdr/NbOfTxs'),
  sum: optional(text('GrpHdr/CtrlSum')),
  total: optional(amount('GrpHdr/TtlIntrBkSttlmAmt')),
  settlementDay: optional(day('GrpHdr/IntrBkSttlmDt')),
  ...SETTLEMENT,
  reimbursingAgent: optional(agent('GrpHdr/SttlmInf/InstgRmbrsmntAgt')),
  ...PARTIES,
  transfers: list('CdtTrfTxInf', TRANSFER),
})

/** Customers' money from one institution to another (pacs.008). */
export type CreditTransferMessage = FormValue<typeof FORM>
export type CreditTransfer = FormValue<typeof TRANSFER>

export const CREDIT_TRANSFER: MessageForm<CreditTransferMessage> = {
  message: 'pacs.008.001.08',
  bodyName: 'FIToFICstmrCdtTrf',
  form: FORM,
  check({ from, to, createdAt, count, sum, total, settlementDay, transfers }) {
    const amounts = transfers.map((transfer) => transfer.amount)
    return firstFault(
      sameAgentFault(from, to),
      countFault(count, transfers),
      sumFault(sum, amounts),
      totalFault(total, amounts, 'GrpHdr/TtlIntrBkSttlmAmt'),
      settlementDayFault(settlementDay, createdAt, 'GrpHdr/IntrBkSttlmDt'),
      repeatedFault(
        transfers.map(({ uetr }) => uetr),
        'CdtTrfTxInf/PmtId/UETR',
      ),
      faultAmong(transfers, (transfer) =>
        firstFault(
          settlementDayFault(transfer.settlementDay, createdAt, 'CdtTrfTxInf/IntrBkSttlmDt'),
          codeFault(transfer.purpose, PURPOSE, 'CdtTrfTxInf/Purp/Cd'),
          rateFault(transfer.amount, transfer.instructedAmount, transfer.exchangeRate, 'CdtTrfTxInf/IntrBkSttlmAmt'),
        ),
      ),
    )
  },
}
