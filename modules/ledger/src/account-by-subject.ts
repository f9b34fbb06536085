import { type CurrencyCode, err, ok, type Result } from '@huitong/kernel'
import type { Account } from './account.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import type { SubjectCode } from './subjects.ts'

/** The one open account of a subject, owner and currency; the institution's own when the owner is null. */
export function accountBySubject(
  books: { accountsOf(subject: SubjectCode, owner: string | null): readonly Account[] },
  subject: SubjectCode,
  owner: string | null,
  currency: CurrencyCode,
): Result<Account, LedgerRefusal> {
  const [account, another] = books.accountsOf(subject, owner).filter((one) => one.currency === currency)
  const facts = { subject, currency, ...(owner === null ? {} : { owner }) }
  if (account === undefined) return err({ code: 'subject_account_missing', facts })
  return another === undefined ? ok(account) : err({ code: 'subject_account_ambiguous', facts })
}
