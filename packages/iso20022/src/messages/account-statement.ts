import { BALANCE_TYPE, ENTRY_STATUS } from '../code-sets.ts'
import { count, optional, text, yesOrNo } from '../field.ts'
import type { MessageForm } from '../message.ts'
import { type FormValue, list, type RecordForm, recordForm } from '../record.ts'
import { codeFault, faultAmong, firstFault } from '../rules.ts'
import { time } from '../value-fields.ts'
import { ACCOUNT, BALANCE, ENTRY, footFault } from './account-entry.ts'
import { IDENTITY } from './group-header.ts'

/** `pages` is the element that tells which page it is, as each message calls it. */
function report(pages: 'StmtPgntn' | 'RptPgntn') {
  return recordForm({
    id: text('Id'),
    page: optional(count(`${pages}/PgNb`)),
    lastPage: optional(yesOrNo(`${pages}/LastPgInd`)),
    sequence: optional(count('ElctrncSeqNb')),
    createdAt: optional(time('CreDtTm')),
    from: optional(time('FrToDt/FrDtTm')),
    to: optional(time('FrToDt/ToDtTm')),
    ...ACCOUNT,
    balances: optional(list('Bal', BALANCE)),
    entryCount: optional(count('TxsSummry/TtlNtries/NbOfNtries')),
    entrySum: optional(text('TxsSummry/TtlNtries/Sum')),
    creditCount: optional(count('TxsSummry/TtlCdtNtries/NbOfNtries')),
    creditSum: optional(text('TxsSummry/TtlCdtNtries/Sum')),
    debitCount: optional(count('TxsSummry/TtlDbtNtries/NbOfNtries')),
    debitSum: optional(text('TxsSummry/TtlDbtNtries/Sum')),
    entries: optional(list('Ntry', ENTRY)),
  })
}

const DAY_FORM = recordForm({ ...IDENTITY, reports: list('Stmt', report('StmtPgntn')) })
const INTRADAY_FORM = recordForm({ ...IDENTITY, reports: list('Rpt', report('RptPgntn')) })

const NOTICE = recordForm({
  id: text('Id'),
  createdAt: optional(time('CreDtTm')),
  ...ACCOUNT,
  entries: optional(list('Ntry', ENTRY)),
})
const NOTICE_FORM = recordForm({ ...IDENTITY, notices: list('Ntfctn', NOTICE) })

export type AccountStatement = FormValue<ReturnType<typeof report>>
/** What accounts did, in a finished day (camt.053) or so far (camt.052). */
export type AccountStatementMessage = FormValue<typeof DAY_FORM>
/** Single entries as they are booked (camt.054). */
export type EntryNoticeMessage = FormValue<typeof NOTICE_FORM>

/** camt.053: from the opening to the closing balance of a day. */
export const DAY_STATEMENT = statement('camt.053.001.08', 'BkToCstmrStmt', DAY_FORM, {
  opening: 'OPBD',
  closing: 'CLBD',
})

/** camt.052: from the opening to an interim balance. */
export const INTRADAY_REPORT = statement('camt.052.001.08', 'BkToCstmrAcctRpt', INTRADAY_FORM, {
  opening: 'OPBD',
  closing: 'ITBD',
})

export const ENTRY_NOTICE: MessageForm<EntryNoticeMessage> = {
  message: 'camt.054.001.08',
  bodyName: 'BkToCstmrDbtCdtNtfctn',
  form: NOTICE_FORM,
  check: () => undefined,
}

function statement(
  message: string,
  bodyName: string,
  form: RecordForm<AccountStatementMessage>,
  types: { readonly opening: string; readonly closing: string },
): MessageForm<AccountStatementMessage> {
  return {
    ...{ message, bodyName, form },
    check: ({ reports }) =>
      faultAmong(reports, ({ balances = [], entries = [] }) =>
        firstFault(
          faultAmong(balances, ({ type }) => codeFault(type, BALANCE_TYPE, 'Bal/Tp/CdOrPrtry/Cd')),
          faultAmong(entries, ({ status }) => codeFault(status, ENTRY_STATUS, 'Ntry/Sts/Cd')),
          footFault(balances, entries, types, 'Bal'),
        ),
      ),
  }
}
