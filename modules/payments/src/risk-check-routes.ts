import type { CommandKind } from '@huitong/committer'
import {
  type Caller,
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import Type from 'typebox'
import { assessedPayer } from './payer-proof.ts'
import { CUSTOMER_ID } from './payment-bodies.ts'
import { RISK_CHECK_STATES, type RiskCheck } from './risk-check.ts'
import { RiskCheckBody, riskCheckBody } from './risk-check-bodies.ts'
import { RISK_CHECK_ID } from './risk-check-events.ts'
import { type RiskCheckFilter, selectRiskCheck, selectRiskChecks } from './risk-check-store.ts'
import { type RiskCheckAnswer, riskCheckView } from './risk-check-views.ts'
import { customerOf, type PaymentRouteParts, readId, refusalAnswer } from './route-parts.ts'

const TAGS = ['Risk'] as const
const READ = { callers: ['customer', 'staff'], scope: 'payments:read' } as const
const AS_CUSTOMER = { callers: ['customer'], scope: 'payments:write' } as const
const AS_STAFF = { callers: ['staff'], scope: 'risk:decide' } as const
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })
const LIST = 'risk-checks'

/** Payments that wait for their payer to prove more, or for staff. */
export function addRiskCheckRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, db } = parts

  http.route({
    method: 'GET',
    url: '/v1/risk-checks',
    access: READ,
    summary: 'Payments that risk did not simply allow, newest first: one’s own, or any for staff',
    tags: TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        state: Type.Optional(Type.Enum([...RISK_CHECK_STATES])),
        customer: Type.Optional(Type.String({ maxLength: 40, description: 'For staff' })),
      }),
      response: { 200: Page(RiskCheckBody) },
    },
    handler: async ({ caller, query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const { state } = query
      const filter: RiskCheckFilter = {
        limit,
        ...ownPart(caller, query.customer),
        ...(state === undefined ? {} : { state }),
        ...readCursor(query.cursor),
      }
      const found = await db.read((tx) => selectRiskChecks(tx, filter))
      return reply(
        pageOf(
          found,
          limit,
          (check) => riskCheckBody(riskCheckView(check), caller),
          (last) => encodeCursor(LIST, [last.createdAt, last.id]),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/risk-checks/:id',
    access: READ,
    summary: 'One such payment, for its payer and staff',
    tags: TAGS,
    schema: { params: ById, response: { 200: RiskCheckBody } },
    handler: async ({ caller, params }) => {
      const id = idOf(params)
      const found = await db.read((tx) => selectRiskCheck(tx, id))
      if (found === undefined || !maySee(caller, found)) return notFound('check')
      return reply(riskCheckBody(riskCheckView(found), caller))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/risk-checks/:id/prove',
    access: AS_CUSTOMER,
    summary: 'Answer a check with what this session has proved: the payment is judged anew and made',
    description: 'Prove more first (`POST /v1/me/step-up`). The answer may be a payment that staff look at now.',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, response: { 200: RiskCheckBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const payer = await assessedPayer(payments, caller, { way: 'wallet', amountMinor: null })
      const input = { check: idOf(params), customer: customerOf(caller), ...payer }
      return submitted(payments.proveCheck, input, caller, idempotencyKey)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/risk-checks/:id/call-off',
    access: AS_CUSTOMER,
    summary: 'Take back a payment of one’s own that is not made yet',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, response: { 200: RiskCheckBody } },
    handler: ({ caller, params, idempotencyKey }) =>
      submitted(payments.callOffCheck, { check: idOf(params), customer: customerOf(caller) }, caller, idempotencyKey),
  })

  http.route({
    method: 'POST',
    url: '/v1/risk-checks/:id/release',
    access: AS_STAFF,
    summary: 'Let a held payment through',
    description: 'Refused with `second_person_required` from the amount on that the policy in force names.',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, response: { 200: RiskCheckBody } },
    handler: ({ caller, params, idempotencyKey }) => {
      const input = { check: idOf(params), staff: caller.id, approved: false }
      return submitted(payments.releaseCheck, input, caller, idempotencyKey)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/risk-checks/:id/release-by-two',
    access: { ...AS_STAFF, fourEyes: true },
    summary: 'Let a held payment of any amount through, when a second member of staff approves',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, response: { 200: RiskCheckBody } },
    handler: ({ caller, params, idempotencyKey }) => {
      const input = { check: idOf(params), staff: caller.id, approved: true }
      return submitted(payments.releaseCheck, input, caller, idempotencyKey)
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/risk-checks/:id/deny',
    access: AS_STAFF,
    summary: 'Refuse a held payment: its money goes back to the payer',
    tags: TAGS,
    idempotent: true,
    schema: { params: ById, response: { 200: RiskCheckBody } },
    handler: ({ caller, params, idempotencyKey }) =>
      submitted(payments.denyCheck, { check: idOf(params), staff: caller.id }, caller, idempotencyKey),
  })

  async function submitted<Input>(
    kind: CommandKind<Input, RiskCheckAnswer>,
    input: Input,
    caller: Caller,
    key: string,
  ) {
    const outcome = await committer.submit({ kind, input, idempotency: { caller: caller.id, key } })
    return outcomeToReply(outcome, { done: ({ check }) => riskCheckBody(check, caller), refused: refusalAnswer })
  }
}

function idOf(params: { readonly id: string }): number {
  return readId(RISK_CHECK_ID, params.id, 'check')
}

function maySee(caller: Caller, { customer }: RiskCheck): boolean {
  return caller.kind === 'staff' || caller.customerId === customer
}

/** Customers get their own, whatever else they ask for; to ask for somebody else's finds nothing for them. */
function ownPart(caller: Caller, asked: string | undefined): { readonly customer?: number } {
  const customer = asked === undefined ? undefined : readId(CUSTOMER_ID, asked, 'customer')
  if (caller.kind === 'staff') return customer === undefined ? {} : { customer }
  const own = customerOf(caller)
  if (customer !== undefined && customer !== own) throw notFound('customer')
  return { customer: own }
}

function readCursor(cursor: string | undefined): Pick<RiskCheckFilter, 'after'> {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(LIST, ['number', 'number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  const [createdAt, id] = decoded.value.map(Number)
  return { after: { createdAt: createdAt ?? 0, id: id ?? 0 } }
}
