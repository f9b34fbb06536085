import type { Scope } from '@huitong/contract'
import { expect, test } from 'vitest'
import { decisionFault, type Proposal } from './proposal.ts'

const open: Proposal = {
  ...{ id: 1, method: 'POST', route: '/v1/x', params: '{}', body: '{}', scope: 'rules:write', proposedBy: 1 },
  ...{ proposedAt: 0, expiresAt: 100, state: 'open', decidedBy: null, decidedAt: null, status: null },
}
const approved: Proposal = { ...open, state: 'approved', decidedBy: 2, decidedAt: 5 }
const both: Scope[] = ['rules:write']

test.each([
  ['another approves', open, 'approve', 2, both, 99, undefined],
  ['the proposer approves', open, 'approve', 1, both, 1, 'proposer_cannot_approve'],
  ['the proposer takes it back', open, 'reject', 1, both, 1, undefined],
  ['another rejects', open, 'reject', 2, both, 1, undefined],
  ['somebody without the scope approves', open, 'approve', 2, [], 1, 'scope_missing'],
  ['it is too old', open, 'approve', 2, both, 100, 'proposal_expired'],
  ['it is too old and its proposer approves', open, 'approve', 1, both, 100, 'proposal_expired'],
  ['it was rejected', { ...open, state: 'rejected' }, 'approve', 2, both, 1, 'proposal_rejected'],
  ['it was approved and never done', approved, 'approve', 3, both, 200, undefined],
  ['it was approved and done', { ...approved, status: 201 }, 'approve', 3, both, 1, 'proposal_approved'],
  ['it was approved and is to be rejected', approved, 'reject', 3, both, 1, 'proposal_approved'],
] as const)('when %s', (_, proposal, decision, staff, scopes, at, expected) => {
  expect(decisionFault(proposal, decision, staff, new Set(scopes), at)).toBe(expected)
})
