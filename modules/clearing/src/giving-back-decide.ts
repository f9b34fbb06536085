import { CNY, err, type Money, ok, type Result } from '@huitong/kernel'
import type { Payment } from './payment.ts'
import type { Rejection } from './rejection.ts'

/** What gives money of a settled transfer back: a return by its payee's bank, or a reversal that its payer's bank asks for. */
export interface GivingBack {
  readonly original: Payment | undefined
  /** Whose right it is: the payee of the transfer for a return, the payer for a reversal. */
  readonly by: 'payee' | 'payer'
  readonly sender: string
  readonly amount: Money
  /** What the message says that the transfer was, where it says so. */
  readonly originalAmount: Money | undefined
}

/** The transfer that money of comes back, or the first reason of `REJECTIONS` why none does. */
export function decideGivingBack({
  original,
  by,
  sender,
  amount,
  originalAmount,
}: GivingBack): Result<Payment, Rejection> {
  if (original === undefined || original.kind !== 'transfer' || original[by] !== sender) return err('original_unknown')
  if (original.state !== 'settled') return err('original_not_settled')
  const differs = originalAmount !== undefined && originalAmount.minor !== original.amountMinor
  if (differs || (originalAmount !== undefined && originalAmount.currency !== CNY)) return err('original_differs')
  if (amount.currency !== CNY) return err('currency_not_settled')
  if (original.returnedMinor + amount.minor > original.amountMinor) return err('more_than_original')
  return ok(original)
}
