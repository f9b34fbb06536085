import type { LogDefinition } from '@huitong/committer'
import { int8Array } from '@huitong/pg'
import type { Balance } from './account.ts'

/** How many links may lie between an entry and the mark from which it is found. */
export const MARK_EVERY = 64

export interface Mark {
  readonly account: number
  readonly location: number
  /** After the entry that is marked; its `sequence` is the entry's number. */
  readonly balance: Balance
}

/**
 * Entries are linked backwards only; marks let a reader start in the middle of a long history. They carry the account's counters, so
 * that counters as of any entry are those of the mark before it and what at most 63 entries add.
 */
export const markLog: LogDefinition<Mark> = {
  name: 'ledger_marks',
  append: (sql, marks) => [
    sql`
    insert into ledger_marks (
      account_id, sequence, location, debits_posted, credits_posted, debits_pending, credits_pending)
    select * from unnest(
      ${int8Array(marks.map((mark) => mark.account))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.balance.sequence))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.location))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.balance.debitsPosted))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.balance.creditsPosted))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.balance.debitsPending))}::text::int8[],
      ${int8Array(marks.map((mark) => mark.balance.creditsPending))}::text::int8[])`,
  ],
}
