import { publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommitBell } from '../src/commit-bell.ts'
import { type FeedEvent, type FeedFilter, readFeed } from '../src/feed.ts'
import { FEED_EVENT_TYPES, FEED_START, type FeedPosition, isBefore, parsePosition } from '../src/feed-event.ts'
import { registerFeedRoutes } from '../src/feed-routes.ts'
import { type ApiAnswer, itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'
import { move, startLedgerWorld } from './ledger-world.ts'
import { type History, writeHistory } from './verify-history.ts'

/** Everything from a place to the end, page by page. */
async function all(history: Pick<History, 'world'>, filter: FeedFilter = {}, limit = 7): Promise<readonly FeedEvent[]> {
  const events: FeedEvent[] = []
  for (let after: FeedPosition = FEED_START; ; ) {
    const page = await readFeed(history.world.institution.db, after, filter, limit)
    expect(page.events.length).toBeLessThanOrEqual(limit)
    events.push(...page.events)
    if (page.atEnd) return events
    after = page.next
  }
}

function placeOf({ id }: { readonly id: string }): FeedPosition {
  const place = parsePosition(id)
  if (!place.ok) throw new Error(id)
  return place.value
}

function mustBeInOrder(events: readonly { readonly id: string }[]): void {
  for (const [index, event] of events.entries()) {
    const before = events[index - 1]
    if (before !== undefined) expect(isBefore(placeOf(before), placeOf(event)), `${before.id} ${event.id}`).toBe(true)
  }
}

describe('the feed of a ledger', () => {
  let history: History
  beforeAll(async () => {
    history = await writeHistory()
  })
  afterAll(() => history.world.committer.stop())

  const mutations = async (): Promise<number> => {
    const [row] = await history.owner<{ sum: string }[]>`select sum(count)::text as sum from ledger_batches`
    return Number(row?.sum)
  }

  it('has every mutation that the batches count, once and in order, however it is cut into pages', async () => {
    const events = await all(history)
    expect(events).toHaveLength(await mutations())
    mustBeInOrder(events)
    expect(await all(history, {}, 500)).toEqual(events)
    const types = new Set(events.map((event) => event.type))
    for (const type of ['transfer.posted', 'hold.created', 'hold.captured', 'hold.voided', 'hold.expired'] as const) {
      expect(types).toContain(type)
    }
    for (const type of ['account.opened', 'account.floor_changed', 'account.state_changed', 'day.closed'] as const) {
      expect(types).toContain(type)
    }
    for (const type of types) expect(Object.keys(FEED_EVENT_TYPES)).toContain(type)
  })

  it('tells only what a filter lets through, and still comes to the end', async () => {
    const events = await all(history, {}, 500)
    const account = publicId('acct', history.carol)
    const ofCarol = await all(history, { accounts: [history.carol] }, 3)
    expect(ofCarol).toEqual(events.filter((event) => event.accounts.includes(account)))
    expect(ofCarol.length).toBeGreaterThan(40)
    const states = await all(history, { accounts: [history.carol], types: ['account.state_changed'] })
    expect(states.map(({ data }) => data)).toEqual([
      { account, state: 'frozen' },
      { account, state: 'open' },
    ])
    expect(await all(history, { subject: '5001', types: ['transfer.posted'] })).toHaveLength(1)
    expect(await all(history, { owner: 'nobody' })).toEqual([])
  })

  it('names no owner', async () => {
    await history.world.openWallet()
    const opened = (await all(history, { owner: 'customer:7' })).at(-1)
    expect(opened).toMatchObject({ type: 'account.opened', data: { subject: '2001', floor: '0.00' } })
    expect(JSON.stringify(await all(history))).not.toContain('customer:')
  })
})

describe('while many post', () => {
  it('a follower misses nothing and hears nothing twice', async () => {
    const world = await startLedgerWorld()
    const { committer, commands, institution } = world
    const bank = await world.open('1002')
    const accounts = await Promise.all(Array.from({ length: 5 }, () => world.open('2003')))
    let posting = true
    const followed: FeedEvent[] = []
    const follow = async (): Promise<void> => {
      for (let after: FeedPosition = FEED_START; ; ) {
        const last = !posting
        const page = await readFeed(institution.db, after, {}, 64)
        followed.push(...page.events)
        after = page.next
        if (page.atEnd && last) return
      }
    }
    const following = follow()
    const posted: number[] = []
    await Promise.all(
      accounts.map(async (account) => {
        for (let count = 0; count < 60; count += 1) {
          const legs = Array.from({ length: 1 + (count % 3) }, () => move(bank, account, 1n))
          const outcome = await committer.submit({ kind: commands.post, input: { legs, raw: true } })
          if (outcome.status === 'done') posted.push(...outcome.answer.transfers)
          if (count % 20 === 19) {
            const input = { account, floorMinor: BigInt(-count) }
            await committer.submit({ kind: commands.setFloor, input })
          }
        }
      }),
    )
    posting = false
    await following
    mustBeInOrder(followed)
    expect(followed).toEqual(await all({ world }, {}, 500))
    const heard = followed.filter(({ type }) => type === 'transfer.posted').map(({ data }) => data.transfer)
    expect(heard.toSorted()).toEqual(posted.map((id) => publicId('tran', id)).toSorted())
    await committer.stop()
  })
})

describe('over HTTP', () => {
  let api: LedgerApi
  let bell: CommitBell
  let bank: string
  let till: string
  beforeAll(async () => {
    bell = new CommitBell()
    api = await startLedgerApi({
      more: (http, world) => registerFeedRoutes(http, { db: world.institution.db, bell }),
    })
    bank = await api.open('1002')
    till = await api.open('1002')
  })
  afterAll(async () => {
    bell.close()
    await api.stop()
  })

  const events = (query: string): Promise<ApiAnswer> => api.get(`/v1/ledger/events?${query}`)
  const pay = (amount: string) => api.post([{ type: 'transfer', debit: bank, credit: till, amount, currency: 'CNY' }])

  it('a transfer, a hold and an entry look as they do elsewhere', async () => {
    const { body } = await events('after=end')
    const [transfer] = transfersOf(await pay('8.88'))
    const hold = {
      type: 'hold',
      debit: bank,
      credit: till,
      amount: '5.00',
      currency: 'CNY',
      expiresAt: '2099-01-01T00:00:00Z',
    }
    const [held] = transfersOf(await api.post([hold]))
    const lines = [
      { side: 'debit', account: bank, amount: '1.00', currency: 'CNY' },
      { side: 'credit', account: till, amount: '1.00', currency: 'CNY' },
    ]
    const entry = await api.call('POST', '/v1/ledger/entries', { key: 'entry', body: { lines } })
    const found = await events(`after=${body.next}`)
    expect(itemsOf(found)).toMatchObject([
      {
        type: 'transfer.posted',
        accounts: [bank, till],
        data: { transfer, amount: '8.88', currency: 'CNY', hold: null },
      },
      {
        type: 'hold.created',
        data: { transfer: held, hold: held, amount: '5.00', expiresAt: '2099-01-01T00:00:00.000000Z' },
      },
      { type: 'transfer.posted', data: { entry: entry.body.entry } },
      { type: 'entry.posted', accounts: [bank, till], data: { entry: entry.body.entry, lines, facts: {} } },
    ])
    expect(found.body).toMatchObject({ atEnd: true, next: Object(itemsOf(found).at(-1)).id })
    expect(itemsOf(await events(`after=${body.next}&types=hold.*`))).toHaveLength(1)
    expect(itemsOf(await events(`after=${body.next}&accounts=${till}&limit=1`))).toHaveLength(1)
  })

  it('waits for news and is woken by them', async () => {
    const { body } = await events('after=end')
    const waiting = events(`after=${body.next}&wait=30`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const [transfer] = transfersOf(await pay('1.00'))
    bell.ring()
    expect(itemsOf(await waiting)).toMatchObject([{ data: { transfer } }])
    const quiet = await events('after=end&wait=1')
    expect(quiet.body).toMatchObject({ items: [], atEnd: true })
  })

  it.each([
    ['after=x', 'after'],
    ['after=12-', 'after'],
    ['after=9999999-0', 'after'],
    ['types=transfer.lost', 'types'],
    ['types=', 'types'],
    ['accounts=acct_1', 'accounts'],
    ['limit=0', 'limit'],
    ['wait=31', 'wait'],
    ['owner=', 'owner'],
    ['nothing=1', 'nothing'],
  ])('refuses %s', async (query, field) => {
    const answer = await events(query)
    expect([answer.status, JSON.stringify(answer.body.errors)]).toEqual([400, expect.stringContaining(field)])
  })

  it('is for staff who may read the ledger', async () => {
    for (const as of [null, 'customer', 'merchant', 'staff ledger:post']) {
      expect((await api.call('GET', '/v1/ledger/events', { as })).status).toBeGreaterThanOrEqual(401)
    }
  })
})
