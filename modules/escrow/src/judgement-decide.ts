import { type Micros, ok } from '@huitong/kernel'
import { actionable, ended } from './dispute-decide.ts'
import { dated, type Escrow, note, withDispute } from './escrow.ts'
import { refuse } from './escrow-refusals.ts'
import type { Actor } from './step.ts'
import type { StepResult } from './trade-decide.ts'

/*
 * Judging takes four eyes: one member of staff proposes how to split what is frozen, another approves. The proposal stands in the
 * dispute's own row, so an approval and the money that it moves are one commit, and nothing can change between the two.
 */

export interface Judgement {
  readonly dispute: number
  readonly refundMinor: bigint
  readonly reason: string
}

export function decideProposal(escrow: Escrow, actor: Actor, judgement: Judgement, now: Micros): StepResult {
  const { dispute: number, refundMinor, reason } = judgement
  const found = actionable(escrow, actor, 'propose', number, now)
  if (!found.ok) return found
  const dispute = found.value
  if (refundMinor < 0n || refundMinor > dispute.claimMinor) return refuse('offer_above_claim')
  if (dispute.proposal !== null) return refuse('judgement_pending')
  const proposal = { refundMinor, reason, by: actor.id, at: now }
  const after = dated(withDispute(escrow, { ...dispute, proposal }))
  const about = { shipment: dispute.shipment, dispute: number, amountMinor: refundMinor }
  return ok({ escrow: after, notes: [note('judgement_proposed', actor, escrow, after, about)] })
}

/** The refund is named again: whoever approves has seen this judgement and no other. */
export function decideApproval(
  escrow: Escrow,
  actor: Actor,
  { dispute: number, refundMinor }: Pick<Judgement, 'dispute' | 'refundMinor'>,
  now: Micros,
): StepResult {
  const found = actionable(escrow, actor, 'approve', number, now)
  if (!found.ok) return found
  const { proposal } = found.value
  if (proposal === null) return refuse('judgement_missing')
  if (proposal.refundMinor !== refundMinor) return refuse('judgement_changed')
  if (proposal.by === actor.id) return refuse('proposer_cannot_approve')
  return ok(ended(escrow, actor, { ...found.value, approvedBy: actor.id }, 'judged', refundMinor, now))
}

/** Takes a proposal off the table, one's own or another's; somebody proposes anew. */
export function decideRejection(escrow: Escrow, actor: Actor, number: number, now: Micros): StepResult {
  const found = actionable(escrow, actor, 'reject', number, now)
  if (!found.ok) return found
  if (found.value.proposal === null) return refuse('judgement_missing')
  const after = dated(withDispute(escrow, { ...found.value, proposal: null }))
  const about = { shipment: found.value.shipment, dispute: number, amountMinor: found.value.proposal.refundMinor }
  return ok({ escrow: after, notes: [note('judgement_rejected', actor, escrow, after, about)] })
}
