import type { CommandKind } from '@huitong/committer'
import { type CurrencyCode, canonicalJson, err, ok, type Result } from '@huitong/kernel'
import { accountBySubject } from './account-by-subject.ts'
import type { Books } from './books.ts'
import { exactText } from './exact.ts'
import { type ExchangeTerms, exchangeAmounts } from './exchange.ts'
import type { EntryLine } from './journal-entry.ts'
import { type EntryAnswer, entryAnswer, entryAnswerText } from './journal-entry-command.ts'
import type { EntryFacts } from './journal-entry-data.ts'
import { type PostedEntry, postEntry, protectedLine } from './journal-entry-post.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { isCreditNormal } from './subjects.ts'

export interface ExchangeRequest extends ExchangeTerms {
  /** Gives what is sold. */
  readonly from: number
  /** Gets what is bought. */
  readonly to: number
  /** Whether the spread goes to income now; else it stays in the position until that is revalued. */
  readonly postSpread: boolean
  readonly reference: number | null
}

export interface ExchangeInput extends ExchangeRequest {
  readonly raw: boolean
}

/** Subjects that an exchange uses of the institution's own, each with one account a currency. */
export const EXCHANGE_SUBJECTS = { position: '3002', spread: '5101', gains: '5102', losses: '6101' } as const

/** `ledger.exchange`: one currency for another through the institution's positions. */
export function exchangeKind(books: Books, batchNumber: () => number): CommandKind<ExchangeInput, EntryAnswer> {
  return {
    name: 'ledger.exchange',
    need: ({ from, to, postSpread }) => {
      books.needAccountsOf(EXCHANGE_SUBJECTS.position, null)
      if (postSpread) books.needAccountsOf(EXCHANGE_SUBJECTS.spread, null)
      books.needAccount(from)
      books.needAccount(to)
    },
    decide: (input) => {
      if (input.raw) {
        const refused = protectedAccount(books, input)
        if (refused !== undefined) return err(refused)
      }
      const posted = postExchange(books, input)
      return posted.ok ? ok(entryAnswer(posted.value, batchNumber())) : posted
    },
    form: exchangeForm,
    ...entryAnswerText,
  }
}

/**
 * Posts an exchange inside a command: the giving account becomes poorer in one currency and the getting one richer in the other, and
 * the institution's position of each currency takes the other side.
 */
export function postExchange(books: Books, request: ExchangeRequest): Result<PostedEntry, LedgerRefusal> {
  const { sold, bought, from, to, postSpread, reference } = request
  const amounts = exchangeAmounts(request)
  if (amounts.soldMinor <= 0n || amounts.boughtMinor <= 0n) return err({ code: 'amount_not_positive' })
  const sides = [books.account(from), books.account(to)] as const
  if (sides[0] === undefined) return err({ code: 'debit_account_unknown', facts: { line: '0' } })
  if (sides[1] === undefined) return err({ code: 'credit_account_unknown', facts: { line: '1' } })
  if (sides[0].currency !== sold) return err({ code: 'currency_mismatch', facts: { line: '0' } })
  if (sides[1].currency !== bought) return err({ code: 'currency_mismatch', facts: { line: '1' } })
  const lines: EntryLine[] = []
  /** Credits are positive. */
  const add = (account: number, currency: CurrencyCode, minor: bigint) => {
    const side = minor > 0n ? 'credit' : 'debit'
    if (minor !== 0n) lines.push({ side, account, amountMinor: minor > 0n ? minor : -minor, currency })
    return minor
  }
  const given = add(from, sold, isCreditNormal(sides[0].subject) ? -amounts.soldMinor : amounts.soldMinor)
  const got = add(to, bought, isCreditNormal(sides[1].subject) ? amounts.boughtMinor : -amounts.boughtMinor)
  let spread = 0n
  if (postSpread && amounts.spreadMinor !== 0n) {
    const income = accountBySubject(books, EXCHANGE_SUBJECTS.spread, null, amounts.counter)
    if (!income.ok) return income
    spread = add(income.value.id, amounts.counter, amounts.spreadMinor)
  }
  for (const [currency, moved] of [
    [sold, given],
    [bought, got],
  ] as const) {
    const position = accountBySubject(books, EXCHANGE_SUBJECTS.position, null, currency)
    if (!position.ok) return position
    add(position.value.id, currency, -(moved + (currency === amounts.counter ? spread : 0n)))
  }
  return postEntry(books, { lines, code: 'exchange', reference, facts: { exchange: exchangeFacts(request) } })
}

function protectedAccount(books: Books, { from, to, sold, bought }: ExchangeInput): LedgerRefusal | undefined {
  return protectedLine(books, [
    { side: 'debit', account: from, amountMinor: 1n, currency: sold },
    { side: 'credit', account: to, amountMinor: 1n, currency: bought },
  ])
}

/** What is recorded of an exchange: exact, and enough to compute it again. */
function exchangeFacts(terms: ExchangeTerms & { readonly postSpread: boolean }): EntryFacts {
  const { sold, bought, base, fixed, midRate, rounding, postSpread } = terms
  const { soldMinor, boughtMinor, counter, spreadMinor, remainder } = exchangeAmounts(terms)
  return {
    sold: { currency: sold, minor: String(soldMinor) },
    bought: { currency: bought, minor: String(boughtMinor) },
    fixed,
    base: base === 'sold' ? sold : bought,
    counter,
    mid_rate: exactText(midRate),
    applied_rate: exactText(terms.appliedRate),
    spread: exactText(base === 'sold' ? midRate.minus(terms.appliedRate) : terms.appliedRate.minus(midRate)),
    spread_minor: String(spreadMinor),
    spread_posted: postSpread,
    rounding,
    remainder: exactText(remainder.abs()),
    remainder_to: remainder.isZero() ? 'nobody' : remainder.isPositive() ? 'institution' : 'customer',
  }
}

function exchangeForm(input: ExchangeInput): string {
  const { from, to, sold, bought, fixed, amountMinor, base, midRate, rounding, postSpread, reference, raw } = input
  return canonicalJson({
    ...{ from, to, sold, bought, fixed, amount: String(amountMinor), base, mid_rate: exactText(midRate) },
    ...{ applied_rate: exactText(input.appliedRate), rounding, post_spread: postSpread, reference, raw },
  })
}
