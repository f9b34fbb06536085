import type { Caller } from '@huitong/contract'
import {
  type ApprovalDesk,
  type Circumstances,
  HttpProblem,
  type PerformApproved,
  problem,
  type RouteReply,
  reply,
} from '@huitong/http'
import { type Clock, err, invariant, ok, publicId, type Result } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { decisionFault, PROPOSAL_LIFE, type Proposal, type ProposalRefusal } from './proposal.ts'
import { answerProposal, decideProposal, ensureProposal, lockProposal, selectProposals } from './proposal-store.ts'
import { proposalBody } from './proposal-views.ts'
import type { Session } from './session.ts'

export interface Approvals {
  readonly approvalDesk: ApprovalDesk
  /** Newest first; only those before this id when one is given. */
  listProposals(limit: number, before: number | null): Promise<readonly Proposal[]>
  reject(id: number, caller: Caller): Promise<Result<Proposal, ProposalRefusal>>
  /** Approves and performs; the answer is that of the performed request. */
  approve(
    id: number,
    caller: Caller,
    perform: PerformApproved,
    circumstances: Circumstances,
  ): Promise<Result<RouteReply<unknown>, ProposalRefusal>>
}

export function createApprovals(
  db: InstitutionDatabase,
  clock: Clock,
  sessionOf: (caller: Caller) => Session | undefined,
): Approvals {
  function staffIdOf(caller: Caller): number {
    const session = sessionOf(caller)
    invariant(session?.subject.kind === 'staff', 'staff come with a session')
    return session.subject.id
  }

  async function decide(
    id: number,
    caller: Caller,
    decision: 'approve' | 'reject',
  ): Promise<Result<Proposal, ProposalRefusal>> {
    const staffId = staffIdOf(caller)
    return db.transact(async (tx) => {
      const found = await lockProposal(tx, id)
      if (found === undefined) return err('proposal_not_found')
      const at = clock.now()
      const fault = decisionFault(found, decision, staffId, caller.scopes, at)
      if (fault !== undefined) return err(fault)
      if (found.state !== 'open') return ok(found)
      const state = decision === 'approve' ? 'approved' : 'rejected'
      await decideProposal(tx, id, state, staffId, at)
      return ok({ ...found, state, decidedBy: staffId, decidedAt: at })
    })
  }

  return {
    approvalDesk: {
      propose: async ({ method, route, scope, params, body }, caller, key) => {
        const proposedAt = clock.now()
        const wanted = { method, route, params: JSON.stringify(params), body: JSON.stringify(body) }
        const proposal = { ...wanted, scope, key, proposedBy: staffIdOf(caller), proposedAt }
        const made = await db.transact(async (tx) =>
          ok(await ensureProposal(tx, { ...proposal, expiresAt: proposedAt + PROPOSAL_LIFE })),
        )
        invariant(made.ok, 'a proposal is never refused')
        const same = (['method', 'route', 'params', 'body'] as const).every((part) => made.value[part] === wanted[part])
        if (!same) return problem(409, 'idempotency_conflict', 'This key was used for another proposal of yours.')
        return reply(proposalBody(made.value, proposedAt), { status: 202 })
      },
    },

    listProposals: (limit, before) => db.read((tx) => selectProposals(tx, limit, before)),
    reject: (id, caller) => decide(id, caller, 'reject'),

    approve: async (id, caller, perform, circumstances) => {
      const decided = await decide(id, caller, 'approve')
      if (!decided.ok) return decided
      const { method, route, params, body, scope, decidedBy } = decided.value
      // By whom it was approved first, whoever finishes it: the key belongs to that caller.
      const approver: Caller = { kind: 'staff', id: `staff:${decidedBy}`, scopes: new Set([scope]) }
      const request = { method, route, scope, params: JSON.parse(params), body: JSON.parse(body) }
      const answer = await settled(perform(request, approver, `approval:${publicId('appr', id)}`, circumstances))
      // Nobody knows yet what became of it, or it was not taken up: approving again finds out.
      if (answer.status < 500) await db.transact(async (tx) => ok(await answerProposal(tx, id, answer.status)))
      return ok(answer)
    },
  }
}

/** A handler says no by answering a problem or by throwing one. */
async function settled(answer: Promise<RouteReply<unknown>>): Promise<RouteReply<unknown>> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof HttpProblem) return error
    throw error
  }
}
