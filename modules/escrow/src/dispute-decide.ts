import { type Micros, ok } from '@huitong/kernel'
import {
  DISPUTE_ACTIONS,
  type Dispute,
  type DisputeAction,
  type DisputeOutcome,
  standingOfferMinor,
} from './dispute.ts'
import {
  dated,
  disputeOf,
  type Escrow,
  moveWithin,
  note,
  settled,
  shipmentOf,
  withDispute,
  withShipment,
} from './escrow.ts'
import { refuse } from './escrow-refusals.ts'
import { DAY, DISPUTES_MAX, EVIDENCE_MAX, OFFERS_MAX, rulesAt } from './escrow-rules.ts'
import type { Actor, StepKind } from './step.ts'
import { refusedAction, type StepResult } from './trade-decide.ts'

/** What a buyer disputes: a part of one shipment's money that is neither confirmed nor disputed yet. */
export interface Claim {
  readonly shipment: number
  readonly claimMinor: bigint
  readonly reason: string
}

/** The buyer wants a part of a shipment's money back. It is frozen from now on; the rest of the trade goes on. */
export function decideDispute(escrow: Escrow, actor: Actor, claim: Claim, now: Micros): StepResult {
  const refused = refusedAction(escrow.trade, 'dispute', actor)
  if (refused !== undefined) return refused
  const shipment = shipmentOf(escrow, claim.shipment)
  if (shipment === undefined) return refuse('shipment_not_found')
  const { claimMinor } = claim
  if (claimMinor <= 0n) return refuse('amount_out_of_range')
  if (shipment.openMinor === 0n) return refuse('nothing_open')
  if (claimMinor > shipment.openMinor) return refuse('exceeds_open')
  if (shipment.confirmBy <= now) return refuse('confirmation_overdue')
  if (escrow.disputes.length >= DISPUTES_MAX) return refuse('too_many_disputes')
  const dispute: Dispute = {
    ...{ number: escrow.disputes.length + 1, shipment: shipment.number, claimMinor, reason: claim.reason },
    ...{ state: 'awaiting_merchant', outcome: null, buyerOfferMinor: claimMinor, merchantOfferMinor: null, offers: 1 },
    ...{ buyerEvidence: 0, merchantEvidence: 0, proposal: null, approvedBy: null, refundedMinor: null },
    ...{ openedAt: now, dueBy: now + rulesAt(now).answerWithin * DAY, endedAt: null },
  }
  const frozen = moveWithin(escrow, shipment.number, { openMinor: -claimMinor, disputedMinor: claimMinor })
  const after = settled(withDispute(frozen, dispute), 'returned', now)
  const about = { shipment: shipment.number, dispute: dispute.number, amountMinor: claimMinor }
  return ok({ escrow: after, notes: [note('disputed', actor, escrow, after, about)] })
}

/** Why a dispute cannot be acted on now by this actor, in order of precedence; the dispute when it can. */
export function actionable(
  escrow: Escrow,
  actor: Actor,
  action: DisputeAction,
  number: number,
  now: Micros,
): { readonly ok: true; readonly value: Dispute } | ReturnType<typeof refuse> {
  const allowed: readonly string[] = DISPUTE_ACTIONS[action]
  if (!allowed.includes(actor.kind)) return refuse('actor_not_allowed')
  const dispute = disputeOf(escrow, number)
  if (dispute === undefined) return refuse('dispute_not_found')
  if (dispute.state === 'ended') return refuse('dispute_ended')
  if (action === 'add_evidence') return ok(dispute)
  const judging = dispute.state === 'judging'
  if (judging && (action === 'offer' || action === 'accept' || action === 'escalate')) {
    return refuse('dispute_being_judged')
  }
  const byStaff = action === 'propose' || action === 'approve' || action === 'reject'
  if (!judging && byStaff) return refuse('dispute_not_being_judged')
  // Time has decided already, though it is not journaled yet. Withdrawing gives the claim up, which is never too late.
  if (action !== 'withdraw' && dispute.dueBy <= now) return refuse('answer_overdue')
  return ok(dispute)
}

function isTurnOf(dispute: Dispute, actor: Actor): boolean {
  return dispute.state === (actor.kind === 'merchant' ? 'awaiting_merchant' : 'awaiting_buyer')
}

/** A side names another refund. An offer of nothing is a refusal; the other side answers next. */
export function decideOffer(
  escrow: Escrow,
  actor: Actor,
  { dispute: number, refundMinor }: { readonly dispute: number; readonly refundMinor: bigint },
  now: Micros,
): StepResult {
  const found = actionable(escrow, actor, 'offer', number, now)
  if (!found.ok) return found
  const dispute = found.value
  if (!isTurnOf(dispute, actor)) return refuse('not_your_turn')
  if (refundMinor < 0n || refundMinor > dispute.claimMinor) return refuse('offer_above_claim')
  if (dispute.offers >= OFFERS_MAX) return refuse('too_many_offers')
  const byMerchant = actor.kind === 'merchant'
  const after = dated(
    withDispute(escrow, {
      ...dispute,
      state: byMerchant ? 'awaiting_buyer' : 'awaiting_merchant',
      ...(byMerchant ? { merchantOfferMinor: refundMinor } : { buyerOfferMinor: refundMinor }),
      offers: dispute.offers + 1,
      dueBy: now + rulesAt(now).answerWithin * DAY,
    }),
  )
  const about = { shipment: dispute.shipment, dispute: number, amountMinor: refundMinor }
  return ok({ escrow: after, notes: [note('offered', actor, escrow, after, about)] })
}

/** The other side's last offer is accepted. It is named, so that nobody accepts what has changed meanwhile. */
export function decideAccept(
  escrow: Escrow,
  actor: Actor,
  { dispute: number, refundMinor }: { readonly dispute: number; readonly refundMinor: bigint },
  now: Micros,
): StepResult {
  const found = actionable(escrow, actor, 'accept', number, now)
  if (!found.ok) return found
  if (!isTurnOf(found.value, actor)) return refuse('not_your_turn')
  if (standingOfferMinor(found.value) !== refundMinor) return refuse('offer_changed')
  return ok(ended(escrow, actor, found.value, 'agreed', refundMinor, now))
}

/** The buyer gives the claim up: the money waits for a confirmation again, with some time left to give one. */
export function decideWithdraw(escrow: Escrow, actor: Actor, number: number, now: Micros): StepResult {
  const found = actionable(escrow, actor, 'withdraw', number, now)
  if (!found.ok) return found
  const { shipment: of, claimMinor } = found.value
  const thawed = moveWithin(escrow, of, { disputedMinor: -claimMinor, openMinor: claimMinor })
  const shipment = shipmentOf(thawed, of)
  const confirmBy = Math.max(shipment?.confirmBy ?? 0, now + rulesAt(now).confirmAfterDispute * DAY)
  const dispute: Dispute = { ...found.value, state: 'ended', outcome: 'withdrawn', proposal: null, endedAt: now }
  const put = shipment === undefined ? thawed : withShipment(thawed, { ...shipment, confirmBy })
  const after = settled(withDispute(put, dispute), 'returned', now)
  return ok({
    escrow: after,
    notes: [note('withdrawn', actor, escrow, after, { shipment: of, dispute: number, amountMinor: claimMinor })],
  })
}

/** Either side asks staff to judge. */
export function decideEscalate(escrow: Escrow, actor: Actor, number: number, now: Micros): StepResult {
  const found = actionable(escrow, actor, 'escalate', number, now)
  if (!found.ok) return found
  const dueBy = now + rulesAt(now).judgeWithin * DAY
  const after = dated(withDispute(escrow, { ...found.value, state: 'judging', dueBy }))
  const about = { shipment: found.value.shipment, dispute: number }
  return ok({ escrow: after, notes: [note('escalated', actor, escrow, after, about)] })
}

/** A side says or shows something. What it says is kept beside; here it is only counted. */
export function decideEvidence(escrow: Escrow, actor: Actor, number: number, now: Micros): StepResult {
  const found = actionable(escrow, actor, 'add_evidence', number, now)
  if (!found.ok) return found
  const dispute = found.value
  const counter = actor.kind === 'merchant' ? 'merchantEvidence' : 'buyerEvidence'
  if (dispute[counter] >= EVIDENCE_MAX) return refuse('evidence_full')
  const after = dated(withDispute(escrow, { ...dispute, [counter]: dispute[counter] + 1 }))
  const about = { shipment: dispute.shipment, dispute: number }
  return ok({ escrow: after, notes: [note('evidence_added', actor, escrow, after, about)] })
}

const ENDING_STEPS = { agreed: 'agreed', lapsed: 'lapsed', judged: 'judged', unjudged: 'unjudged' } as const

/** Splits what was frozen: the refund back to the buyer, the rest to the merchant. */
export function ended(
  escrow: Escrow,
  actor: Actor,
  dispute: Dispute,
  outcome: Exclude<DisputeOutcome, 'withdrawn'>,
  refundMinor: bigint,
  now: Micros,
) {
  const split = moveWithin(escrow, dispute.shipment, {
    disputedMinor: -dispute.claimMinor,
    returnedMinor: refundMinor,
    releasedMinor: dispute.claimMinor - refundMinor,
  })
  const over: Dispute = { ...dispute, state: 'ended', outcome, refundedMinor: refundMinor, endedAt: now }
  const after = settled(withDispute(split, over), 'returned', now)
  const kind: StepKind = ENDING_STEPS[outcome]
  const about = { shipment: dispute.shipment, dispute: dispute.number, amountMinor: refundMinor }
  return { escrow: after, notes: [note(kind, actor, escrow, after, about)] }
}
