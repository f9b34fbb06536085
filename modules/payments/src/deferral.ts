import { invariant } from '@huitong/kernel'
import type { PaymentRefusalCode } from './trade-refusals.ts'

/*
 * A payment that is settled later than it is paid. Until then its money is the merchant's, less the fee, but lies in an account of its own
 * that the merchant cannot spend from: until the merchant confirms that the order is done, or until its sharing is over.
 *
 *     awaiting_confirmation ──confirm all to be shared──► awaiting_sharing
 *              ├──confirm a part──► awaiting_confirmation        ├──share──► awaiting_sharing
 *              └──confirm the rest, time over, refund──► over ◄──┴──last share, confirm, time over, refund
 */

export const DEFERRAL_STATES = ['awaiting_confirmation', 'awaiting_sharing', 'over'] as const
export type DeferralState = (typeof DEFERRAL_STATES)[number]

export const DEFERRAL_ACTIONS = ['confirm', 'confirm_for_sharing', 'share', 'refund', 'time'] as const
export type DeferralAction = (typeof DEFERRAL_ACTIONS)[number]

export interface Deferral {
  readonly trade: number
  readonly merchant: number
  readonly state: DeferralState
  /** What was paid, less what was refunded, shared and settled of it since. */
  readonly openMinor: bigint
  /** What of it lies in the account: the same less the fee. */
  readonly heldMinor: bigint
  /** Once confirmed it stays until its sharing is over. */
  readonly forSharing: boolean
  /** µs; when time settles it. */
  readonly createdAt: number
  readonly settlesAt: number
  readonly endedAt: number | null
}

/** What settled a part of a payment, or all of it. */
export interface SettlementStep {
  readonly trade: number
  /** From 1, within its trade. */
  readonly number: number
  /** The merchant's own; {@link TIME_SETTLEMENT} and the like where time did it. */
  readonly requestNumber: string
  /** Of the payment, before the fee. */
  readonly amountMinor: bigint
  /** The same less the fee: what the merchant got by it, or what stays to be shared. */
  readonly settledMinor: bigint
  readonly forSharing: boolean
  readonly createdAt: number
}

/** Begins the number of a settlement by time. No merchant can choose it: `$` is not among the characters of one. */
export const TIME_SETTLEMENT = '$time'

/** Where each action leads, in words, or why it is refused. The amounts are judged in `deferral-decide.ts`. */
export const DEFERRAL_TABLE: Readonly<
  Record<DeferralState, Readonly<Record<DeferralAction, 'done' | { readonly refuse: PaymentRefusalCode }>>>
> = {
  awaiting_confirmation: {
    confirm: 'done',
    confirm_for_sharing: 'done',
    share: { refuse: 'sharing_before_settlement' },
    refund: 'done',
    time: 'done',
  },
  awaiting_sharing: {
    confirm: 'done',
    confirm_for_sharing: { refuse: 'settlement_over' },
    share: 'done',
    refund: 'done',
    time: 'done',
  },
  over: {
    confirm: { refuse: 'settlement_over' },
    confirm_for_sharing: { refuse: 'settlement_over' },
    // Shared and refunded out of the merchant's account, like any payment.
    share: 'done',
    refund: 'done',
    time: { refuse: 'settlement_over' },
  },
}

/** How an order asks to be settled later: on confirmation within some days, or after sharing, or both. */
export interface DeferralTerms {
  readonly confirmWithinDays: number | null
  readonly forSharing: boolean
}

export const CONFIRM_DAYS_MAX = 365

const TERMS = /^(?:confirm:([1-9][0-9]{0,2})d)?(\+?sharing)?$/

/** The terms as a detail of the order keeps them; undefined for an order that is settled at once. */
export function deferralDetail({ confirmWithinDays, forSharing }: DeferralTerms): string | undefined {
  const parts = [
    ...(confirmWithinDays === null ? [] : [`confirm:${confirmWithinDays}d`]),
    ...(forSharing ? ['sharing'] : []),
  ]
  return parts.length === 0 ? undefined : parts.join('+')
}

export function deferralTerms(detail: string): DeferralTerms {
  const [, days, sharing] = TERMS.exec(detail) ?? []
  invariant(days !== undefined || sharing !== undefined, `terms of settlement that are none: ${detail}`)
  return { confirmWithinDays: days === undefined ? null : Number(days), forSharing: sharing !== undefined }
}

/** Holds for every deferral at every time; the constraints of the table are its pair. */
export function assertDeferral(of: Deferral): Deferral {
  const name = `deferral of trade ${of.trade}`
  invariant(of.heldMinor >= 0n && of.heldMinor <= of.openMinor, `${name}: more held than open`)
  invariant((of.state === 'over') === (of.openMinor === 0n), `${name}: over with a rest, or the reverse`)
  invariant((of.state === 'over') === (of.endedAt !== null), `${name}: over without a time, or the reverse`)
  return of
}
