import { text } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { accountNumber, agent } from '../party-fields.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { IDENTITY } from './group-header.ts'

const QUERY = recordForm({
  id: text('Id'),
  wanted: text('ReqdMsgNmId'),
  account: accountNumber('Acct/Id'),
  owner: agent('AcctOwnr/Agt'),
})
const FORM = recordForm({ ...IDENTITY, queries: list('RptgReq', QUERY) })

/** A question for a report on an account (camt.060). */
export type AccountQueryMessage = FormValue<typeof FORM>

export const ACCOUNT_QUERY: MessageForm<AccountQueryMessage> = {
  message: 'camt.060.001.05',
  bodyName: 'AcctRptgReq',
  form: FORM,
  check: () => undefined,
}
