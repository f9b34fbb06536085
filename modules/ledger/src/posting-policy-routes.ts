import type { Committer } from '@huitong/committer'
import { PublicId, SignedAmountText } from '@huitong/contract'
import { type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import Type from 'typebox'
import { readBufferBody } from './buffer-read.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import type { ReadRoutes } from './read-routes.ts'
import { ById, LEDGER_READ, LEDGER_TAGS, readId } from './route-parts.ts'

export interface PostingPolicyRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const Policy = Type.Union([Type.Literal('immediate'), Type.Literal('summarised')])

/** Whether an account is posted to at once or once a day, and what waits. */
export function registerPostingPolicyRoutes(
  http: HttpApp,
  { reads, committer, commands }: PostingPolicyRoutesOptions,
): void {
  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/posting-policy',
    access: { callers: ['staff'], scope: 'ledger:operate' },
    summary: 'Post to an account at once, or sum its postings up and post them when the accounting day closes',
    description: "Only the institution's own income and expense accounts without a floor can be summarised.",
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ policy: Policy }),
      response: { 200: Type.Object({ id: PublicId(ACCOUNT_ID), policy: Policy }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const outcome = await committer.submit({
        kind: commands.setPostingPolicy,
        input: { account, policy: body.policy },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        done: (answer) => ({ id: publicId(ACCOUNT_ID, answer.account), policy: body.policy }),
        refused,
      })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/accounts/:id/buffer',
    access: LEDGER_READ,
    summary: 'What waits to be posted to an account when the accounting day closes',
    tags: LEDGER_TAGS,
    schema: {
      params: ById,
      response: {
        200: Type.Object({
          policy: Policy,
          debits: SignedAmountText,
          credits: SignedAmountText,
          postings: Type.Integer(),
        }),
      },
    },
    handler: async ({ params }, { db }) => {
      const id = readId(ACCOUNT_ID, params.id, 'account')
      const body = await db.read((tx) => readBufferBody(tx, id))
      return body === undefined ? notFound('account') : reply(body)
    },
  })
}
