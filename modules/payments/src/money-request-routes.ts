import { LineText, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, problem, reply } from '@huitong/http'
import Type from 'typebox'
import { LifeDays, lifeOf, MONEY_REQUEST_ID, MoneyRequestBody, moneyRequestBody } from './money-request-bodies.ts'
import { moneyRequestView } from './money-request-commands.ts'
import { findPayee, Payee } from './payee.ts'
import { assessedPayer } from './payer-proof.ts'
import { AS_PERSON, boundOf, PERSON_READS, readBounds } from './people-routes.ts'
import { AmountBody, customerOf, type PaymentRouteParts, readAmount, readId, refusalAnswer } from './route-parts.ts'

const TAGS = ['Money requests'] as const
const LIST = 'money-requests'
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })

export function addMoneyRequestRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  const { committer, payments, queries } = parts

  http.route({
    method: 'POST',
    url: '/v1/money-requests',
    access: AS_PERSON,
    summary: 'Ask somebody for money',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        payer: Payee,
        amount: AmountBody,
        note: Type.Optional(LineText(128)),
        days: Type.Optional(LifeDays),
      }),
      response: { 201: MoneyRequestBody },
    },
    handler: async ({ caller, body: { payer: named, amount, note, days }, idempotencyKey }) => {
      const amountMinor = readAmount(amount)
      const payer = await findPayee(parts, named, 'payer')
      if (payer === undefined) return problem(404, 'payee_not_found', 'There is no such payee.')
      const outcome = await committer.submit({
        kind: payments.askForMoney,
        input: { asker: customerOf(caller), payer, amountMinor, note: note ?? null, life: lifeOf(days) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ request }) => moneyRequestBody(request),
        refused: refusalAnswer,
      })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/money-requests',
    access: PERSON_READS,
    summary: 'Requests that one made or was asked by, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object({ ...PAGE_QUERY }), response: { 200: Page(MoneyRequestBody) } },
    handler: async ({ caller, query }) => {
      const bounds = readBounds(LIST, query)
      const found = await queries.people.moneyRequests({ ...bounds, customer: customerOf(caller) })
      return reply(
        pageOf(
          found,
          bounds.limit,
          (one) => moneyRequestBody(moneyRequestView(one)),
          (last) => boundOf(LIST, last),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/money-requests/:id',
    access: PERSON_READS,
    summary: 'One request, for the two whom it is between',
    tags: TAGS,
    schema: { params: ById, response: { 200: MoneyRequestBody } },
    handler: async ({ caller, params }) => {
      const found = await queries.people.moneyRequest(readId(MONEY_REQUEST_ID, params.id, 'money request'))
      const own = customerOf(caller)
      if (found === undefined || (found.asker !== own && found.payer !== own)) return notFound('money request')
      return reply(moneyRequestBody(moneyRequestView(found)))
    },
  })

  for (const [action, summary] of [
    ['pay', 'Pay what one is asked for, from the wallet'],
    ['decline', 'Say no to a request'],
    ['cancel', 'Call off one’s own request'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/money-requests/:id/${action}`,
      access: AS_PERSON,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { params: ById, response: { 200: MoneyRequestBody } },
      handler: async ({ caller, params, idempotencyKey }) => {
        const request = readId(MONEY_REQUEST_ID, params.id, 'money request')
        const payer = await assessedPayer(payments, caller, { way: 'transfer', amountMinor: null })
        const outcome = await committer.submit({
          kind: payments.answerMoneyRequest,
          input: { request, customer: customerOf(caller), action, ...payer },
          idempotency: { caller: caller.id, key: idempotencyKey },
        })
        return outcomeToReply(outcome, { done: (answer) => moneyRequestBody(answer.request), refused: refusalAnswer })
      },
    })
  }
}
