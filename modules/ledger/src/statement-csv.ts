import { csvText } from '@huitong/formats'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import type { AccountStatement } from './account-statement.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'

const COLUMNS = [
  ...['line', 'accounting_day', 'effective_on', 'time', 'batch', 'transfer', 'code', 'counterparty'],
  ...['debit', 'credit', 'balance', 'currency'],
]

/** One line for the opening balance, one for each entry, one for the closing balance with the sums. */
export function statementCsv(statement: AccountStatement): string {
  const { currency, id } = statement.account
  const money = (minor: bigint) => formatAmount(minor, currency)
  const entries = statement.entries.map(({ sequence, side, otherAccount, balanceMinor, transfer }) => [
    ...[String(sequence), transfer.accountingDay, transfer.effectiveOn ?? transfer.accountingDay],
    ...[microsToIso(transfer.at), String(transfer.batch), publicId(TRANSFER_ID, transfer.id), transfer.code],
    publicId(ACCOUNT_ID, otherAccount),
    side === 'debit' ? money(transfer.amountMinor) : '',
    side === 'credit' ? money(transfer.amountMinor) : '',
    ...[money(balanceMinor), currency],
  ])
  const own = publicId(ACCOUNT_ID, id)
  return csvText([
    COLUMNS,
    ['opening', statement.from, '', '', '', '', '', own, '', '', money(statement.openingMinor), currency],
    ...entries,
    [
      ...[statement.final ? 'closing' : 'interim', statement.to, '', '', '', '', '', own],
      ...[money(statement.debits.sumMinor), money(statement.credits.sumMinor)],
      ...[money(statement.closingMinor), currency],
    ],
  ])
}
