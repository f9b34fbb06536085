import type { Committer } from '@huitong/committer'
import { encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, PublicId, pageOf, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { isoToMicros, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { pendingHoldBodies, readHoldBody } from './hold-read.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { ACCOUNT_ID, HoldBody, TRANSFER_ID } from './ledger-views.ts'
import type { ReadRoutes } from './read-routes.ts'
import { afterCursor, ById, LEDGER_POST, LEDGER_READ, LEDGER_TAGS, readId } from './route-parts.ts'

export interface HoldRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

export function registerHoldRoutes(http: HttpApp, { reads, committer, commands }: HoldRoutesOptions): void {
  reads.route({
    method: 'GET',
    url: '/v1/ledger/holds/:id',
    access: LEDGER_READ,
    summary: 'One hold',
    tags: LEDGER_TAGS,
    schema: { params: ById, response: { 200: HoldBody } },
    handler: async ({ params }, { db }) => {
      const id = readId(TRANSFER_ID, params.id, 'hold')
      const body = await db.read((tx) => readHoldBody(tx, id))
      return body === undefined ? notFound('hold') : reply(body)
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/accounts/:id/holds',
    access: LEDGER_READ,
    summary: 'What is promised out of an account: pending holds that debit it, by id',
    tags: LEDGER_TAGS,
    schema: { params: ById, querystring: Type.Object(PAGE_QUERY), response: { 200: Page(HoldBody) } },
    handler: async ({ params, query }, { db }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const after = afterCursor('holds', query.cursor, 0)
      const rows = await db.read((tx) => pendingHoldBodies(tx, account, after, limit))
      if (rows === undefined) return notFound('account')
      const cursorOf = (last: { readonly id: string }) => encodeCursor('holds', [readId(TRANSFER_ID, last.id, 'hold')])
      return reply(pageOf(rows, limit, (row) => row, cursorOf))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/holds/:id/expiry',
    access: LEDGER_POST,
    summary: 'Move the expiry of a pending hold to a later time',
    description:
      "Of holds between the institution's own accounts only, before they expire. The amount is increased by a posting.",
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ expiresAt: Timestamp }),
      response: { 200: Type.Object({ id: PublicId(TRANSFER_ID) }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const hold = readId(TRANSFER_ID, params.id, 'hold')
      const expiry = isoToMicros(body.expiresAt)
      if (!expiry.ok) return badField('expiresAt', expiry.error, 'is not a time')
      const outcome = await committer.submit({
        kind: commands.extendHold,
        input: { hold, expiresAt: expiry.value, raw: true },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: (answer) => ({ id: publicId(TRANSFER_ID, answer.hold) }), refused })
    },
  })
}
