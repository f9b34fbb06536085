import { invariant, ok, type Result } from '@huitong/kernel'
import { SHARES_MAX, type Share } from './share.ts'
import { isUnpaid, refundableMinor, type Trade } from './trade.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'

export interface ShareWish {
  readonly customer: number
  readonly amountMinor: bigint
  readonly description: string | null
}

export interface SharingRequest {
  readonly requestNumber: string
  readonly wishes: readonly ShareWish[]
  readonly endsSharing: boolean
}

/** What a payment may be shared by. */
export interface SharingRule {
  /** Basis points of what is left of it, in force now. */
  readonly maxBps: number
  /** It does not wait for its merchant to confirm it. */
  readonly confirmed: boolean
}

/** What is with receivers now. */
export function sharedMinor(shares: readonly Share[]): bigint {
  return shares.reduce((sum, share) => sum + share.amountMinor - share.returnedMinor, 0n)
}

function sameWishes(made: readonly Share[], request: SharingRequest): boolean {
  return (
    made.length === request.wishes.length &&
    made.every((share, index) => {
      const wish = request.wishes[index]
      return (
        wish !== undefined &&
        share.customer === wish.customer &&
        share.amountMinor === wish.amountMinor &&
        share.endsSharing === request.endsSharing
      )
    })
  )
}

/**
 * The shares that a request makes, or those that it made before when it is sent again. All of a payment that is shared, now and earlier, may
 * be a part of what is left of the payment; the rest stays with the merchant, who is charged the fee.
 */
export function decideSharing(
  trade: Trade,
  present: readonly Share[],
  request: SharingRequest,
  now: number,
  rule: SharingRule,
): Result<{ readonly made: readonly Share[]; readonly isNew: boolean }, PaymentRefusal> {
  const before = present.filter((share) => share.requestNumber === request.requestNumber)
  if (before.length > 0) {
    return sameWishes(before, request) ? ok({ made: before, isNew: false }) : refuse('sharing_inconsistent')
  }
  if (request.wishes.some((wish) => wish.amountMinor <= 0n)) return refuse('amount_out_of_range')
  if (isUnpaid(trade.state)) return refuse('trade_not_paid')
  if (trade.state === 'closed') return refuse('trade_already_closed')
  if (trade.state === 'finished') return refuse('trade_already_finished')
  if (!rule.confirmed) return refuse('sharing_before_settlement')
  if (present.some((share) => share.endsSharing)) return refuse('sharing_ended')
  if (present.length + request.wishes.length > SHARES_MAX) return refuse('shares_exceed_maximum')
  const asked = request.wishes.reduce((sum, wish) => sum + wish.amountMinor, 0n)
  // Rounded down: a fen above the part would be above it.
  if ((sharedMinor(present) + asked) * 10_000n > refundableMinor(trade) * BigInt(rule.maxBps)) {
    return refuse('shares_exceed_maximum')
  }
  const made = request.wishes.map((wish, index) => ({
    ...{ trade: trade.id, number: present.length + index + 1, requestNumber: request.requestNumber },
    ...{ ...wish, returnedMinor: 0n, endsSharing: request.endsSharing, createdAt: now },
  }))
  return ok({ made, isNew: true })
}

/** Takes an amount back out of what a receiver got of a payment, the oldest share first. */
export function decideShareReturn(
  present: readonly Share[],
  customer: number,
  amountMinor: bigint,
): Result<readonly Share[], PaymentRefusal> {
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  let rest = amountMinor
  const after = present.map((share) => {
    if (share.customer !== customer) return share
    const left = share.amountMinor - share.returnedMinor
    const taken = left < rest ? left : rest
    rest -= taken
    return { ...share, returnedMinor: share.returnedMinor + taken }
  })
  if (rest > 0n) return refuse('return_exceeds_share')
  invariant(sharedMinor(after) === sharedMinor(present) - amountMinor, 'what is returned leaves the shares')
  return ok(after)
}
