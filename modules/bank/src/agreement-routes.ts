import { PublicId } from '@huitong/contract'
import { type HttpApp, reply } from '@huitong/http'
import Type from 'typebox'
import { listAgreements } from './bank-read-store.ts'
import { ACCOUNT_ID, AgreementBody, agreementBody } from './bank-views.ts'
import { accountOf, BANK_READ, BANK_TAGS, type BankRouteParts } from './route-parts.ts'

/** Debit agreements, as staff see them. Platforms and customers make and end them. */
export function addAgreementRoutes(http: HttpApp, parts: BankRouteParts): void {
  const { db, committer } = parts
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
}
