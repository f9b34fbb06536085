import { count, optional, text } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { agent } from '../party-fields.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import {
  countFault,
  faultAmong,
  firstFault,
  sameAgentFault,
  settlementDayFault,
  sumFault,
  totalFault,
} from '../rules.ts'
import { amount, day } from '../value-fields.ts'
import { IDENTITY, PARTIES, SETTLEMENT } from './group-header.ts'

const TRANSFER = recordForm({
  instructionId: optional(text('PmtId/InstrId')),
  endToEndId: text('PmtId/EndToEndId'),
  transactionId: optional(text('PmtId/TxId')),
  uetr: text('PmtId/UETR'),
  amount: amount('IntrBkSttlmAmt'),
  settlementDay: optional(day('IntrBkSttlmDt')),
  debtor: agent('Dbtr'),
  creditor: agent('Cdtr'),
  remittance: optional(text('RmtInf/Ustrd')),
})

const FORM = recordForm({
  ...IDENTITY,
  count: count('GrpHdr/NbOfTxs'),
  sum: optional(text('GrpHdr/CtrlSum')),
  total: optional(amount('GrpHdr/TtlIntrBkSttlmAmt')),
  settlementDay: optional(day('GrpHdr/IntrBkSttlmDt')),
  ...SETTLEMENT,
  ...PARTIES,
  transfers: list('CdtTrfTxInf', TRANSFER),
})

/** Institutions' own money between their settlement accounts: net positions, liquidity (pacs.009). */
export type InstitutionTransferMessage = FormValue<typeof FORM>

export const INSTITUTION_TRANSFER: MessageForm<InstitutionTransferMessage> = {
  message: 'pacs.009.001.08',
  bodyName: 'FICdtTrf',
  form: FORM,
  check({ from, to, createdAt, count, sum, total, settlementDay, transfers }) {
    const amounts = transfers.map((transfer) => transfer.amount)
    return firstFault(
      sameAgentFault(from, to),
      countFault(count, transfers),
      sumFault(sum, amounts),
      totalFault(total, amounts, 'GrpHdr/TtlIntrBkSttlmAmt'),
      settlementDayFault(settlementDay, createdAt, 'GrpHdr/IntrBkSttlmDt'),
      faultAmong(transfers, ({ debtor, creditor }) => sameAgentFault(debtor, creditor, 'CdtTrfTxInf/Cdtr')),
    )
  },
}
