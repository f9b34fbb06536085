import { invariant, ok, type Result } from '@huitong/kernel'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

export const SPLIT_BILL_STATES = ['open', 'settled', 'closed'] as const
type SplitBillState = (typeof SPLIT_BILL_STATES)[number]

/**
 * What one person paid for several and the others pay back. Each share is a request for money.
 *
 *     open ──the last share is paid──► settled
 *      └──the owner closes it, or the last share ends and not all were paid──► closed
 */
export interface SplitBill {
  readonly id: number
  readonly owner: number
  readonly title: string
  readonly totalMinor: bigint
  /** What the owner bears: the total less all shares. */
  readonly ownShareMinor: bigint
  /** Ids of the shares, as requests for money. */
  readonly requests: readonly number[]
  readonly openShares: number
  /** Shares that were declined or expired, or called off with the bill. */
  readonly unpaidShares: number
  readonly state: SplitBillState
  readonly createdAt: number
  readonly remindedAt: number | null
  readonly endedAt: number | null
}

/** A payer, and the share; null for an equal part. */
export interface AskedShare {
  readonly payer: number
  readonly amountMinor: bigint | null
}

export interface Shares {
  readonly shares: readonly { readonly payer: number; readonly amountMinor: bigint }[]
  readonly ownShareMinor: bigint
}

/**
 * Splits a bill. Named shares are taken off first; the rest is divided equally among the owner and the others without a named one, and the
 * owner bears the fen that do not divide. With named shares only, the owner bears whatever is left.
 */
export function splitShares(totalMinor: bigint, asked: readonly AskedShare[]): Result<Shares, PaymentRefusal> {
  const named = asked.reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0n), 0n)
  const equal = BigInt(asked.filter(({ amountMinor }) => amountMinor === null).length)
  const part = (totalMinor - named) / (equal + 1n)
  const shares = asked.map(({ payer, amountMinor }) => ({ payer, amountMinor: amountMinor ?? part }))
  if (named > totalMinor || shares.some(({ amountMinor }) => amountMinor <= 0n)) return refuse('shares_do_not_fit')
  const ownShareMinor = totalMinor - shares.reduce((sum, share) => sum + share.amountMinor, 0n)
  invariant(ownShareMinor >= 0n && ownShareMinor < totalMinor, 'a bill was split into more than its total')
  return ok({ shares, ownShareMinor })
}

/** The bill after one of its shares has ended. */
export function afterShareEnded(bill: SplitBill, paid: boolean, now: number): SplitBill {
  invariant(bill.openShares > 0, `split bill ${bill.id} has no open share that could end`)
  const openShares = bill.openShares - 1
  const unpaidShares = bill.unpaidShares + (paid ? 0 : 1)
  if (openShares > 0) return { ...bill, openShares, unpaidShares }
  return { ...bill, openShares, unpaidShares, state: unpaidShares === 0 ? 'settled' : 'closed', endedAt: now }
}
