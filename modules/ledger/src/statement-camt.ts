import { DAY_STATEMENT, writeMessage } from '@huitong/iso20022'
import {
  addDays,
  type CurrencyCode,
  formatAmount,
  invariant,
  type LocalDate,
  localDate,
  publicId,
  startOfBeijingDay,
} from '@huitong/kernel'
import type { AccountStatement } from './account-statement.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import { isCreditNormal } from './subjects.ts'

/** ISO 20022 writes an amount with 18 digits at most; the ledger counts up to 19, and their sums go on. */
const MINOR_MAX = 10n ** 18n - 1n

/** Whether the statement can be written as camt.053. No entry is larger than the sum of its side. */
export function fitsCamt({ openingMinor, closingMinor, debits, credits }: AccountStatement): boolean {
  const minors = [openingMinor, closingMinor, debits.sumMinor, credits.sumMinor]
  return minors.every((minor) => minor <= MINOR_MAX && minor >= -MINOR_MAX)
}

/** Only of a statement that fits. It names accounts and no people. */
export function statementCamt(statement: AccountStatement): string {
  invariant(fitsCamt(statement), 'amounts of camt.053 have 18 digits at most')
  const { account, number, openingMinor, closingMinor, debits, credits, entries, from, to, final } = statement
  const { currency } = account
  const money = (minor: bigint) => formatAmount(minor, currency)
  const balance = (type: string, minor: bigint, day: LocalDate) => {
    const credit = isCreditNormal(account.subject) ? minor : -minor
    const amount = { minor: credit < 0n ? -credit : credit, currency }
    return { type, amount, side: credit < 0n ? ('DBIT' as const) : ('CRDT' as const), day }
  }
  const id = `${publicId(ACCOUNT_ID, account.id)}-${number}`
  const report = {
    ...{ id, page: 1, lastPage: true, createdAt: statement.at },
    from: startOfBeijingDay(from),
    to: startOfBeijingDay(addDays(to, 1)) - 1000,
    ...{ account: publicId(ACCOUNT_ID, account.id), currency, servicer: statement.institution },
    // While entries may still be added to the period, its last balance is an interim one.
    balances: [balance('OPBD', openingMinor, from), balance(final ? 'CLBD' : 'ITBD', closingMinor, to)],
    entryCount: credits.count + debits.count,
    ...{ creditCount: credits.count, creditSum: money(credits.sumMinor) },
    ...{ debitCount: debits.count, debitSum: money(debits.sumMinor) },
    ...(entries.length === 0 ? {} : { entries: entries.map((entry) => camtEntry(entry, currency)) }),
  }
  const message = { messageId: id, createdAt: statement.at, reports: [report] }
  return Buffer.from(writeMessage(DAY_STATEMENT, message)).toString('utf8')
}

function camtEntry(
  { sequence, side, otherAccount, transfer }: AccountStatement['entries'][number],
  currency: CurrencyCode,
) {
  const servicerReference = publicId(TRANSFER_ID, transfer.id)
  const other = publicId(ACCOUNT_ID, otherAccount)
  const booked = {
    amount: { minor: transfer.amountMinor, currency },
    side: side === 'credit' ? ('CRDT' as const) : ('DBIT' as const),
  }
  return {
    ...{ ...booked, reference: String(sequence), status: 'BOOK', servicerReference, code: transfer.code },
    ...(transfer.reverses === null ? {} : { reversal: true }),
    bookedOn: storedDay(transfer.accountingDay),
    valuedOn: storedDay(transfer.effectiveOn ?? transfer.accountingDay),
    details: [
      { ...booked, servicerReference, ...(side === 'credit' ? { debtorAccount: other } : { creditorAccount: other }) },
    ],
  }
}

/** A day as the database wrote it. */
function storedDay(text: string): LocalDate {
  const day = localDate(text)
  invariant(day.ok, `a stored day is none: ${text}`)
  return day.value
}
