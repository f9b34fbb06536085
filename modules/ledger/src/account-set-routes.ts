import type { Committer } from '@huitong/committer'
import { encodeCursor, LineText, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, PublicId } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { parsePublicId, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { setBalancesAsOf } from './account-set-as-of.ts'
import { findSet, listSets, setMembers } from './account-set-read-store.ts'
import { readSetBody, SET_ID, SetBalanceBody, SetBody, setBalanceBody, setBody } from './account-set-views.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { refused } from './ledger-refused.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import { AS_OF_QUERY, asOfWanted, PointBody, pointBody, pointOf } from './point-request.ts'
import type { ReadRoutes } from './read-routes.ts'
import { afterCursor, ById, LEDGER_OPERATE, LEDGER_READ, LEDGER_TAGS, readId } from './route-parts.ts'

/** Members that are added up for a balance as of a batch, at most. */
const MEMBERS_AS_OF_MAX = 20_000

export interface AccountSetRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: Pick<LedgerCommands, 'createSet' | 'addToSet' | 'removeFromSet'>
}

/** Sets of accounts with the balance of their members, now and as of any batch. */
export function registerAccountSetRoutes(http: HttpApp, options: AccountSetRoutesOptions): void {
  const { reads, committer, commands } = options

  http.route({
    method: 'POST',
    url: '/v1/ledger/sets',
    access: LEDGER_OPERATE,
    summary: 'Make a set of accounts, at the top or below another',
    description: 'Its place is for good, so that there are no cycles.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({ name: LineText(64), parent: Type.Optional(Type.Union([PublicId(SET_ID), Type.Null()])) }),
      response: { 201: Type.Object({ id: PublicId(SET_ID) }) },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const parent = body.parent === undefined || body.parent === null ? null : bodyId(SET_ID, 'parent', body.parent)
      const outcome = await committer.submit({
        kind: commands.createSet,
        input: { name: body.name, parent },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: ({ set }) => ({ id: publicId(SET_ID, set) }), refused })
    },
  })

  for (const [action, kind] of [
    ['members', commands.addToSet],
    ['removals', commands.removeFromSet],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/ledger/sets/:id/${action}`,
      access: LEDGER_OPERATE,
      summary: action === 'members' ? 'Count an account in a set from now on' : 'Count an account in a set no longer',
      tags: LEDGER_TAGS,
      idempotent: true,
      schema: {
        params: ById,
        body: Type.Object({ account: PublicId(ACCOUNT_ID) }),
        response: { 200: Type.Object({ id: PublicId(SET_ID) }) },
      },
      handler: async ({ caller, params, body, idempotencyKey }) => {
        const outcome = await committer.submit({
          kind,
          input: { set: readId(SET_ID, params.id, 'set'), account: bodyId(ACCOUNT_ID, 'account', body.account) },
          idempotency: { caller: caller.id, key: idempotencyKey },
        })
        return outcomeToReply(outcome, { done: ({ set }) => ({ id: publicId(SET_ID, set) }), refused })
      },
    })
  }

  reads.route({
    method: 'GET',
    url: '/v1/ledger/sets',
    access: LEDGER_READ,
    summary: 'Sets of accounts, by id',
    tags: LEDGER_TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(SetBody) } },
    handler: async ({ query }, { db }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const found = await db.read((tx) => listSets(tx, afterCursor('sets', query.cursor, 0), limit))
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      const more = found.length > limit && last !== undefined
      return reply({ items: shown.map(setBody), nextCursor: more ? encodeCursor('sets', [last.id]) : null })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/sets/:id',
    access: LEDGER_READ,
    summary: 'A set with what its members have together, by currency',
    description: `\`credit\` is credits less debits. With \`as_of…\` the members of then are added up, ${MEMBERS_AS_OF_MAX} at most.`,
    tags: LEDGER_TAGS,
    schema: {
      params: ById,
      querystring: Type.Object(AS_OF_QUERY),
      response: {
        200: Type.Object({
          ...SetBody.properties,
          balances: Type.Array(SetBalanceBody),
          asOf: Type.Union([PointBody, Type.Null()]),
        }),
      },
    },
    handler: async ({ params, query }, { db, history }) => {
      const id = readId(SET_ID, params.id, 'set')
      const wanted = asOfWanted(query)
      const found = await db.read((tx) => readSetBody(tx, id))
      if (found === undefined) return notFound('set')
      if (wanted === undefined) return reply({ ...found, asOf: null })
      const point = await pointOf(history, wanted, 'as_of_batch')
      const balances = await setBalancesAsOf(db, history, id, point, MEMBERS_AS_OF_MAX)
      if (balances === undefined) {
        return badField('as_of', 'too_many_members', `the set has more than ${MEMBERS_AS_OF_MAX} members`)
      }
      return reply({ ...found, balances: balances.map(setBalanceBody), asOf: pointBody(point) })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/sets/:id/members',
    access: LEDGER_READ,
    summary: 'Accounts that count in a set, itself or through sets below it',
    tags: LEDGER_TAGS,
    schema: {
      params: ById,
      querystring: Type.Object({ ...PAGE_QUERY, ...AS_OF_QUERY }),
      response: { 200: Page(Type.Object({ id: PublicId(ACCOUNT_ID) })) },
    },
    handler: async ({ params, query }, { db, history }) => {
      const id = readId(SET_ID, params.id, 'set')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const after = afterCursor('members', query.cursor, 0)
      const { batch } = await pointOf(history, asOfWanted(query) ?? 'newest', 'as_of_batch')
      const members = await db.read(async (tx) =>
        (await findSet(tx, id)) === undefined ? undefined : setMembers(tx, id, batch, after, limit),
      )
      if (members === undefined) return notFound('set')
      const shown = members.slice(0, limit)
      const last = shown.at(-1)
      const more = members.length > limit && last !== undefined
      return reply({
        items: shown.map((account) => ({ id: publicId(ACCOUNT_ID, account) })),
        nextCursor: more ? encodeCursor('members', [last]) : null,
      })
    },
  })
}

function bodyId(prefix: string, field: string, text: string): number {
  const id = parsePublicId(prefix, text)
  if (!id.ok) throw badField(field, id.error, 'is not an id')
  return id.value
}
