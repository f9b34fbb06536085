import { PublicId, Timestamp } from '@huitong/contract'
import { type Micros, microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { Proposal } from './proposal.ts'

const STATES = ['open', 'approved', 'rejected', 'expired'] as const

export const ProposalBody = Type.Object(
  {
    id: PublicId('appr'),
    method: Type.String(),
    route: Type.String(),
    params: Type.Unknown(),
    body: Type.Unknown(),
    scope: Type.String({ description: 'What one must have to decide' }),
    state: Type.Enum([...STATES]),
    proposedBy: Type.String({ examples: ['staff:1'] }),
    proposedAt: Timestamp,
    expiresAt: Timestamp,
    decidedBy: Type.Union([Type.String(), Type.Null()]),
    decidedAt: Type.Union([Timestamp, Type.Null()]),
    status: Type.Union([Type.Integer(), Type.Null()], { description: 'Of the answer, once it was done' }),
  },
  { $id: 'Proposal' },
)

export function proposalBody(proposal: Proposal, now: Micros): Static<typeof ProposalBody> {
  const { id, method, route, scope, state, proposedBy, proposedAt, expiresAt, decidedBy, decidedAt, status } = proposal
  return {
    ...{ id: publicId('appr', id), method, route, scope, status },
    ...{ params: JSON.parse(proposal.params), body: JSON.parse(proposal.body) },
    state: state === 'open' && now >= expiresAt ? 'expired' : state,
    ...{ proposedBy: `staff:${proposedBy}`, proposedAt: microsToIso(proposedAt), expiresAt: microsToIso(expiresAt) },
    decidedBy: decidedBy === null ? null : `staff:${decidedBy}`,
    decidedAt: decidedAt === null ? null : microsToIso(decidedAt),
  }
}
