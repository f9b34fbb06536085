import type { CommandKind } from '@huitong/committer'
import { canonicalJson, err, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import type { EntryLine } from './journal-entry.ts'
import { type PostedEntry, postEntry, protectedLine } from './journal-entry-post.ts'
import type { TransferCode } from './transfer.ts'

export interface EntryInput {
  readonly lines: readonly EntryLine[]
  readonly code: TransferCode
  readonly reference: number | null
  /** Raw entries by staff must leave customers' and merchants' accounts alone. */
  readonly raw: boolean
}

export interface EntryAnswer {
  readonly batch: number
  readonly entry: number
  readonly transfers: readonly number[]
}

/** `ledger.post-entry`: debit and credit lines that balance in each currency. */
export function entryKind(books: Books, batchNumber: () => number): CommandKind<EntryInput, EntryAnswer> {
  return {
    name: 'ledger.post-entry',
    need: ({ lines }) => {
      for (const { account } of lines) books.needAccount(account)
    },
    decide: ({ lines, code, reference, raw }) => {
      const refused = raw ? protectedLine(books, lines) : undefined
      if (refused !== undefined) return err(refused)
      const posted = postEntry(books, { lines, code, reference })
      return posted.ok ? ok(entryAnswer(posted.value, batchNumber())) : posted
    },
    form: ({ lines, code, reference, raw }) => canonicalJson({ lines: lines.map(lineForm), code, reference, raw }),
    ...entryAnswerText,
  }
}

export function entryAnswer({ id, transfers }: PostedEntry, batch: number): EntryAnswer {
  return { batch, entry: id, transfers: transfers.map((transfer) => transfer.id) }
}

/** How an answer is remembered: batch, entry, then the transfers. */
export const entryAnswerText = {
  encode: ({ batch, entry, transfers }: EntryAnswer): string => `[${[batch, entry, ...transfers].join()}]`,
  decode: (text: string): EntryAnswer => {
    const [batch = 0, entry = 0, ...transfers] = text.slice(1, -1).split(',').map(Number)
    return { batch, entry, transfers }
  },
}

function lineForm({ side, account, amountMinor, currency }: EntryLine): readonly unknown[] {
  return [side, account, String(amountMinor), currency]
}
