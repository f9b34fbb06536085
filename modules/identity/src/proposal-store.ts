import { isScope } from '@huitong/contract'
import { invariant, type Micros } from '@huitong/kernel'
import type { ReadTx, Tx } from '@huitong/pg'
import { PROPOSAL_STATES, type Proposal } from './proposal.ts'
import { storedOneOf } from './stored-text.ts'

interface ProposalRow {
  readonly id: bigint
  readonly method: string
  readonly route: string
  readonly params: string
  readonly body: string
  readonly scope: string
  readonly proposed_by: bigint
  readonly proposed_at: Micros
  readonly expires_at: Micros
  readonly state: string
  readonly decided_by: bigint | null
  readonly decided_at: Micros | null
  readonly status: number | null
}

function proposalOf(row: ProposalRow): Proposal {
  invariant(isScope(row.scope), 'a stored scope is known')
  return {
    ...{ id: Number(row.id), method: row.method, route: row.route, params: row.params, body: row.body },
    scope: row.scope,
    ...{ proposedBy: Number(row.proposed_by), proposedAt: row.proposed_at, expiresAt: row.expires_at },
    state: storedOneOf(PROPOSAL_STATES, row.state),
    decidedBy: row.decided_by === null ? null : Number(row.decided_by),
    ...{ decidedAt: row.decided_at, status: row.status },
  }
}

export type NewProposal = Omit<Proposal, 'id' | 'state' | 'decidedBy' | 'decidedAt' | 'status'> & {
  readonly key: string
}

/** The proposal under this key of its proposer: the new one, or the one that was there. */
export async function ensureProposal(tx: Tx, proposal: NewProposal): Promise<Proposal> {
  await tx.sql`
    insert into identity_proposals
      (method, route, params, body, scope, proposed_by, idempotency_key, proposed_at, expires_at, state)
    values (${proposal.method}, ${proposal.route}, ${proposal.params}, ${proposal.body}, ${proposal.scope},
      ${proposal.proposedBy}, ${proposal.key}, ${proposal.proposedAt}, ${proposal.expiresAt}, 'open')
    on conflict (proposed_by, idempotency_key) do nothing`
  const [row] = await tx.sql<ProposalRow[]>`
    select * from identity_proposals
    where proposed_by = ${proposal.proposedBy} and idempotency_key = ${proposal.key}`
  invariant(row !== undefined, 'a proposal that was just made sure of can be read')
  return proposalOf(row)
}

/** Reads it and lets other decisions wait. */
export async function lockProposal(tx: Tx, id: number): Promise<Proposal | undefined> {
  const [row] = await tx.sql<ProposalRow[]>`select * from identity_proposals where id = ${id} for update`
  return row === undefined ? undefined : proposalOf(row)
}

export async function decideProposal(
  tx: Tx,
  id: number,
  state: 'approved' | 'rejected',
  staffId: number,
  at: Micros,
): Promise<void> {
  await tx.sql`
    update identity_proposals set state = ${state}, decided_by = ${staffId}, decided_at = ${at}
    where id = ${id} and state = 'open'`
}

export async function answerProposal(tx: Tx, id: number, status: number): Promise<void> {
  await tx.sql`update identity_proposals set status = ${status} where id = ${id} and status is null`
}

/** Newest first. */
export async function selectProposals(tx: ReadTx, limit: number, before: number | null): Promise<readonly Proposal[]> {
  const rows = await tx.sql<ProposalRow[]>`
    select * from identity_proposals
    where (${before}::int8 is null or id < ${before}::int8)
    order by id desc
    limit ${limit}`
  return rows.map(proposalOf)
}
