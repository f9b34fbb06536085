import {
  type Caller,
  decodeCursor,
  encodeCursor,
  LineText,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
} from '@huitong/contract'
import { qrPng, qrSvg } from '@huitong/formats'
import { badField, type HttpApp, notFound, outcomeToReply, rawReply, reply } from '@huitong/http'
import Type, { type Static } from 'typebox'
import { assessedPayer } from './payer-proof.ts'
import { PaymentBody, paymentBody, TransferBody, transferBody } from './payment-bodies.ts'
import { RiskCheckBody, riskCheckBody } from './risk-check-bodies.ts'
import { AmountBody, customerOf, type PaymentRouteParts, payerOf, readAmount, refusalAnswer } from './route-parts.ts'
import { drawStaticCodeReference, STATIC_CODE_REFERENCE } from './static-code.ts'
import { StaticCodeBody, staticCodeBody } from './static-code-bodies.ts'
import { type StaticCodeView, staticCodeView } from './static-code-commands.ts'
import type { Payer } from './wallet-transfer.ts'

const TAGS = ['Static codes'] as const
const OWNER = { callers: ['customer', 'merchant'], scope: 'payments:write' } as const
const READER = { callers: ['customer', 'merchant', 'staff'], scope: 'payments:read' } as const
const ByReference = Type.Object({ reference: Type.String({ maxLength: 32 }) })
const LIST = 'static-codes'

export function addStaticCodeRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, codes, chance } = parts

  async function body(code: StaticCodeView): Promise<Static<typeof StaticCodeBody>> {
    return staticCodeBody(parts, code, await codes.payee({ kind: code.ownerKind, id: code.owner }))
  }

  async function make(caller: Caller, label: string, replaces: string | null, key: string) {
    const reference = drawStaticCodeReference(chance)
    const outcome = await committer.submit({
      kind: payments.makeStaticCode,
      input: { owner: payerOf(caller), reference, label, replaces },
      idempotency: { caller: caller.id, key },
    })
    const made = outcome.status === 'done' ? await body(outcome.answer.code) : undefined
    return outcomeToReply(outcome, { status: 201, done: () => present(made), refused: refusalAnswer })
  }

  http.route({
    method: 'POST',
    url: '/v1/static-codes',
    access: OWNER,
    summary: 'A code to be printed, by which its owner is paid what payers enter',
    tags: TAGS,
    idempotent: true,
    schema: { body: Type.Object({ label: Type.Optional(LineText(64)) }), response: { 201: StaticCodeBody } },
    handler: ({ caller, body: { label }, idempotencyKey }) => make(caller, label ?? '', null, idempotencyKey),
  })

  http.route({
    method: 'GET',
    url: '/v1/static-codes',
    access: OWNER_READS,
    summary: 'One’s own static codes, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object({ ...PAGE_QUERY }), response: { 200: Page(StaticCodeBody) } },
    handler: async ({ caller, query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const owner = payerOf(caller)
      const found = await codes.staticCodes({ owner, limit, ...readCursor(query.cursor) })
      const payee = await codes.payee(owner)
      return reply(
        pageOf(
          found,
          limit,
          (code) => staticCodeBody(parts, staticCodeView(code), payee),
          (last) => encodeCursor(LIST, [last.createdAt, last.reference]),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/static-codes/:reference',
    access: READER,
    summary: 'One static code, for its owner and staff',
    tags: TAGS,
    schema: { params: ByReference, response: { 200: StaticCodeBody } },
    handler: async ({ caller, params }) => {
      const code = await find(params.reference)
      if (code === undefined || !mayRead(caller, code.owner)) return notFound('code')
      return reply(await body(staticCodeView(code)))
    },
  })

  function find(reference: string) {
    return STATIC_CODE_REFERENCE.test(reference) ? codes.staticCode(reference) : Promise.resolve(undefined)
  }

  for (const type of ['svg', 'png'] as const) {
    http.rawRoute({
      method: 'GET',
      url: `/v1/static-codes/:reference/code.${type}`,
      access: READER,
      summary: `A static code as a picture, ${type.toUpperCase()}`,
      handler: async ({ caller, params }) => {
        const code = await find(params.reference ?? '')
        if (code === undefined || !mayRead(caller, code.owner)) throw notFound('code')
        const { emv, payeeName } = await body(staticCodeView(code))
        if (type === 'png') return picture(qrPng(emv), 'image/png')
        return picture(qrSvg(emv, payeeName), 'image/svg+xml')
      },
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/static-codes/:reference/revoke',
    access: { callers: ['customer', 'merchant', 'staff'], scope: 'payments:write' },
    summary: 'Let nobody be paid by a code any more',
    tags: TAGS,
    idempotent: true,
    schema: { params: ByReference, response: { 200: StaticCodeBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const owner = caller.kind === 'staff' ? null : payerOf(caller)
      const outcome = await committer.submit({
        kind: payments.revokeStaticCode,
        input: { reference: params.reference, owner },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      const ended = outcome.status === 'done' ? await body(outcome.answer.code) : undefined
      return outcomeToReply(outcome, { done: () => present(ended), refused: refusalAnswer })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/static-codes/:reference/reissue',
    access: OWNER,
    summary: 'Revoke a code and get another in its place, in one step',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByReference,
      body: Type.Object({ label: Type.Optional(LineText(64)) }),
      response: { 201: StaticCodeBody },
    },
    handler: ({ caller, params, body: { label }, idempotencyKey }) =>
      make(caller, label ?? '', params.reference, idempotencyKey),
  })

  http.route({
    method: 'POST',
    url: '/v1/static-codes/:reference/payments',
    access: { callers: ['customer'], scope: 'payments:write' },
    summary: 'Pay the owner of a static code from the wallet',
    description:
      '`payeeName` is the name that the payer was shown and confirmed; if it is not the registered one nothing is paid.',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ByReference,
      body: Type.Object({ amount: AmountBody, payeeName: LineText(64) }),
      response: {
        201: Type.Object({
          payment: Type.Union([PaymentBody, Type.Null()]),
          transfer: Type.Union([TransferBody, Type.Null()]),
          riskCheck: Type.Union([RiskCheckBody, Type.Null()], {
            description: 'Set while a transfer waits for its payer to prove more, or for staff',
          }),
        }),
      },
    },
    handler: async ({ caller, params, body: { amount, payeeName }, idempotencyKey }) => {
      const amountMinor = readAmount(amount)
      const outcome = await committer.submit({
        kind: payments.payStaticCode,
        input: {
          ...{ reference: params.reference, customer: customerOf(caller), amountMinor, payeeName },
          ...(await assessedPayer(payments, caller, { way: 'static_code', amountMinor })),
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ trade, transfer, check }) => ({
          payment: trade === null ? null : paymentBody(trade, false),
          transfer: transfer === null ? null : transferBody(transfer),
          riskCheck: check === null ? null : riskCheckBody(check, caller),
        }),
        refused: refusalAnswer,
      })
    },
  })
}

const OWNER_READS = { callers: ['customer', 'merchant'], scope: 'payments:read' } as const

function mayRead(caller: Caller, owner: Payer): boolean {
  if (caller.kind === 'staff') return true
  const own = payerOf(caller)
  return own.kind === owner.kind && own.id === owner.id
}

/** The body of a command that was done; the reply asks for it only then. */
function present<T>(made: T | undefined): T {
  if (made === undefined) throw notFound('code')
  return made
}

function picture(drawn: ReturnType<typeof qrPng> | ReturnType<typeof qrSvg>, contentType: string) {
  if (!drawn.ok) throw notFound('picture')
  return rawReply(drawn.value, { contentType })
}

function readCursor(cursor: string | undefined) {
  if (cursor === undefined) return {}
  const decoded = decodeCursor(LIST, ['number', 'string'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  const [createdAt, reference] = decoded.value
  return { after: { createdAt: Number(createdAt), reference: String(reference) } }
}
