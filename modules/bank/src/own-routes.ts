import { PAGE_LIMIT_DEFAULT, Page } from '@huitong/contract'
import { type HttpApp, notFound, reply } from '@huitong/http'
import Type from 'typebox'
import { findPayment, listAccounts, listAgreements, listPayments } from './bank-read-store.ts'
import {
  AccountBody,
  AGREEMENT_ID,
  AgreementBody,
  accountBody,
  agreementBody,
  PaymentBody,
  paymentBody,
} from './bank-views.ts'
import { afterPayment, PAYMENT_FILTER, paymentPage } from './payment-routes.ts'
import {
  accountOf,
  type BankRouteParts,
  ById,
  ByReference,
  customerOf,
  EndedBody,
  endedReply,
  ledgerViewOf,
  NoBody,
  OWN_READ,
  OWN_WRITE,
  PaymentAnswerBody,
  paymentReply,
  readId,
} from './route-parts.ts'
import { sendInput, TransferRequest } from './transfer-request.ts'

const TAGS = ['Own bank account']
/** More accounts than anybody has at one bank. */
const ACCOUNTS_MAX = 100

/** What customers of the bank see and do. Whatever is somebody else's looks as if it were not there. */
export function addOwnRoutes(http: HttpApp, parts: BankRouteParts): void {
  const { db, committer, bank, chance } = parts
  const today = () => committer.status().accountingDay

  http.route({
    method: 'GET',
    url: '/v1/me/bank/accounts',
    access: OWN_READ,
    summary: "The caller's own current accounts",
    tags: TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(AccountBody) }) } },
    handler: async ({ caller }) => {
      const customer = customerOf(caller)
      const items = []
      for (const of of await db.read((tx) => listAccounts(tx, customer, 0, ACCOUNTS_MAX))) {
        items.push(accountBody(of, await ledgerViewOf(parts, of), today()))
      }
      return reply({ items })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/bank/accounts/:id/payments',
    access: OWN_READ,
    summary: 'Payments of an own account over the clearing house, newest first',
    tags: TAGS,
    schema: { params: ById, querystring: Type.Object(PAYMENT_FILTER), response: { 200: Page(PaymentBody) } },
    handler: async ({ caller, params, query }) => {
      const { number } = await accountOf(parts, params.id, customerOf(caller))
      const { limit = PAGE_LIMIT_DEFAULT, cursor, ...filter } = query
      const asked = { ...filter, account: number, ...afterPayment(cursor), limit }
      return reply(paymentPage(await db.read((tx) => listPayments(tx, asked)), limit))
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/bank/payments/:reference',
    access: OWN_READ,
    summary: 'One payment of an own account',
    tags: TAGS,
    schema: { params: ByReference, response: { 200: PaymentBody } },
    handler: async ({ caller, params }) => {
      const customer = customerOf(caller)
      const found = await db.read((tx) => findPayment(tx, params.reference))
      if (found === undefined || found.account === null) return notFound('payment')
      const own = await db.read((tx) => listAccounts(tx, customer, 0, ACCOUNTS_MAX))
      return own.some(({ account }) => account === found.account) ? reply(paymentBody(found)) : notFound('payment')
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/bank/payments',
    access: OWN_WRITE,
    summary: 'Send a credit transfer from an own account',
    tags: TAGS,
    idempotent: true,
    schema: { body: TransferRequest, response: { 201: PaymentAnswerBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const customer = customerOf(caller)
      const account = await accountOf(parts, body.account, customer)
      const outcome = await committer.submit({
        kind: bank.send,
        input: sendInput(body, account, customer, chance),
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return paymentReply(outcome, 201)
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/bank/agreements',
    access: OWN_READ,
    summary: 'Which platforms may take money from own accounts, and how much',
    tags: TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(AgreementBody) }) } },
    handler: async ({ caller }) => {
      const customer = customerOf(caller)
      const found = await db.read((tx) => listAgreements(tx, { customer }))
      return reply({ items: found.map((one) => agreementBody(one, today())) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/me/bank/agreements/:id/end',
    access: OWN_WRITE,
    summary: 'Let a platform take no more money',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: NoBody,
      response: { 200: EndedBody },
    },
    handler: async ({ caller, params, idempotencyKey }) => {
      const agreement = readId(AGREEMENT_ID, params.id, 'agreement')
      const input = { agreement, by: { customer: customerOf(caller) } }
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return endedReply(await committer.submit({ kind: bank.endAgreement, input, idempotency }))
    },
  })
}
