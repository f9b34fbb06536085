import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { badField, type HttpApp, type HttpProblem, notFound, problem, reply } from '@huitong/http'
import { type Clock, parsePublicId } from '@huitong/kernel'
import Type from 'typebox'
import { CASE_KINDS, CASE_REFUSALS, CASE_STATES, type CaseRefusal } from './case.ts'
import { CASE_ID, CaseBody, CaseWithEntries, ComplaintBody, caseBody, complaintBody, entryBody } from './case-bodies.ts'
import type { CaseFilter } from './case-store.ts'
import type { Casework } from './casework.ts'

export interface CaseRouteParts {
  readonly casework: Casework
  readonly clock: Clock
  /** Port: whether the thing of this public id is one of this customer's. The program asks the module that has it. */
  readonly isOwn: (customer: number, subject: string) => Promise<boolean>
}

const TAGS = ['Cases']
const READ = { callers: ['staff'], scope: 'cases:read' } as const
const WORK = { callers: ['staff'], scope: 'cases:work' } as const
const OWN = { callers: ['customer'], scope: 'payments:write' } as const
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })
const Note = Type.String({ minLength: 1, maxLength: 2000, pattern: '^[^\\u0000]*$' })

/** What people have to look at, for staff; and complaints, for customers. */
export function addCaseRoutes(http: HttpApp, { casework, clock, isOwn }: CaseRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/cases',
    access: READ,
    summary: 'Cases, the one that is due first first; resolved ones only when asked for',
    tags: TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        state: Type.Optional(Type.Enum([...CASE_STATES])),
        kind: Type.Optional(Type.Enum([...CASE_KINDS])),
        assignee: Type.Optional(Type.String({ pattern: '^staff:[1-9][0-9]{0,14}$' })),
      }),
      response: { 200: Page(CaseBody) },
    },
    handler: async ({ query: { limit = PAGE_LIMIT_DEFAULT, cursor, state, kind, assignee } }) => {
      const filter: CaseFilter = {
        limit,
        ...(state === undefined ? {} : { state }),
        ...(kind === undefined ? {} : { kind }),
        ...(assignee === undefined ? {} : { assignee }),
        ...readCursor(cursor),
      }
      const found = await casework.list(filter)
      const now = clock.now()
      return reply(
        pageOf(
          found,
          limit,
          (one) => caseBody(one, now),
          (last) => encodeCursor(LIST, [last.dueAt, last.id]),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/cases/:id',
    access: READ,
    summary: 'One case, with all that was done to it',
    tags: TAGS,
    schema: { params: ById, response: { 200: CaseWithEntries } },
    handler: async ({ params }) => {
      const found = await casework.find(idOf(params))
      if (found === undefined) return notFound('case')
      return reply({ case: caseBody(found.case, clock.now()), entries: found.entries.map(entryBody) })
    },
  })

  for (const [path, action, summary] of [
    ['take', 'take', 'Take a case that nobody works on'],
    ['put-back', 'put_back', 'Put a case back for somebody else'],
    ['resume', 'resume', 'Go on with a case that waited'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/cases/:id/${path}`,
      access: WORK,
      summary,
      tags: TAGS,
      schema: { params: ById, response: { 200: CaseBody } },
      handler: async ({ caller, params }) => {
        const done = await casework.step({ case: idOf(params), action, actor: caller.id, note: null })
        return done.ok ? reply(caseBody(done.value, clock.now())) : refused(done.error)
      },
    })
  }

  for (const [path, action, summary] of [
    ['wait', 'wait', 'Let a case wait for somebody outside; the note says for what'],
    ['notes', 'note', 'Write something down about a case'],
    ['resolve', 'resolve', 'Resolve a case; a customer who complained reads the note as the answer'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/cases/:id/${path}`,
      access: WORK,
      summary,
      tags: TAGS,
      schema: { params: ById, body: Type.Object({ note: Note }), response: { 200: CaseBody } },
      handler: async ({ caller, params, body }) => {
        const done = await casework.step({ case: idOf(params), action, actor: caller.id, note: body.note })
        return done.ok ? reply(caseBody(done.value, clock.now())) : refused(done.error)
      },
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/complaints',
    access: OWN,
    summary: 'Complain, of a payment or transfer of one’s own or in general',
    description: 'It is answered within fifteen days. The same key again is the same complaint.',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        subject: Type.Optional(Type.String({ pattern: '^[a-z]{2,8}_[0-9a-hjkmnp-tv-z]{12}$' })),
        text: Note,
      }),
      response: { 201: ComplaintBody },
    },
    handler: async ({ caller, body: { subject, text }, idempotencyKey }) => {
      const customer = customerOf(caller)
      if (subject !== undefined && !(await isOwn(customer, subject))) return notFound('payment')
      const source = `complaint:${customer}:${idempotencyKey}`
      const filed = await casework.file({
        kind: 'complaint',
        source,
        subject: subject ?? null,
        customer,
        summary: text,
      })
      if (filed.summary !== text || filed.subject !== (subject ?? null)) {
        return problem(409, 'idempotency_key_reused', 'This key was used before for another complaint.')
      }
      return reply(complaintBody(filed), { status: 201 })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/complaints',
    access: { callers: ['customer'], scope: 'payments:read' },
    summary: 'One’s own complaints, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(ComplaintBody) } },
    handler: async ({ caller, query: { limit = PAGE_LIMIT_DEFAULT, cursor } }) => {
      const before = cursor === undefined ? null : readIdCursor(cursor)
      const found = await casework.complaints(customerOf(caller), limit, before)
      return reply(pageOf(found, limit, complaintBody, (last) => encodeCursor(COMPLAINTS, [last.id])))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/complaints/:id/withdraw',
    access: OWN,
    summary: 'Withdraw a complaint of one’s own',
    tags: TAGS,
    schema: { params: ById, response: { 200: ComplaintBody } },
    handler: async ({ caller, params }) => {
      const customer = customerOf(caller)
      const step = { case: idOf(params), action: 'withdraw', actor: caller.id, customer, note: null } as const
      const done = await casework.step(step)
      return done.ok ? reply(complaintBody(done.value)) : refused(done.error)
    },
  })
}

const LIST = 'cases'
const COMPLAINTS = 'complaints'

export function idOf(params: { readonly id?: string }): number {
  const id = parsePublicId(CASE_ID, params.id ?? '')
  if (!id.ok) throw notFound('case')
  return id.value
}

function customerOf({ customerId }: { readonly customerId?: number }): number {
  if (customerId === undefined) throw notFound('customer')
  return customerId
}

function refused(refusal: CaseRefusal): HttpProblem {
  const { status, text } = CASE_REFUSALS[refusal]
  return problem(status, refusal, text)
}

function readCursor(cursor: string | undefined): Pick<CaseFilter, 'after'> {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(LIST, ['number', 'number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  const [dueAt, id] = decoded.value.map(Number)
  return { after: { dueAt: dueAt ?? 0, id: id ?? 0 } }
}

function readIdCursor(cursor: string): number {
  const decoded = decodeCursor(COMPLAINTS, ['number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return Number(decoded.value[0])
}
