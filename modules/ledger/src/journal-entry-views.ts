import { AmountText, CurrencyText, PublicId, Timestamp } from '@huitong/contract'
import { formatAmount, JsonNumber, type JsonValue, microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import type { EntryLine } from './journal-entry.ts'
import type { JournaledEntry } from './journal-entry-read-store.ts'
import { ACCOUNT_ID, TRANSFER_ID, TransferBody, transferBody } from './ledger-views.ts'

export const EntryLineBody = Type.Object(
  {
    side: Type.Union([Type.Literal('debit'), Type.Literal('credit')]),
    account: PublicId(ACCOUNT_ID),
    amount: AmountText,
    currency: CurrencyText,
  },
  { $id: 'LedgerEntryLine' },
)

export function entryLineBody({ side, account, amountMinor, currency }: EntryLine) {
  return { side, account: publicId(ACCOUNT_ID, account), amount: formatAmount(amountMinor, currency), currency }
}

export const JournalEntryBody = Type.Object(
  {
    id: PublicId(TRANSFER_ID),
    batch: Type.Integer(),
    at: Timestamp,
    lines: Type.Array(EntryLineBody),
    transfers: Type.Array(TransferBody),
    facts: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What was recorded with it: the rates of an exchange, the template that it was posted by',
    }),
  },
  { $id: 'LedgerJournalEntry' },
)

export function journalEntryBody({ id, batch, at, lines, transfers, facts }: JournaledEntry) {
  return {
    id: publicId(TRANSFER_ID, id),
    batch,
    at: microsToIso(at),
    lines: lines.map(entryLineBody),
    transfers: transfers.map((transfer) => transferBody(transfer, transfer.currency)),
    facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, plainJson(value)])),
  }
}

/** A parsed JSON value as `JSON.stringify` writes it back. */
export function plainJson(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return value.text
  if (Array.isArray(value)) return value.map(plainJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainJson(member)]))
}

/** What a posted entry answers. */
export const PostedEntryBody = Type.Object({
  batch: Type.Integer(),
  entry: PublicId(TRANSFER_ID),
  transfers: Type.Array(PublicId(TRANSFER_ID)),
})

export function postedEntryBody(answer: {
  readonly batch: number
  readonly entry: number
  readonly transfers: readonly number[]
}) {
  return {
    batch: answer.batch,
    entry: publicId(TRANSFER_ID, answer.entry),
    transfers: answer.transfers.map((id) => publicId(TRANSFER_ID, id)),
  }
}
