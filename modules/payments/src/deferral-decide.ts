import { invariant, ok, type Result } from '@huitong/kernel'
import { assertDeferral, DEFERRAL_TABLE, type Deferral, type DeferralAction, type DeferralTerms } from './deferral.ts'
import { DAY, SHARING_LIFE } from './limits.ts'
import type { Trade } from './trade.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

type Decision<T> = Result<T, PaymentRefusal>

/** A payment that was just made and is not settled yet. The fee was taken from it. */
export function beginDeferral(trade: Trade, { confirmWithinDays, forSharing }: DeferralTerms, now: number): Deferral {
  const life = confirmWithinDays === null ? SHARING_LIFE : confirmWithinDays * DAY
  return concluded(
    {
      trade: trade.id,
      merchant: trade.merchant,
      state: confirmWithinDays === null ? 'awaiting_sharing' : 'awaiting_confirmation',
      openMinor: trade.paidMinor,
      heldMinor: trade.paidMinor - trade.feeMinor,
      forSharing,
      createdAt: now,
      settlesAt: now + life,
      endedAt: null,
    },
    now,
  )
}

export interface SettlementWish {
  /** Before the fee; null for all that is open. */
  readonly amountMinor: bigint | null
  /** Whether it stays to be shared; null for what the order said. */
  readonly forSharing: boolean | null
}

export interface Settling {
  readonly deferral: Deferral
  readonly amountMinor: bigint
  /** What goes to the merchant, or stays to be shared. */
  readonly settledMinor: bigint
  readonly forSharing: boolean
}

/** The merchant confirms a part, or all. A part of what is open takes the same part of what is held, rounded down; the rest takes all. */
export function decideConfirmation(
  trade: Trade,
  of: Deferral | undefined,
  wish: SettlementWish,
  now: number,
): Decision<Settling> {
  if (wish.amountMinor !== null && wish.amountMinor <= 0n) return refuse('amount_out_of_range')
  if (trade.state === 'awaiting_payment') return refuse('trade_not_paid')
  if (trade.state === 'closed') return refuse('trade_already_closed')
  if (of === undefined) return refuse('settlement_not_deferred')
  const forSharing = wish.forSharing ?? (of.forSharing && of.state === 'awaiting_confirmation')
  const refused = refusalOf(of, forSharing ? 'confirm_for_sharing' : 'confirm')
  if (refused !== undefined) return refused
  const amountMinor = wish.amountMinor ?? of.openMinor
  if (amountMinor > of.openMinor) return refuse('settlement_exceeds_rest')
  if (forSharing) {
    if (amountMinor < of.openMinor) return refuse('settlement_not_whole')
    return ok({ deferral: toBeShared(of, now), amountMinor, settledMinor: of.heldMinor, forSharing })
  }
  const settledMinor = amountMinor === of.openMinor ? of.heldMinor : (of.heldMinor * amountMinor) / of.openMinor
  const { openMinor, heldMinor } = of
  const rest = { ...of, openMinor: openMinor - amountMinor, heldMinor: heldMinor - settledMinor }
  return ok({ deferral: concluded(rest, now), amountMinor, settledMinor, forSharing })
}

/** What time does: settles all, or lets what is to be shared wait for that. */
export function decideSettlementByTime(of: Deferral, now: number): Decision<Settling> {
  const refused = refusalOf(of, 'time')
  if (refused !== undefined) return refused
  if (of.settlesAt > now) return refuse('trade_not_due')
  const { openMinor: amountMinor, heldMinor: settledMinor } = of
  if (of.forSharing && of.state === 'awaiting_confirmation') {
    return ok({ deferral: toBeShared(of, now), amountMinor, settledMinor, forSharing: true })
  }
  return ok({ deferral: over(of, now), amountMinor, settledMinor, forSharing: false })
}

/** Takes shares out of what is held. `ends` settles the rest. */
export function decideShareOut(
  of: Deferral,
  amountMinor: bigint,
  ends: boolean,
  now: number,
): Decision<{ readonly deferral: Deferral; readonly settledMinor: bigint }> {
  const refused = refusalOf(of, 'share')
  if (refused !== undefined) return refused
  invariant(of.state !== 'over', 'what is settled is shared out of the account of its merchant')
  if (amountMinor > of.heldMinor) return refuse('merchant_without_funds')
  const rest = { ...of, openMinor: of.openMinor - amountMinor, heldMinor: of.heldMinor - amountMinor }
  return ok(
    ends
      ? { deferral: over(rest, now), settledMinor: rest.heldMinor }
      : { deferral: concluded(rest, now), settledMinor: 0n },
  )
}

/** Shares that came back. What is over stays so: they go to the merchant's account then, and this is not asked. */
export function withReturn(of: Deferral, amountMinor: bigint): Deferral {
  invariant(of.state !== 'over', 'nothing returns to what is settled')
  return assertDeferral({ ...of, openMinor: of.openMinor + amountMinor, heldMinor: of.heldMinor + amountMinor })
}

export interface RefundSource {
  readonly deferral: Deferral
  /** Whether the refund, and the fee that goes back, are of what is held alone; else they are of the merchant's account. */
  readonly ofHeld: boolean
  /** What goes from what is held to the merchant's account: all when that must refund, and the fen that rounding leaves over. */
  readonly settledMinor: bigint
}

/** Where a refund comes from: what is not settled first. */
export function decideRefundSource(
  of: Deferral,
  amountMinor: bigint,
  feeReturnedMinor: bigint,
  now: number,
): RefundSource {
  const openMinor = of.openMinor - least(amountMinor, of.openMinor)
  const rest = of.heldMinor + feeReturnedMinor - amountMinor
  const ofHeld = rest >= 0n
  const heldMinor = ofHeld ? least(rest, openMinor) : 0n
  const settledMinor = ofHeld ? rest - heldMinor : of.heldMinor
  return { deferral: concluded({ ...of, openMinor, heldMinor }, now), ofHeld, settledMinor }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function refusalOf(of: Deferral, action: DeferralAction): ReturnType<typeof refuse> | undefined {
  const cell = DEFERRAL_TABLE[of.state][action]
  return cell === 'done' ? undefined : refuse(cell.refuse)
}

function toBeShared(of: Deferral, now: number): Deferral {
  return assertDeferral({ ...of, state: 'awaiting_sharing', forSharing: true, settlesAt: now + SHARING_LIFE })
}

function over(of: Deferral, now: number): Deferral {
  return concluded({ ...of, openMinor: 0n, heldMinor: 0n }, now)
}

function concluded(of: Deferral, now: number): Deferral {
  return assertDeferral(of.openMinor === 0n ? { ...of, state: 'over', endedAt: now } : of)
}
