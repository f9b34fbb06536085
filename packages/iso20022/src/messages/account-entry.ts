import type { Money } from '@huitong/kernel'
import { optional, text, word, yesOrNo } from '../field.ts'
import { type IsoFault, isoFault } from '../iso-fault.ts'
import { accountNumber, servicer } from '../party-fields.ts'
import { type FormValue, list, recordForm } from '../record.ts'
import { amount, currency, day, time } from '../value-fields.ts'

const SIDES = ['CRDT', 'DBIT'] as const

const DETAIL = recordForm({
  servicerReference: optional(text('Refs/AcctSvcrRef')),
  endToEndId: optional(text('Refs/EndToEndId')),
  transactionId: optional(text('Refs/TxId')),
  uetr: optional(text('Refs/UETR')),
  amount: optional(amount('Amt')),
  side: optional(word('CdtDbtInd', SIDES)),
  debtorAccount: optional(accountNumber('RltdPties/DbtrAcct/Id')),
  creditorAccount: optional(accountNumber('RltdPties/CdtrAcct/Id')),
  remittance: optional(text('RmtInf/Ustrd')),
})

/** A booking on an account, as its servicer tells its owner. */
export const ENTRY = recordForm({
  reference: optional(text('NtryRef')),
  amount: amount('Amt', { allowZero: true }),
  side: word('CdtDbtInd', SIDES),
  reversal: optional(yesOrNo('RvslInd')),
  status: text('Sts/Cd'),
  bookedAt: optional(time('BookgDt/DtTm')),
  bookedOn: optional(day('BookgDt/Dt')),
  valuedOn: optional(day('ValDt/Dt')),
  servicerReference: optional(text('AcctSvcrRef')),
  domain: optional(text('BkTxCd/Domn/Cd')),
  family: optional(text('BkTxCd/Domn/Fmly/Cd')),
  subFamily: optional(text('BkTxCd/Domn/Fmly/SubFmlyCd')),
  code: optional(text('BkTxCd/Prtry/Cd')),
  details: optional(list('NtryDtls/TxDtls', DETAIL)),
})

export const BALANCE = recordForm({
  type: text('Tp/CdOrPrtry/Cd'),
  amount: amount('Amt', { allowZero: true }),
  side: word('CdtDbtInd', SIDES),
  day: optional(day('Dt/Dt')),
})

/** The account, and who keeps it. */
export const ACCOUNT = {
  account: accountNumber('Acct/Id'),
  currency: optional(currency('Acct/Ccy')),
  servicer: optional(servicer('Acct/Svcr')),
}

export type AccountEntry = FormValue<typeof ENTRY>
export type AccountBalance = FormValue<typeof BALANCE>

/** The opening balance and the booked entries make the closing balance. Types: ExternalBalanceType1Code. */
export function footFault(
  balances: readonly AccountBalance[],
  entries: readonly AccountEntry[],
  types: { readonly opening: string; readonly closing: string },
  path: string,
): IsoFault | undefined {
  const opening = balances.find(({ type }) => type === types.opening)
  const closing = balances.find(({ type }) => type === types.closing)
  if (opening === undefined || closing === undefined) return undefined
  const booked = entries.filter(({ status }) => status === 'BOOK')
  const sum = booked.reduce((total, entry) => total + signed(entry), signed(opening))
  return sum === signed(closing) ? undefined : isoFault('does_not_foot', path)
}

function signed({ amount, side }: { readonly amount: Money; readonly side: 'CRDT' | 'DBIT' }): bigint {
  return side === 'CRDT' ? amount.minor : -amount.minor
}
