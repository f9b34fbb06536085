import type { ActorKind } from './escrow-trade.ts'

/*
 * A dispute freezes a part of a shipment's money until both sides agree how to split it, one of them keeps silent, or staff judge.
 *
 *     awaiting_merchant ⇄ awaiting_buyer     each offer passes the turn; the silent side has accepted
 *            └────escalate────┴──► judging   one member of staff proposes, another approves
 *     all of them ──► ended
 */

export const DISPUTE_STATES = ['awaiting_merchant', 'awaiting_buyer', 'judging', 'ended'] as const

/** How a dispute ended: by both sides' word, by one side's silence, by the buyer's withdrawal, by staff, or by their silence. */
export const DISPUTE_OUTCOMES = ['agreed', 'lapsed', 'withdrawn', 'judged', 'unjudged'] as const
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number]

/** A judgement that waits for a second member of staff. */
export interface Proposal {
  readonly refundMinor: bigint
  readonly reason: string
  /** Caller id of who proposed it, such as `staff:12`. */
  readonly by: string
  readonly at: number
}

export interface Dispute {
  /** From 1, within its trade. */
  readonly number: number
  readonly shipment: number
  /** What is frozen while the dispute lasts. */
  readonly claimMinor: bigint
  readonly reason: string
  readonly state: (typeof DISPUTE_STATES)[number]
  readonly outcome: DisputeOutcome | null
  /** What each side last said should go back to the buyer. The dispute itself is the buyer's first offer. */
  readonly buyerOfferMinor: bigint
  readonly merchantOfferMinor: bigint | null
  readonly offers: number
  readonly buyerEvidence: number
  readonly merchantEvidence: number
  readonly proposal: Proposal | null
  /** Caller id of who approved the judgement. */
  readonly approvedBy: string | null
  /** What went back to the buyer in the end; null until then, and when it was withdrawn. */
  readonly refundedMinor: bigint | null
  /** µs. */
  readonly openedAt: number
  /** When time decides. */
  readonly dueBy: number
  readonly endedAt: number | null
}

export const DISPUTE_ACTIONS = {
  offer: ['buyer', 'merchant'],
  accept: ['buyer', 'merchant'],
  withdraw: ['buyer'],
  escalate: ['buyer', 'merchant'],
  add_evidence: ['buyer', 'merchant'],
  propose: ['staff'],
  approve: ['staff'],
  reject: ['staff'],
} as const satisfies Readonly<Record<string, readonly ActorKind[]>>
export type DisputeAction = keyof typeof DISPUTE_ACTIONS

/** What stands until the other side answers: the last offer. */
export function standingOfferMinor(dispute: Dispute): bigint {
  return dispute.state === 'awaiting_buyer' && dispute.merchantOfferMinor !== null
    ? dispute.merchantOfferMinor
    : dispute.buyerOfferMinor
}
