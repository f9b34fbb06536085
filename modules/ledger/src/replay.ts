import { invariant } from '@huitong/kernel'
import type { Balance } from './account.ts'
import type { Transfer } from './transfer.ts'

/** What a transfer adds to the posted and pending counters of either side. */
function deltas(transfer: Pick<Transfer, 'kind' | 'amountMinor' | 'releasedMinor'>): {
  readonly posted: bigint
  readonly pending: bigint
} {
  switch (transfer.kind) {
    case 'posted':
      return { posted: transfer.amountMinor, pending: 0n }
    case 'held':
    case 'increased':
      return { posted: 0n, pending: transfer.amountMinor }
    case 'captured':
      return { posted: transfer.amountMinor, pending: -transfer.releasedMinor }
    case 'voided':
    case 'expired':
      return { posted: 0n, pending: -transfer.releasedMinor }
  }
}

/** The debit side's balance after a transfer that stands at the location `at`. */
function debited(balance: Balance, transfer: Transfer, at: number): Balance {
  const { posted, pending } = deltas(transfer)
  return {
    ...balance,
    debitsPosted: balance.debitsPosted + posted,
    debitsPending: balance.debitsPending + pending,
    sequence: transfer.debitSequence,
    lastEntry: at,
  }
}

/** The credit side's balance after a transfer that stands at the location `at`. */
function credited(balance: Balance, transfer: Transfer, at: number): Balance {
  const { posted, pending } = deltas(transfer)
  return {
    ...balance,
    creditsPosted: balance.creditsPosted + posted,
    creditsPending: balance.creditsPending + pending,
    sequence: transfer.creditSequence,
    lastEntry: at,
  }
}

/**
 * Brings the balances that are in the map up to a transfer, unless they already count it: a balance written back late knows by its
 * sequence which entries are in it. A gap in the sequence is a hole in the journal.
 */
export function applyTransfer(balances: Map<number, Balance>, transfer: Transfer, at: number): void {
  const debit = balances.get(transfer.debit)
  if (debit !== undefined && transfer.debitSequence > debit.sequence) {
    invariant(
      transfer.debitSequence === debit.sequence + 1,
      `entry ${debit.sequence + 1} of account ${transfer.debit} is missing`,
    )
    balances.set(transfer.debit, debited(debit, transfer, at))
  }
  const credit = balances.get(transfer.credit)
  if (credit !== undefined && transfer.creditSequence > credit.sequence) {
    invariant(
      transfer.creditSequence === credit.sequence + 1,
      `entry ${credit.sequence + 1} of account ${transfer.credit} is missing`,
    )
    balances.set(transfer.credit, credited(credit, transfer, at))
  }
}
