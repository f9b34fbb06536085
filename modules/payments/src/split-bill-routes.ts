import { AmountText, CurrencyText, LineText, PAGE_QUERY, Page, PublicId, pageOf, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, problem, reply } from '@huitong/http'
import { microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { SPLIT_PAYERS_MAX, WALLET_CURRENCY } from './limits.ts'
import { LifeDays, lifeOf, MoneyRequestBody, moneyRequestBody, SPLIT_BILL_ID } from './money-request-bodies.ts'
import { moneyRequestView } from './money-request-commands.ts'
import { findPayee, Payee } from './payee.ts'
import { CUSTOMER_ID } from './payment-bodies.ts'
import { AS_PERSON, boundOf, PERSON_READS, readBounds } from './people-routes.ts'
import { AmountBody, customerOf, type PaymentRouteParts, readAmount, readId, refusalAnswer } from './route-parts.ts'
import { type AskedShare, SPLIT_BILL_STATES } from './split-bill.ts'
import { type SplitBillView, splitBillView } from './split-bill-commands.ts'

const TAGS = ['Split bills'] as const
const LIST = 'split-bills'
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })

const SplitBillBody = Type.Object(
  {
    id: PublicId(SPLIT_BILL_ID),
    owner: PublicId(CUSTOMER_ID),
    title: Type.String(),
    currency: CurrencyText,
    total: AmountText,
    ownShare: AmountText,
    openShares: Type.Integer(),
    unpaidShares: Type.Integer(),
    state: Type.Enum([...SPLIT_BILL_STATES]),
    createdAt: Timestamp,
    remindedAt: Type.Union([Timestamp, Type.Null()]),
    endedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'SplitBill' },
)

const WithShares = Type.Object(
  { bill: SplitBillBody, shares: Type.Array(MoneyRequestBody) },
  { $id: 'SplitBillShares' },
)

function body({
  requests: _,
  id,
  owner,
  createdAt,
  remindedAt,
  endedAt,
  ...rest
}: SplitBillView): Static<typeof SplitBillBody> {
  return {
    ...rest,
    id: publicId(SPLIT_BILL_ID, id),
    owner: publicId(CUSTOMER_ID, owner),
    currency: WALLET_CURRENCY,
    createdAt: microsToIso(createdAt),
    remindedAt: remindedAt === null ? null : microsToIso(remindedAt),
    endedAt: endedAt === null ? null : microsToIso(endedAt),
  }
}

export function addSplitBillRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, queries } = parts

  http.route({
    method: 'POST',
    url: '/v1/split-bills',
    access: AS_PERSON,
    summary: 'Ask several people for their shares of a bill',
    description:
      'A share without an amount is an equal part of what the named ones leave, the owner’s part among them; the owner bears the fen that do not divide.',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        title: LineText(64),
        total: AmountBody,
        shares: Type.Array(Type.Object({ payer: Payee, amount: Type.Optional(AmountBody) }), {
          minItems: 1,
          maxItems: SPLIT_PAYERS_MAX,
        }),
        days: Type.Optional(LifeDays),
      }),
      response: { 201: SplitBillBody },
    },
    handler: async ({ caller, body: { title, total, shares: asked, days }, idempotencyKey }) => {
      const totalMinor = readAmount(total, 'total')
      const shares: AskedShare[] = []
      for (const [index, { payer: named, amount }] of asked.entries()) {
        const field = `shares[${index}]`
        const payer = await findPayee(parts, named, `${field}.payer`)
        if (payer === undefined) return problem(404, 'payee_not_found', 'There is no such payee.')
        if (shares.some((share) => share.payer === payer)) throw badField(`${field}.payer`, 'twice', 'is named twice')
        shares.push({ payer, amountMinor: amount === undefined ? null : readAmount(amount, `${field}.amount`) })
      }
      const outcome = await committer.submit({
        kind: payments.splitBill,
        input: { owner: customerOf(caller), title, totalMinor, shares, life: lifeOf(days) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: ({ bill }) => body(bill), refused: refusalAnswer })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/split-bills',
    access: PERSON_READS,
    summary: 'One’s own bills, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object({ ...PAGE_QUERY }), response: { 200: Page(SplitBillBody) } },
    handler: async ({ caller, query }) => {
      const bounds = readBounds(LIST, query)
      const found = await queries.people.splitBills({ ...bounds, customer: customerOf(caller) })
      return reply(
        pageOf(
          found,
          bounds.limit,
          (one) => body(splitBillView(one)),
          (last) => boundOf(LIST, last),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/split-bills/:id',
    access: PERSON_READS,
    summary: 'One bill: all shares for its owner, their own for those who are asked',
    tags: TAGS,
    schema: { params: ById, response: { 200: WithShares } },
    handler: async ({ caller, params }) => {
      const found = await queries.people.splitBill(readId(SPLIT_BILL_ID, params.id, 'split bill'))
      const own = customerOf(caller)
      const shares = found?.shares.filter(({ payer }) => found.bill.owner === own || payer === own) ?? []
      if (found === undefined || shares.length === 0) return notFound('split bill')
      return reply({
        bill: body(splitBillView(found.bill)),
        shares: shares.map((share) => moneyRequestBody(moneyRequestView(share))),
      })
    },
  })

  for (const [action, kind, summary] of [
    ['remind', payments.remindOfBill, 'Remind those who have not paid, once a day at most'],
    ['close', payments.closeBill, 'Call off the shares that are open'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/split-bills/:id/${action}`,
      access: AS_PERSON,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { params: ById, response: { 200: SplitBillBody } },
      handler: async ({ caller, params, idempotencyKey }) => {
        const outcome = await committer.submit({
          kind,
          input: { bill: readId(SPLIT_BILL_ID, params.id, 'split bill'), owner: customerOf(caller) },
          idempotency: { caller: caller.id, key: idempotencyKey },
        })
        return outcomeToReply(outcome, { done: ({ bill }) => body(bill), refused: refusalAnswer })
      },
    })
  }
}
