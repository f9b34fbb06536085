import type { Scope } from '@huitong/contract'
import { MICROS_PER_SECOND, type Micros } from '@huitong/kernel'

/*
 * Four eyes: one member of staff proposes a request, another with the same scope approves it, and then it is done. Approving is
 * written down first and the request performed after it, under a key made of the proposal's id: when the program ends between the
 * two, approving again performs it, and it can be done once only.
 */

export const PROPOSAL_STATES = ['open', 'approved', 'rejected'] as const

export interface Proposal {
  readonly id: number
  readonly method: string
  readonly route: string
  /** JSON, as the route's schemas let it through. */
  readonly params: string
  readonly body: string
  readonly scope: Scope
  readonly proposedBy: number
  readonly proposedAt: Micros
  readonly expiresAt: Micros
  readonly state: (typeof PROPOSAL_STATES)[number]
  readonly decidedBy: number | null
  readonly decidedAt: Micros | null
  /** Of the answer to the performed request; null until there is one. */
  readonly status: number | null
}

/** A weekend and a day: then the reasons are to be looked at anew. */
export const PROPOSAL_LIFE: Micros = 72 * 3600 * MICROS_PER_SECOND

/** Why a decision on a proposal is refused, in order of precedence. */
const PROPOSAL_REFUSALS = [
  'proposal_not_found',
  'scope_missing',
  'proposal_rejected',
  'proposal_approved',
  'proposal_expired',
  'proposer_cannot_approve',
] as const
export type ProposalRefusal = (typeof PROPOSAL_REFUSALS)[number]

export const PROPOSAL_REFUSAL_MEANINGS: Readonly<
  Record<ProposalRefusal, { readonly status: 403 | 404 | 409; readonly text: string }>
> = {
  proposal_not_found: { status: 404, text: 'There is no such proposal.' },
  scope_missing: { status: 403, text: 'To decide on it takes the scope that its request takes.' },
  proposal_rejected: { status: 409, text: 'The proposal was rejected. Propose anew.' },
  proposal_approved: { status: 409, text: 'The proposal was approved before.' },
  proposal_expired: { status: 409, text: 'The proposal is older than three days. Propose anew.' },
  proposer_cannot_approve: { status: 403, text: 'It takes four eyes: somebody else must approve.' },
}

/** Whether somebody may decide so; undefined when they may. Approving again what one's own approval began is let through, to finish it. */
export function decisionFault(
  proposal: Proposal,
  decision: 'approve' | 'reject',
  staffId: number,
  scopes: ReadonlySet<Scope>,
  at: Micros,
): ProposalRefusal | undefined {
  if (!scopes.has(proposal.scope)) return 'scope_missing'
  if (proposal.state === 'rejected') return 'proposal_rejected'
  if (proposal.state === 'approved') {
    return decision === 'approve' && proposal.status === null ? undefined : 'proposal_approved'
  }
  if (at >= proposal.expiresAt) return 'proposal_expired'
  return decision === 'approve' && proposal.proposedBy === staffId ? 'proposer_cannot_approve' : undefined
}
