import type { CurrencyCode } from '@huitong/kernel'
import type { TransferCode } from './transfer.ts'

/** What the books are asked to do with value. */
export interface TransferRequest {
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly currency: CurrencyCode
  readonly code: TransferCode
  readonly reference: number | null
  /** The open accounting day to which it belongs when that is not the batch's own. */
  readonly effectiveOn?: string | null
  /** Id of the transfer that it takes back. Only `reverse` says so: it keeps count of how much is left. */
  readonly reverses?: number | null
  readonly entry?: EntryRef
}

/** The entry that a transfer belongs to: one that it starts itself, or that of an earlier transfer of the same command. */
export type EntryRef = 'new' | number | null

export interface HoldRequest extends Omit<TransferRequest, 'effectiveOn' | 'reverses'> {
  /** µs, or null. */
  readonly expiresAt: number | null
}

export interface CaptureRequest {
  readonly hold: number
  readonly amountMinor: bigint
  /** Gives the rest of the hold back. */
  readonly final: boolean
  /** Those of the hold when missing. */
  readonly code?: TransferCode
  readonly reference?: number | null
  readonly effectiveOn?: string | null
  readonly entry?: EntryRef
}

/** More is promised by a hold that is there. */
export interface IncreaseRequest {
  readonly hold: number
  readonly amountMinor: bigint
  readonly entry?: EntryRef
}

/** µs; later than the expiry that the hold has. */
export interface ExtensionRequest {
  readonly hold: number
  readonly expiresAt: number
}

export interface ReleaseRequest {
  readonly hold: number
  readonly reason: 'void' | 'expiry'
  readonly entry?: EntryRef
}
