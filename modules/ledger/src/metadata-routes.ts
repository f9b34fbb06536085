import type { Committer } from '@huitong/committer'
import { decodeCursor, encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import Type from 'typebox'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import { METADATA_KEY, type Metadata } from './metadata.ts'
import { findMetadata, type MetadataChange, searchMetadata } from './metadata-read-store.ts'
import { MetadataChangesInput, MetadataInput, metadataOf, readMetadataChanges } from './metadata-request.ts'
import { metadataChangeBody, metadataHistoryOf } from './metadata-views.ts'
import type { ReadRoutes } from './read-routes.ts'
import { ById, LEDGER_OPERATE, LEDGER_READ, LEDGER_TAGS, readId } from './route-parts.ts'

const MetadataBody = Type.Object(
  { metadata: Type.Object({}, { additionalProperties: Type.String() }) },
  { $id: 'LedgerMetadata' },
)

const ChangeBody = Type.Object({
  batch: Type.Integer(),
  at: Timestamp,
  changes: Type.Object({}, { additionalProperties: Type.Union([Type.String(), Type.Null()]) }),
})

const IDS = { account: ACCOUNT_ID, transfer: TRANSFER_ID } as const

export interface MetadataRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: Pick<LedgerCommands, 'setAccountMetadata' | 'addTransferMetadata'>
}

/** Texts by key on accounts and transfers: read, set, their history, and who has which. */
export function registerMetadataRoutes(http: HttpApp, { reads, committer, commands }: MetadataRoutesOptions): void {
  for (const object of ['account', 'transfer'] as const) {
    reads.route({
      method: 'GET',
      url: `/v1/ledger/${object}s/:id/metadata`,
      access: LEDGER_READ,
      summary: `What hangs on an ${object}`.replace('an t', 'a t'),
      tags: LEDGER_TAGS,
      schema: { params: ById, response: { 200: MetadataBody } },
      handler: async ({ params }, { db }) => {
        const id = readId(IDS[object], params.id, object)
        const metadata = await db.read((tx) => findMetadata(tx, object, id))
        return metadata === undefined ? notFound(object) : reply(metadataBody(metadata))
      },
    })

    reads.route({
      method: 'GET',
      url: `/v1/ledger/${object}s/:id/metadata/history`,
      access: LEDGER_READ,
      summary: 'What was set when, newest first',
      tags: LEDGER_TAGS,
      schema: { params: ById, querystring: Type.Object(PAGE_QUERY), response: { 200: Page(ChangeBody) } },
      handler: async ({ params, query }, { db }) => {
        const id = readId(IDS[object], params.id, object)
        const limit = query.limit ?? PAGE_LIMIT_DEFAULT
        const before = query.cursor === undefined ? undefined : historyCursor(query.cursor)
        const changes = await db.read((tx) => metadataHistoryOf(tx, object, id, before, limit))
        if (changes === undefined) return notFound(object)
        const cursorOf = (last: MetadataChange) => encodeCursor('metadata-history', [last.batch, last.position])
        return reply(pageOf(changes, limit, metadataChangeBody, cursorOf))
      },
    })
  }

  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/metadata',
    access: LEDGER_OPERATE,
    summary: 'Set and take away metadata of an account',
    description: 'Journaled for ever, also when taken away: nothing personal belongs here.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { params: ById, body: Type.Object({ metadata: MetadataChangesInput }), response: { 200: MetadataBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const outcome = await committer.submit({
        kind: commands.setAccountMetadata,
        input: { account, changes: readMetadataChanges(body.metadata) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: (answer) => metadataBody(answer.metadata), refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/transfers/:id/metadata',
    access: LEDGER_OPERATE,
    summary: 'Add metadata to a transfer',
    description: 'A key that is there is never changed. Journaled for ever: nothing personal belongs here.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { params: ById, body: Type.Object({ metadata: MetadataInput }), response: { 200: MetadataBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const transfer = readId(TRANSFER_ID, params.id, 'transfer')
      const additions = metadataOf(body.metadata)
      if (!additions.ok) return badField(additions.error.field, additions.error.rule, additions.error.message)
      const outcome = await committer.submit({
        kind: commands.addTransferMetadata,
        input: { transfer, additions: additions.value },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: (answer) => metadataBody(answer.metadata), refused })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/metadata',
    access: LEDGER_READ,
    summary: 'Accounts or transfers by their metadata',
    description:
      'Those that have the key; with `value` exactly that value, with `prefix` values that begin so. By value and id.',
    tags: LEDGER_TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        object: Type.Union([Type.Literal('account'), Type.Literal('transfer')]),
        key: Type.String({ pattern: METADATA_KEY.source }),
        value: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
        prefix: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
      }),
      response: { 200: Page(Type.Object({ id: Type.String(), key: Type.String(), value: Type.String() })) },
    },
    handler: async ({ query }, { db }) => {
      const { object, key, value, prefix } = query
      if (value !== undefined && prefix !== undefined) return badField('prefix', 'one_of', 'give value or prefix')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const after = query.cursor === undefined ? undefined : searchCursor(query.cursor)
      const hits = await db.read((tx) =>
        searchMetadata(tx, {
          ...{ object, key, limit },
          ...(value === undefined ? {} : { value }),
          ...(prefix === undefined ? {} : { prefix }),
          ...(after === undefined ? {} : { after }),
        }),
      )
      const shown = hits.slice(0, limit)
      const last = shown.at(-1)
      const more = hits.length > limit && last !== undefined
      return reply({
        items: shown.map((hit) => ({ id: publicId(IDS[object], hit.id), key, value: hit.value })),
        nextCursor: more ? encodeCursor('metadata', [last.id, last.value]) : null,
      })
    },
  })
}

function metadataBody(metadata: Metadata) {
  return { metadata: Object.fromEntries(metadata) }
}

function historyCursor(text: string): { readonly batch: number; readonly position: number } {
  const decoded = decodeCursor('metadata-history', ['number', 'number'], text)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return { batch: Number(decoded.value[0]), position: Number(decoded.value[1]) }
}

function searchCursor(text: string): { readonly value: string; readonly id: number } {
  const decoded = decodeCursor('metadata', ['number', 'string'], text)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return { id: Number(decoded.value[0]), value: String(decoded.value[1]) }
}
