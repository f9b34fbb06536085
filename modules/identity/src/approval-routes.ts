import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, PublicId, pageOf } from '@huitong/contract'
import { badField, type HttpApp, HttpProblem, problem, reply } from '@huitong/http'
import { type Clock, parsePublicId } from '@huitong/kernel'
import Type from 'typebox'
import type { Identity } from './identity.ts'
import { PROPOSAL_REFUSAL_MEANINGS, type ProposalRefusal } from './proposal.ts'
import { ProposalBody, proposalBody } from './proposal-views.ts'

const STAFF = { callers: ['staff'] } as const
const ById = Type.Object({ id: PublicId('appr') })
const tags = ['Identity']

/** What waits for a second person, and their decisions. What a decision takes is the scope of the proposed request. */
export function addApprovalRoutes(http: HttpApp, identity: Identity, clock: Clock): void {
  http.route({
    method: 'GET',
    url: '/v1/approvals',
    access: STAFF,
    summary: 'What was proposed and needs, or needed, a second person: newest first',
    description: 'Those only whose scope the caller has.',
    tags,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(ProposalBody) } },
    handler: async ({ caller, query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const found = await identity.listProposals(
        limit + 1,
        query.cursor === undefined ? null : readCursor(query.cursor),
      )
      const page = pageOf(
        found,
        limit,
        (one) => one,
        ({ id }) => encodeCursor('approvals', [id]),
      )
      const shown = page.items.filter(({ scope }) => caller.scopes.has(scope))
      return reply({ ...page, items: shown.map((one) => proposalBody(one, clock.now())) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/approvals/:id/approve',
    access: STAFF,
    summary: "Approve another's proposal: it is done now",
    description: 'When the answer was lost, approve again: it is done once.',
    tags,
    schema: {
      params: ById,
      response: { 200: Type.Object({ status: Type.Integer(), answer: Type.Unknown() }) },
    },
    handler: async ({ caller, params, requestId, headers, ip, log }) => {
      const done = await identity.approve(idOf(params), caller, http.performApproved, { requestId, headers, ip, log })
      if (!done.ok) return refused(done.error)
      if (done.value instanceof HttpProblem) return done.value
      return reply({ status: done.value.status, answer: done.value.body })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/approvals/:id/reject',
    access: STAFF,
    summary: "Reject a proposal, another's or one's own",
    tags,
    schema: { params: ById, response: { 200: ProposalBody } },
    handler: async ({ caller, params }) => {
      const rejected = await identity.reject(idOf(params), caller)
      return rejected.ok ? reply(proposalBody(rejected.value, clock.now())) : refused(rejected.error)
    },
  })
}

function idOf(params: { readonly id: string }): number {
  const id = parsePublicId('appr', params.id)
  if (!id.ok) throw refused('proposal_not_found')
  return id.value
}

function refused(refusal: ProposalRefusal): HttpProblem {
  const { status, text } = PROPOSAL_REFUSAL_MEANINGS[refusal]
  return problem(status, refusal, text)
}

function readCursor(text: string): number {
  const values = decodeCursor('approvals', ['number'], text)
  const [id] = values.ok ? values.value : []
  if (typeof id !== 'number') throw badField('cursor', 'malformed_cursor', 'is not a cursor of this list')
  return id
}
