import { err, type Result } from '@huitong/kernel'
import type { Account, Balance } from './account.ts'
import type { LedgerEventKind } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { isCreditNormal } from './subjects.ts'
import type { Transfer } from './transfer.ts'
import type { After, Side, Sides } from './transfer-decide.ts'
import type { EntryRef, TransferRequest } from './transfer-request.ts'

/** What a decided transfer says of itself; the rest follows from its accounts and its place. */
export interface TransferEntry
  extends Omit<TransferRequest, 'currency' | 'effectiveOn' | 'reverses' | 'entry'>,
    Pick<Transfer, 'id' | 'kind' | 'releasedMinor' | 'hold' | 'holdExpiresAt' | 'effectiveOn' | 'reverses'> {
  readonly entry: EntryRef
}

/** A transfer's id carries the slot of the side that pays: the debited customer, or the credited one when an asset is debited. */
export function payerOf(debit: Side | undefined, debitId: number, creditId: number): number {
  return debit !== undefined && isCreditNormal(debit.account.subject) ? debitId : creditId
}

/** What the parts of the books share and no other module sees. */
export interface Workbench {
  needAccount(id: number): void
  account(id: number): Account | undefined
  /** Balance of an account that exists. */
  balance(id: number): Balance
  putAccount(account: Account): void
  /** Journals what is no movement of money. `data` is canonical JSON. */
  event(kind: LedgerEventKind, account: number, data: string): void
  /** Posts with the accounts as `seen` shows them to the rules; `first` happens before the transfer gets its place in the journal. */
  post(request: TransferRequest, seen: (side: Side) => Side, first: () => void): Result<Transfer, LedgerRefusal>
  side(id: number): Side | undefined
  /** The day to which a back-dated transfer belongs, null for the batch's own. */
  effectiveDay(
    effectiveOn: string | null | undefined,
    debit: number,
    credit: number,
  ): Result<string | null, LedgerRefusal>
  /** Journals a decided transfer and stores both balances after it. */
  record(entry: TransferEntry, sides: Sides, after: After): Transfer
}

/** Told of postings, holds and captures under a code that closes a year. */
export const CODE_RESERVED = err({ code: 'code_reserved' } as const)
