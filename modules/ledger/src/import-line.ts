import type { CurrencyCode } from '@huitong/kernel'
import type { SubjectCode } from './subjects.ts'
import type { TransferCode } from './transfer.ts'

/** An account as a file names it: its public id, or the reference under which a file brought it in. */
export type AccountName = { readonly id: number } | { readonly reference: string }

export interface ImportedAccount {
  readonly type: 'account'
  readonly reference: string
  readonly subject: SubjectCode
  readonly currency: CurrencyCode
  readonly floorMinor: bigint | null
}

export interface ImportedLeg {
  readonly debit: AccountName
  readonly credit: AccountName
  readonly amountMinor: bigint
  readonly currency: CurrencyCode
  readonly code: TransferCode
}

/** One transfer, or several that stand or fall together. */
export interface ImportedTransfer {
  readonly type: 'transfer'
  /** What the file calls it; a second one of this name is the same one and has no effect. Null: it has no name. */
  readonly reference: string | null
  readonly legs: readonly ImportedLeg[]
  /** The accounting day on which it counts; null: the day on which it comes in. */
  readonly effectiveOn: string | null
}

export interface ImportFault {
  readonly code: ImportFaultCode
  /** A sentence for the one who wrote the line. */
  readonly detail: string
}

/** A line of a file after it was read. Empty lines and comments are nothing to be brought in. */
export type ImportLine =
  | { readonly line: number; readonly is: 'record'; readonly record: ImportedAccount | ImportedTransfer }
  | { readonly line: number; readonly is: 'fault'; readonly fault: ImportFault }

/** Why a line is refused before the ledger is asked, in order of precedence. */
export type ImportFaultCode = 'line_too_long' | 'line_malformed' | 'field_unknown' | 'field_missing' | 'field_invalid'
