import { type CurrencyCode, err, invariant, MAX_MINOR, ok, type Result } from '@huitong/kernel'
import type { Books } from './books.ts'
import { accountOnBothSides, type EntryLine, imbalanceOf, pairLines } from './journal-entry.ts'
import { type EntryFacts, entryData } from './journal-entry-data.ts'
import type { LedgerRefusal, LedgerRefusalCode } from './ledger-refusals.ts'
import { isOwn } from './subjects.ts'
import type { Transfer, TransferCode } from './transfer.ts'

export interface EntryRequest {
  readonly lines: readonly EntryLine[]
  readonly code: TransferCode
  readonly reference: number | null
  readonly effectiveOn?: string | null
  readonly facts?: EntryFacts
}

export interface PostedEntry {
  /** Id of its first transfer. */
  readonly id: number
  readonly transfers: readonly Transfer[]
}

/**
 * Posts an entry inside a command. What concerns the lines is looked at first, reason by reason in order of precedence; then each
 * transfer is decided. An account stands on one side only, so its balance moves one way and the order of the transfers decides nothing.
 * A refusal names the line in its facts.
 */
export function postEntry(books: Books, request: EntryRequest): Result<PostedEntry, LedgerRefusal> {
  const { lines, code, reference } = request
  const refused = checkLines(books, lines)
  if (refused !== undefined) return err(refused)
  const transfers: Transfer[] = []
  for (const { debitLine, creditLine, amountMinor } of pairLines(lines)) {
    const [debit, credit] = [lines[debitLine], lines[creditLine]]
    invariant(debit !== undefined && credit !== undefined, 'a pair names lines of its entry')
    const posted = books.transfer({
      debit: debit.account,
      credit: credit.account,
      amountMinor,
      currency: debit.currency,
      code,
      reference,
      effectiveOn: request.effectiveOn ?? null,
      entry: transfers[0]?.id ?? 'new',
    })
    if (!posted.ok) return err(atLine(posted.error, lines, debitLine, creditLine))
    transfers.push(posted.value)
  }
  const [first] = transfers
  invariant(first !== undefined, 'balanced lines with amounts give a transfer')
  books.record('entry_posted', first.id, entryData(lines, request.facts))
  return ok({ id: first.id, transfers })
}

/** The first line with a customer's or merchant's account, which raw entries leave alone. */
export function protectedLine(books: Books, lines: readonly EntryLine[]): LedgerRefusal | undefined {
  for (const [index, { account: id }] of lines.entries()) {
    const account = books.account(id)
    if (account !== undefined && !isOwn(account.subject)) {
      return { code: 'account_needs_approval', facts: { line: String(index), account: String(id) } }
    }
  }
  return undefined
}

function checkLines(books: Books, lines: readonly EntryLine[]): LedgerRefusal | undefined {
  const find = (code: LedgerRefusalCode, wrong: (line: EntryLine) => boolean): LedgerRefusal | undefined => {
    const index = lines.findIndex(wrong)
    return index === -1 ? undefined : { code, facts: { line: String(index) } }
  }
  const isUnknown = (id: number) => books.account(id) === undefined
  const currencyOf = (id: number): CurrencyCode | undefined => books.account(id)?.currency
  return (
    find('amount_not_positive', ({ amountMinor }) => amountMinor <= 0n) ??
    find('amount_too_large', ({ amountMinor }) => amountMinor > MAX_MINOR) ??
    onBothSides(lines) ??
    notBalanced(lines) ??
    find('debit_account_unknown', ({ side, account }) => side === 'debit' && isUnknown(account)) ??
    find('credit_account_unknown', ({ side, account }) => side === 'credit' && isUnknown(account)) ??
    find('currency_mismatch', ({ account, currency }) => currencyOf(account) !== currency)
  )
}

function onBothSides(lines: readonly EntryLine[]): LedgerRefusal | undefined {
  const index = accountOnBothSides(lines)
  return index === undefined ? undefined : { code: 'same_account', facts: { line: String(index) } }
}

function notBalanced(lines: readonly EntryLine[]): LedgerRefusal | undefined {
  const imbalance = imbalanceOf(lines)
  if (imbalance === undefined) return undefined
  const { currency, debitsMinor, creditsMinor } = imbalance
  const facts = { currency, debits_minor: String(debitsMinor), credits_minor: String(creditsMinor) }
  return { code: 'entry_not_balanced', facts }
}

/** Says which line a refused transfer is about: that of the account that the refusal names, else that of the side. */
function atLine(
  refusal: LedgerRefusal,
  lines: readonly EntryLine[],
  debitLine: number,
  creditLine: number,
): LedgerRefusal {
  const isCredit =
    refusal.code.startsWith('credit_') || refusal.facts?.account === String(lines[creditLine]?.account ?? '')
  return { code: refusal.code, facts: { ...refusal.facts, line: String(isCredit ? creditLine : debitLine) } }
}
