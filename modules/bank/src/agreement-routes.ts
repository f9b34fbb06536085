import { PublicId } from '@huitong/contract'
import { type HttpApp, reply } from '@huitong/http'
import Type from 'typebox'
import { listAgreements } from './bank-read-store.ts'
import { ACCOUNT_ID, AGREEMENT_ID, AgreementBody, agreementBody } from './bank-views.ts'
import {
  accountOf,
  BANK_READ,
  BANK_TAGS,
  BANK_WRITE,
  type BankRouteParts,
  ById,
  EndedBody,
  endedReply,
  NoBody,
  readId,
} from './route-parts.ts'

/** Debit agreements, as staff see and end them. Platforms and customers make them. */
export function addAgreementRoutes(http: HttpApp, parts: BankRouteParts): void {
  const { db, committer, bank } = parts
  http.route({
    method: 'GET',
    url: '/v1/bank/agreements',
    access: BANK_READ,
    summary: 'Debit agreements of an account',
    tags: BANK_TAGS,
    schema: {
      querystring: Type.Object({ account: PublicId(ACCOUNT_ID) }),
      response: { 200: Type.Object({ items: Type.Array(AgreementBody) }) },
    },
    handler: async ({ query }) => {
      const { number } = await accountOf(parts, query.account, null)
      const found = await db.read((tx) => listAgreements(tx, { account: number }))
      return reply({ items: found.map((one) => agreementBody(one, committer.status().accountingDay)) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/bank/agreements/:id/end',
    access: BANK_WRITE,
    summary: 'Let a platform take no more money, as the owner of the account asks or as a precaution of the bank',
    tags: BANK_TAGS,
    idempotent: true,
    schema: { params: ById, body: NoBody, response: { 200: EndedBody } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const input = { agreement: readId(AGREEMENT_ID, params.id, 'agreement'), by: 'bank' as const }
      const idempotency = { caller: caller.id, key: idempotencyKey }
      return endedReply(await committer.submit({ kind: bank.endAgreement, input, idempotency }))
    },
  })
}
