import type { CommandKind } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import type { EscrowContext } from './context.ts'
import {
  type Claim,
  decideAccept,
  decideDispute,
  decideEscalate,
  decideEvidence,
  decideOffer,
  decideWithdraw,
} from './dispute-decide.ts'
import { disputeOf } from './escrow.ts'
import { decideApproval, decideProposal, decideRejection } from './judgement-decide.ts'
import { type EscrowAnswer, type StepInput, stepKind } from './step-kind.ts'

export interface ClaimInput extends StepInput, Claim {}
export interface DisputeInput extends StepInput {
  readonly dispute: number
}
export interface OfferInput extends DisputeInput {
  readonly refundMinor: bigint
}
export interface EvidenceInput extends DisputeInput {
  readonly statement: string
  readonly documents: readonly string[]
}
export interface ProposalInput extends OfferInput {
  readonly reason: string
}

const offerForm = ({ dispute, refundMinor }: OfferInput) => ({ dispute, refund: refundMinor.toString() })

/** `escrow.dispute`: the buyer freezes a part of a shipment's money. */
export function disputeKind(context: EscrowContext): CommandKind<ClaimInput, EscrowAnswer> {
  return stepKind<ClaimInput>(context, {
    name: 'escrow.dispute',
    decide: decideDispute,
    form: ({ shipment, claimMinor, reason }) => ({ shipment, claim: claimMinor.toString(), reason }),
  })
}

/** `escrow.offer`: the side whose turn it is names another refund. */
export function offerKind(context: EscrowContext): CommandKind<OfferInput, EscrowAnswer> {
  return stepKind<OfferInput>(context, { name: 'escrow.offer', decide: decideOffer, form: offerForm })
}

/** `escrow.accept`: what the other side offered last is done. */
export function acceptKind(context: EscrowContext): CommandKind<OfferInput, EscrowAnswer> {
  return stepKind<OfferInput>(context, { name: 'escrow.accept', decide: decideAccept, form: offerForm })
}

/** `escrow.withdraw`: the buyer gives the claim up. */
export function withdrawKind(context: EscrowContext): CommandKind<DisputeInput, EscrowAnswer> {
  return stepKind<DisputeInput>(context, {
    name: 'escrow.withdraw',
    decide: (escrow, actor, { dispute }, now) => decideWithdraw(escrow, actor, dispute, now),
    form: ({ dispute }) => ({ dispute }),
  })
}

/** `escrow.escalate`: a side asks staff to judge. */
export function escalateKind(context: EscrowContext): CommandKind<DisputeInput, EscrowAnswer> {
  return stepKind<DisputeInput>(context, {
    name: 'escrow.escalate',
    decide: (escrow, actor, { dispute }, now) => decideEscalate(escrow, actor, dispute, now),
    form: ({ dispute }) => ({ dispute }),
  })
}

/** `escrow.add-evidence`: a side says or shows something, as long as the dispute lasts. */
export function evidenceKind(context: EscrowContext): CommandKind<EvidenceInput, EscrowAnswer> {
  return stepKind<EvidenceInput>(context, {
    name: 'escrow.add-evidence',
    decide: (escrow, actor, { dispute }, now) => decideEvidence(escrow, actor, dispute, now),
    also: ({ trade, actor, dispute: number, statement, documents }, { escrow }) => {
      const dispute = disputeOf(escrow, number)
      invariant(dispute !== undefined && actor.kind !== 'staff', 'evidence comes from a side of a dispute that exists')
      const count = actor.kind === 'merchant' ? dispute.merchantEvidence : dispute.buyerEvidence
      const { at: givenAt } = context.set.batch
      context.evidence.add({
        ...{ trade, dispute: number, side: actor.kind, number: count, statement, documents, givenAt },
      })
    },
    form: ({ dispute, statement, documents }) => ({ dispute, statement, documents: [...documents] }),
  })
}

/** `escrow.propose-judgement`: the first pair of eyes. */
export function proposeKind(context: EscrowContext): CommandKind<ProposalInput, EscrowAnswer> {
  return stepKind<ProposalInput>(context, {
    name: 'escrow.propose-judgement',
    decide: decideProposal,
    form: (input) => ({ ...offerForm(input), reason: input.reason }),
  })
}

/** `escrow.approve-judgement`: the second pair of eyes; the money moves with it. */
export function approveKind(context: EscrowContext): CommandKind<OfferInput, EscrowAnswer> {
  return stepKind<OfferInput>(context, { name: 'escrow.approve-judgement', decide: decideApproval, form: offerForm })
}

/** `escrow.reject-judgement`: takes the proposal off the table. */
export function rejectKind(context: EscrowContext): CommandKind<DisputeInput, EscrowAnswer> {
  return stepKind<DisputeInput>(context, {
    name: 'escrow.reject-judgement',
    decide: (escrow, actor, { dispute }, now) => decideRejection(escrow, actor, dispute, now),
    form: ({ dispute }) => ({ dispute }),
  })
}
