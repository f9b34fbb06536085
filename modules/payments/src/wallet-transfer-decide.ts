import { ok, type Result } from '@huitong/kernel'
import { TRANSFER_MINOR_MAX, TRANSFER_MINOR_MIN } from './limits.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'
import type { Payer, WalletTransfer } from './wallet-transfer.ts'

/** What is asked for, before the transfer exists. */
export interface TransferTerms {
  readonly payer: Payer
  /** The payer's own number; it names one transfer for ever. */
  readonly transferNumber: string
  /** A customer. */
  readonly payee: number
  readonly amountMinor: bigint
  readonly title: string | null
  readonly remark: string | null
}

/** Judges a transfer by itself and against the one that has its number already, if any. */
export function decideTransfer(
  terms: TransferTerms,
  before: WalletTransfer | undefined,
): Result<TransferTerms, PaymentRefusal> {
  const { payer, payee, amountMinor } = terms
  if (amountMinor < TRANSFER_MINOR_MIN || amountMinor > TRANSFER_MINOR_MAX) return refuse('amount_out_of_range')
  if (payer.kind === 'customer' && payer.id === payee) return refuse('payer_is_payee')
  if (before !== undefined && !sameTransfer(terms, before)) return refuse('transfer_inconsistent')
  return ok(terms)
}

/** A title or remark that was put in other words makes it no other transfer. */
function sameTransfer(terms: TransferTerms, before: WalletTransfer): boolean {
  return terms.payee === before.payee && terms.amountMinor === before.amountMinor
}
