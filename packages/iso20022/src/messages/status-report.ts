import { PAYMENT_TRANSACTION_STATUS, STATUS_REASON } from '../code-sets.ts'
import { optional, text } from '../field.ts'
import { isoFault } from '../iso-fault.ts'
import type { MessageForm } from '../message.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { codeFault, faultAmong, firstFault, sameAgentFault } from '../rules.ts'
import { time } from '../value-fields.ts'
import { IDENTITY, ORIGINAL, PARTIES } from './group-header.ts'

const STATUS = recordForm({
  statusId: optional(text('StsId')),
  ...ORIGINAL,
  status: text('TxSts'),
  reason: optional(text('StsRsnInf/Rsn/Cd')),
  reasonText: optional(text('StsRsnInf/AddtlInf')),
  acceptedAt: optional(time('AccptncDtTm')),
})

const FORM = recordForm({ ...IDENTITY, ...PARTIES, statuses: list('TxInfAndSts', STATUS) })

/** How payments stand, from the side that acts to the side that asked (pacs.002). */
export type StatusReportMessage = FormValue<typeof FORM>
export type StatusReport = FormValue<typeof STATUS>

/** Statuses that may say why: a rejection, a cancellation, a pending look at it, a blocked payment. */
const WITH_REASON: ReadonlySet<string> = new Set(['RJCT', 'CANC', 'PDNG', 'BLCK', 'ACWC', 'ACWP'])

export const STATUS_REPORT: MessageForm<StatusReportMessage> = {
  message: 'pacs.002.001.10',
  bodyName: 'FIToFIPmtStsRpt',
  form: FORM,
  check: ({ from, to, statuses }) =>
    firstFault(
      sameAgentFault(from, to),
      faultAmong(statuses, ({ status, reason }) =>
        firstFault(
          codeFault(status, PAYMENT_TRANSACTION_STATUS, 'TxInfAndSts/TxSts'),
          codeFault(reason, STATUS_REASON, 'TxInfAndSts/StsRsnInf/Rsn/Cd'),
          reason !== undefined && !WITH_REASON.has(status)
            ? isoFault('reason_without_rejection', 'TxInfAndSts/TxSts')
            : undefined,
          status === 'RJCT' && reason === undefined
            ? isoFault('rejection_without_reason', 'TxInfAndSts/StsRsnInf')
            : undefined,
        ),
      ),
    ),
}
