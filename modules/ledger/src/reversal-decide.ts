import { err, MAX_MINOR, ok, type Result } from '@huitong/kernel'
import type { LedgerRefusal } from './ledger-refusals.ts'
import type { Original, Reversal } from './reversal.ts'
import { isYearEnd, type TransferCode } from './transfer.ts'

/**
 * How much of a transfer is taken back, and what its counter is afterwards. Only posted money can be taken back, and never more of it
 * than was posted; a reversal itself stands: what it took back is posted anew. Whether the accounts can bear the mirrored posting is
 * judged as for any other.
 *
 * `amountMinor` undefined asks for all that is left. `code` is that of the transfer that takes it back.
 */
export function decideReversal(
  original: Original | undefined,
  reversal: Reversal | undefined,
  amountMinor: bigint | undefined,
  code: TransferCode = 'reversal',
): Result<{ readonly amountMinor: bigint; readonly reversal: Reversal }, LedgerRefusal> {
  if (amountMinor !== undefined && amountMinor <= 0n) return err({ code: 'amount_not_positive' })
  if (amountMinor !== undefined && amountMinor > MAX_MINOR) return err({ code: 'amount_too_large' })
  if (original === undefined) return err({ code: 'transfer_unknown' })
  if (original.kind !== 'posted' && original.kind !== 'captured') return err({ code: 'transfer_moved_nothing' })
  if (original.reverses !== null) return err({ code: 'transfer_is_reversal' })
  if (isYearEnd(original.code) && !isYearEnd(code)) return err({ code: 'transfer_closes_year' })
  const reversedMinor = reversal?.reversedMinor ?? 0n
  const leftMinor = original.amountMinor - reversedMinor
  if (leftMinor === 0n) return err({ code: 'transfer_already_reversed' })
  const taken = amountMinor ?? leftMinor
  if (taken > leftMinor) return err({ code: 'exceeds_unreversed', facts: { left_minor: String(leftMinor) } })
  return ok({
    amountMinor: taken,
    reversal: { amountMinor: original.amountMinor, reversedMinor: reversedMinor + taken },
  })
}
