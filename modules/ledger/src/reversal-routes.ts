import type { Committer } from '@huitong/committer'
import { PublicId, SignedAmountText } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import Type from 'typebox'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { TRANSFER_ID } from './ledger-views.ts'
import type { PostingAnswer } from './posting-command.ts'
import type { ReadRoutes } from './read-routes.ts'
import { CorrectionRequestBody, correctionLegs, ReversalRequestBody, reversalTarget } from './reversal-request.ts'
import { ById, LEDGER_READ, LEDGER_TAGS, readId } from './route-parts.ts'
import { readReversalBody } from './transfer-read.ts'

export interface ReversalRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const POST = { callers: ['staff'], scope: 'ledger:post' } as const
const Posted = Type.Object({ batch: Type.Integer(), transfers: Type.Array(PublicId(TRANSFER_ID)) })

/** Taking postings back, and putting right what was wrong with them. */
export function registerReversalRoutes(http: HttpApp, { reads, committer, commands }: ReversalRoutesOptions): void {
  http.route({
    method: 'POST',
    url: '/v1/ledger/reversals',
    access: POST,
    summary: 'Take back a transfer, wholly or in part, or an entry',
    description: 'Posts the mirrored transfers, each of which names the one that it takes back. Own accounts only.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { body: ReversalRequestBody, response: { 201: Posted } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const target = reversalTarget(body)
      if (!target.ok) return badField(target.error.field, target.error.rule, target.error.message)
      const outcome = await committer.submit({
        kind: commands.reverse,
        input: { ...target.value, raw: true },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: posted, refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/corrections',
    access: POST,
    summary: 'Take back a transfer or an entry and post what it should have been, as one entry',
    description: 'The reversal comes first, then the legs; all of it stands or falls together. Own accounts only.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { body: CorrectionRequestBody, response: { 201: Posted } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const { legs: told, ...wrong } = body
      const target = reversalTarget(wrong)
      if (!target.ok) return badField(target.error.field, target.error.rule, target.error.message)
      const legs = correctionLegs(body)
      if (!legs.ok) return badField(legs.error.field, legs.error.rule, legs.error.message)
      const outcome = await committer.submit({
        kind: commands.correct,
        input: { ...target.value, legs: legs.value, raw: true },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: posted, refused })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/transfers/:id/reversal',
    access: LEDGER_READ,
    summary: 'How much of a transfer was taken back',
    tags: LEDGER_TAGS,
    schema: {
      params: ById,
      response: {
        200: Type.Object({
          transfer: PublicId(TRANSFER_ID),
          amount: SignedAmountText,
          reversed: SignedAmountText,
          left: SignedAmountText,
        }),
      },
    },
    handler: async ({ params }, { db }) => {
      const id = readId(TRANSFER_ID, params.id, 'transfer')
      const body = await db.read((tx) => readReversalBody(tx, id))
      return body === undefined ? notFound('transfer') : reply(body)
    },
  })
}

function posted(answer: PostingAnswer) {
  return { batch: answer.batch, transfers: answer.transfers.map((id) => publicId(TRANSFER_ID, id)) }
}
