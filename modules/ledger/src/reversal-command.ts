import type { CommandKind, Refusal } from '@huitong/committer'
import { type CurrencyCode, canonicalJson, err, ok, type Result } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { MetadataBook } from './metadata-book.ts'
import { legForm, type PostingAnswer, type PostingLeg } from './posting-command.ts'
import type { ReversalTarget } from './reversal.ts'
import { isOwn } from './subjects.ts'
import type { Transfer } from './transfer.ts'

export type TransferLeg = Extract<PostingLeg, { readonly type: 'transfer' | 'hold' }> & { readonly type: 'transfer' }

export interface ReversalInput {
  readonly of: ReversalTarget
  /** In which the amount was told; must then be that of the transfer. */
  readonly currency?: CurrencyCode
  /** Staff must leave customers' and merchants' accounts alone, as with raw postings. */
  readonly raw: boolean
}

export interface CorrectionInput extends ReversalInput {
  /** What should have been posted instead. */
  readonly legs: readonly TransferLeg[]
}

interface Decided {
  readonly transfers: readonly Transfer[]
}

/** `ledger.reverse`: takes a transfer or an entry back. */
export function reversalKind(books: Books, batchNumber: () => number): CommandKind<ReversalInput, PostingAnswer> {
  return {
    name: 'ledger.reverse',
    need: ({ of }) => books.needReversal(of),
    decide: (input) => answered(reverse(books, input, null), batchNumber),
    form: (input) => canonicalJson(reversalFields(input)),
    ...postingText,
  }
}

/** `ledger.correct`: takes a transfer or an entry back and posts what it should have been, as one entry. */
export function correctionKind(
  books: Books,
  metadata: MetadataBook,
  batchNumber: () => number,
): CommandKind<CorrectionInput, PostingAnswer> {
  return {
    name: 'ledger.correct',
    need: ({ of, legs }) => {
      books.needReversal(of)
      for (const { debit, credit } of legs) for (const account of [debit, credit]) books.needAccount(account)
    },
    decide: (input) => answered(correct(books, metadata, input), batchNumber),
    form: (input) => canonicalJson({ ...reversalFields(input), legs: input.legs.map(legForm).join(';') }),
    ...postingText,
  }
}

function reverse(books: Books, { of, currency, raw }: ReversalInput, entry: 'new' | null): Result<Decided, Refusal> {
  for (const { debit, credit } of books.originals(of)) {
    for (const account of [debit, credit]) books.needAccount(account)
    const account = raw ? protectedOf(books, debit, credit) : undefined
    if (account !== undefined) return err({ code: 'account_needs_approval', facts: { account: String(account) } })
    if (currency !== undefined && books.account(debit)?.currency !== currency) return err({ code: 'currency_mismatch' })
  }
  const reversed = books.reverse({ of, entry })
  return reversed.ok ? ok({ transfers: reversed.value }) : reversed
}

function correct(books: Books, metadata: MetadataBook, input: CorrectionInput): Result<Decided, Refusal> {
  const reversed = reverse(books, input, 'new')
  if (!reversed.ok) return reversed
  const transfers = [...reversed.value.transfers]
  const entry = transfers[0]?.entry ?? null
  for (const [index, leg] of input.legs.entries()) {
    const account = input.raw ? protectedOf(books, leg.debit, leg.credit) : undefined
    if (account !== undefined) {
      return err({ code: 'account_needs_approval', facts: { leg: String(index), account: String(account) } })
    }
    const posted = books.transfer({ ...leg, entry })
    if (!posted.ok) return err({ code: posted.error.code, facts: { ...posted.error.facts, leg: String(index) } })
    if (leg.metadata !== undefined) metadata.setOnNewTransfer(posted.value.id, leg.metadata)
    transfers.push(posted.value)
  }
  return ok({ transfers })
}

/** The first of the two that is a customer's or merchant's. */
function protectedOf(books: Books, debit: number, credit: number): number | undefined {
  return [debit, credit].find((id) => {
    const account = books.account(id)
    return account !== undefined && !isOwn(account.subject)
  })
}

function answered(decided: Result<Decided, Refusal>, batchNumber: () => number): Result<PostingAnswer, Refusal> {
  if (!decided.ok) return decided
  return ok({ batch: batchNumber(), transfers: decided.value.transfers.map(({ id }) => id) })
}

function reversalFields({ of, currency, raw }: ReversalInput) {
  const amount = 'entry' in of || of.amountMinor === undefined ? null : String(of.amountMinor)
  return {
    of: 'entry' in of ? `entry ${of.entry}` : `transfer ${of.transfer}`,
    amount,
    currency: currency ?? null,
    raw,
  }
}

const postingText = {
  encode: (answer: PostingAnswer) => `[${answer.batch},${answer.transfers.join()}]`,
  decode: (text: string): PostingAnswer => {
    const [batch, ...transfers] = text.slice(1, -1).split(',').map(Number)
    return { batch: batch ?? 0, transfers }
  },
}
