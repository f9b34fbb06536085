import { badField, type HttpApp, reply } from '@huitong/http'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import type { CommitBell } from './commit-bell.ts'
import { type FeedFilter, type FeedPage, readFeed } from './feed.ts'
import { FEED_START, type FeedPosition, parsePosition, positionText } from './feed-event.ts'
import { FeedEventBody, FeedPlace, feedFilter } from './feed-request.ts'
import { feedEnd, isFuturePlace } from './feed-store.ts'
import { LEDGER_READ } from './route-parts.ts'

export interface FeedRoutesOptions {
  readonly db: InstitutionDatabase
  readonly bell: CommitBell
}

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 500
const WAIT_MAX_SECONDS = 30
/** Where another process commits, nobody rings here. */
const LOOK_AGAIN_MS = 1000
export const FEED_TAGS = ['Ledger events'] as const

/** What happened in the ledger, in the order of its journal, for whoever wants to follow it. */
export function registerFeedRoutes(http: HttpApp, { db, bell }: FeedRoutesOptions): void {
  http.route({
    method: 'GET',
    url: '/v1/ledger/events',
    access: LEDGER_READ,
    summary: 'What happened in the ledger after a place of its journal, in its order',
    description:
      'Read from the journal itself: nothing is left out, nothing comes twice, nothing comes later at an earlier place. Keep `next` and give it ' +
      'as `after`. With `wait` an answer without events comes when there are some, or after so many seconds. With filters one page ' +
      'looks through 2,000 mutations at most: it may be empty and not be the end. No owner and no other personal data is in it.',
    tags: FEED_TAGS,
    schema: {
      querystring: Type.Object({
        after: Type.Optional(
          Type.Union([FeedPlace, Type.Literal('end')], {
            description: 'The beginning unless told; `end`: only what is new',
          }),
        ),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT })),
        wait: Type.Optional(Type.Integer({ minimum: 0, maximum: WAIT_MAX_SECONDS, default: 0 })),
        types: Type.Optional(Type.String({ maxLength: 1000, examples: ['transfer.posted,hold.*'] })),
        accounts: Type.Optional(Type.String({ maxLength: 4000, description: 'Ids of accounts, with commas' })),
        owner: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        subject: Type.Optional(Type.String({ minLength: 1, maxLength: 8 })),
        template: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      }),
      response: {
        200: Type.Object({
          items: Type.Array(FeedEventBody),
          next: FeedPlace,
          atEnd: Type.Boolean({ description: 'Whether everything that is committed was looked at' }),
        }),
      },
    },
    handler: async ({ query }) => {
      const { after, limit = LIMIT_DEFAULT, wait = 0, types, accounts, ...rest } = query
      const filter = feedFilter({
        ...rest,
        ...(types === undefined ? {} : { types: types.split(',') }),
        ...(accounts === undefined ? {} : { accounts: accounts.split(',') }),
      })
      const page = await waitingFeed(await placeOf(after), filter, limit, wait)
      return reply({
        items: page.events.map((event) => ({ ...event, accounts: [...event.accounts], data: { ...event.data } })),
        next: positionText(page.next),
        atEnd: page.atEnd,
      })
    },
  })

  async function placeOf(text: string | undefined): Promise<FeedPosition> {
    if (text === undefined) return FEED_START
    if (text === 'end') return await db.read(feedEnd)
    const place = parsePosition(text)
    if (!place.ok) throw badField('after', place.error, 'is not a place in the journal')
    if (await db.read((tx) => isFuturePlace(tx, place.value)))
      throw badField('after', 'known_place', 'is beyond the end of the journal')
    return place.value
  }

  async function waitingFeed(
    after: FeedPosition,
    filter: FeedFilter,
    limit: number,
    seconds: number,
  ): Promise<FeedPage> {
    const until = performance.now() + seconds * 1000
    let page = await readFeed(db, after, filter, limit)
    while (page.events.length === 0 && (!page.atEnd || performance.now() < until) && !bell.closed) {
      if (page.atEnd) await bell.heard(Math.min(LOOK_AGAIN_MS, Math.max(until - performance.now(), 1)))
      else if (performance.now() >= until) break
      page = await readFeed(db, page.next, filter, limit)
    }
    return page
  }
}
