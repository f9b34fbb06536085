import type { MessageForm } from '../message.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { sameAgentFault } from '../rules.ts'
import { IDENTITY, ORIGINAL, PARTIES } from './group-header.ts'

const REQUEST = recordForm(ORIGINAL)
const FORM = recordForm({ ...IDENTITY, ...PARTIES, requests: list('TxInf', REQUEST) })

/** A question how payments stand (pacs.028); the answer is a status report. */
export type StatusRequestMessage = FormValue<typeof FORM>

export const STATUS_REQUEST: MessageForm<StatusRequestMessage> = {
  message: 'pacs.028.001.03',
  bodyName: 'FIToFIPmtStsReq',
  form: FORM,
  check: ({ from, to }) => sameAgentFault(from, to),
}
