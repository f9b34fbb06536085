import type { Caller } from '@huitong/contract'
import { encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { type HttpApp, notFound, reply } from '@huitong/http'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import type { Account } from './account.ts'
import { findAccount } from './ledger-read-store.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import {
  LiabilityProofBody,
  LiabilityStatementBody,
  liabilityProofBody,
  liabilityStatementBody,
  type SignedLiabilityStatement,
} from './liability-statement.ts'
import { listLiabilities, readLiabilityProof } from './liability-store.ts'
import { afterCursor, ById, readId } from './route-parts.ts'

export interface LiabilityRoutesOptions {
  readonly db: InstitutionDatabase
  /** States and signs what is owed now. */
  readonly state: () => Promise<readonly SignedLiabilityStatement[]>
}

const TAGS = ['Proof'] as const

/** What the institution owes, stated for everybody, and each owner's proof that his balance is in it. */
export function registerLiabilityRoutes(http: HttpApp, { db, state }: LiabilityRoutesOptions): void {
  http.route({
    method: 'GET',
    url: '/v1/ledger/liabilities',
    access: { callers: ['anonymous', 'staff', 'customer', 'merchant', 'partner'] },
    summary: 'Signed statements of what is owed to customers and merchants, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(LiabilityStatementBody) } },
    handler: async ({ query }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const before = afterCursor('liabilities', query.cursor, null)
      const rows = await db.read((tx) => listLiabilities(tx, db.schema, before, limit))
      return reply(pageOf(rows, limit, liabilityStatementBody, (last) => encodeCursor('liabilities', [last.batch])))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/liabilities',
    access: { callers: ['staff'], scope: 'ledger:operate' },
    summary: 'State and sign what is owed now',
    description: 'Happens by itself when an accounting day ends. One statement for each currency.',
    tags: TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(LiabilityStatementBody) }) } },
    handler: async () => reply({ items: (await state()).map(liabilityStatementBody) }),
  })

  http.route({
    method: 'GET',
    url: '/v1/ledger/accounts/:id/liability-proof',
    access: { callers: ['staff', 'customer', 'merchant'] },
    summary: "Proof that an account's balance is in the newest statement",
    description: 'A customer or merchant gets that of an own account. docs/examples/check-liability.mjs checks it.',
    tags: TAGS,
    schema: { params: ById, response: { 200: LiabilityProofBody } },
    handler: async ({ caller, params }) => {
      const id = readId(ACCOUNT_ID, params.id, 'account')
      const proof = await db.read(async (tx) => {
        const view = await findAccount(tx, id)
        if (view === undefined || !maySee(caller, view.account)) return undefined
        return await readLiabilityProof(tx, db.schema, id, view.account.currency)
      })
      return proof === undefined ? notFound('proof') : reply(liabilityProofBody(proof))
    },
  })
}

/** The ledger knows owners as the modules above it name them. */
function maySee(caller: Caller, { owner }: Account): boolean {
  switch (caller.kind) {
    case 'staff':
      return caller.scopes.has('ledger:read')
    case 'customer':
      return caller.customerId !== undefined && owner === `customer:${caller.customerId}`
    case 'merchant':
      return caller.merchantId !== undefined && owner === `merchant:${caller.merchantId}`
    default:
      return false
  }
}
