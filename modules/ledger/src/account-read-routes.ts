import { encodeCursor, PAGE_LIMIT_DEFAULT, PAGE_QUERY, Page, pageOf } from '@huitong/contract'
import { notFound, reply } from '@huitong/http'
import Type from 'typebox'
import { SCAN_MAX } from './account-history.ts'
import { ENTRY_QUERY, entryFilter } from './entry-request.ts'
import { findAccount, listAccounts } from './ledger-read-store.ts'
import {
  ACCOUNT_ID,
  AccountBody,
  accountBody,
  DatedAccountBody,
  datedAccountBody,
  EntryBody,
  entryBody,
} from './ledger-views.ts'
import { AS_OF_QUERY, asOfWanted, betweenWanted, pointOf } from './point-request.ts'
import type { ReadRoutes } from './read-routes.ts'
import { afterCursor, ById, LEDGER_READ, LEDGER_TAGS, readId } from './route-parts.ts'

/** Accounts and their entries, as of now or of any time, batch or accounting day. */
export function registerAccountReadRoutes(reads: ReadRoutes): void {
  const asOfText =
    'With `as_of`, `as_of_batch` or `as_of_day`, balances after the last batch that is not after it, with `asOf` ' +
    'in place of what is said of the account today.'

  reads.route({
    method: 'GET',
    url: '/v1/ledger/accounts',
    access: LEDGER_READ,
    summary: 'Accounts with their balances, by id',
    description: asOfText,
    tags: LEDGER_TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        ...AS_OF_QUERY,
        subject: Type.Optional(Type.String({ maxLength: 8 })),
        owner: Type.Optional(Type.String({ maxLength: 64 })),
      }),
      response: { 200: Page(Type.Union([AccountBody, DatedAccountBody])) },
    },
    handler: async ({ query }, { db, balances, history }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const afterId = afterCursor('accounts', query.cursor, 0)
      const { subject, owner } = query
      const filter = { ...(subject === undefined ? {} : { subject }), ...(owner === undefined ? {} : { owner }) }
      const cursorOf = (last: { readonly account: { readonly id: number } }) =>
        encodeCursor('accounts', [last.account.id])
      const wanted = asOfWanted(query)
      if (wanted === undefined) {
        const rows = await db.read((tx) => listAccounts(tx, { ...filter, afterId, limit }, balances))
        return reply(pageOf(rows, limit, accountBody, cursorOf))
      }
      const point = await pointOf(history, wanted, 'as_of_batch')
      const rows = await history.list(point, { ...filter, afterId, limit })
      return reply(pageOf(rows, limit, (row) => datedAccountBody(row, point), cursorOf))
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/accounts/:id',
    access: LEDGER_READ,
    summary: 'One account',
    description: asOfText,
    tags: LEDGER_TAGS,
    schema: {
      params: ById,
      querystring: Type.Object(AS_OF_QUERY),
      response: { 200: Type.Union([AccountBody, DatedAccountBody]) },
    },
    handler: async ({ params, query }, { db, balances, history }) => {
      const id = readId(ACCOUNT_ID, params.id, 'account')
      const wanted = asOfWanted(query)
      if (wanted === undefined) {
        const view = await db.read((tx) => findAccount(tx, id, balances))
        return view === undefined ? notFound('account') : reply(accountBody(view))
      }
      const point = await pointOf(history, wanted, 'as_of_batch')
      const found = await history.find(point, id)
      return found === undefined ? notFound('account') : reply(datedAccountBody(found, point))
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/accounts/:id/entries',
    access: LEDGER_READ,
    summary: 'Entries of an account with running balances, newest or oldest first',
    description:
      'Times are from inclusive to exclusive; batches and accounting days inclusive. With filters, one page looks through ' +
      `${SCAN_MAX} entries at most: it may be short, or empty, and still have a \`nextCursor\`.`,
    tags: LEDGER_TAGS,
    schema: {
      params: ById,
      querystring: Type.Object({ ...PAGE_QUERY, ...ENTRY_QUERY }),
      response: { 200: Page(EntryBody) },
    },
    handler: async ({ params, query }, { history }) => {
      const id = readId(ACCOUNT_ID, params.id, 'account')
      const from = afterCursor('entries', query.cursor, undefined)
      const between = betweenWanted(query)
      const to = await pointOf(history, between.to, 'to_batch')
      const after = await pointOf(history, between.after, 'from_batch')
      const stretch = await history.stretch(id, after, to)
      if (stretch === undefined) return notFound('account')
      const { currency } = stretch.account
      const page = await history.entries(stretch, {
        order: query.order ?? 'newest',
        filter: entryFilter(query, currency),
        limit: query.limit ?? PAGE_LIMIT_DEFAULT,
        ...(from === undefined ? {} : { from }),
      })
      return reply({
        items: page.entries.map((entry) => entryBody(entry, currency)),
        nextCursor: page.next === null ? null : encodeCursor('entries', [page.next]),
      })
    },
  })
}
