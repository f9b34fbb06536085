import { optional, text, yesOrNo } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { accountNumber, agent } from '../party-fields.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { sameAgentFault } from '../rules.ts'
import { time } from '../value-fields.ts'

const PARTIES = {
  messageId: text('Assgnmt/MsgId'),
  createdAt: time('Assgnmt/CreDtTm'),
  from: agent('Assgnmt/Assgnr/Agt'),
  to: agent('Assgnmt/Assgne/Agt'),
}

const CHECK = recordForm({
  id: text('Id'),
  name: optional(text('PtyAndAcctId/Pty/Nm')),
  account: accountNumber('PtyAndAcctId/Acct'),
  agent: agent('PtyAndAcctId/Agt'),
})
const REQUEST_FORM = recordForm({ ...PARTIES, checks: list('Vrfctn', CHECK) })

const OUTCOME = recordForm({
  originalId: text('OrgnlId'),
  matches: yesOrNo('Vrfctn'),
  reason: optional(text('Rsn/Cd')),
})
const REPORT_FORM = recordForm({
  ...PARTIES,
  originalMessageId: text('OrgnlAssgnmt/MsgId'),
  originalCreatedAt: time('OrgnlAssgnmt/CreDtTm'),
  outcomes: list('Rpt', OUTCOME),
})

/** Whether an account is that person's (acmt.023), and the answer (acmt.024). */
export type VerificationRequestMessage = FormValue<typeof REQUEST_FORM>
export type VerificationReportMessage = FormValue<typeof REPORT_FORM>

export const VERIFICATION_REQUEST: MessageForm<VerificationRequestMessage> = {
  message: 'acmt.023.001.02',
  bodyName: 'IdVrfctnReq',
  form: REQUEST_FORM,
  check: ({ from, to }) => sameAgentFault(from, to, 'Assgnmt/Assgne'),
}

export const VERIFICATION_REPORT: MessageForm<VerificationReportMessage> = {
  message: 'acmt.024.001.02',
  bodyName: 'IdVrfctnRpt',
  form: REPORT_FORM,
  check: ({ from, to }) => sameAgentFault(from, to, 'Assgnmt/Assgne'),
}
