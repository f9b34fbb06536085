import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type ManualClock, manualClock } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CommitBell } from '../src/commit-bell.ts'
import { registerFeedRoutes } from '../src/feed-routes.ts'
import { deliverToSubscribers } from '../src/subscription-delivery.ts'
import { registerSubscriptionRoutes } from '../src/subscription-routes.ts'
import { itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

const SECOND = 1_000_000
const { privateKey: key } = generateKeyPairSync('ed25519')

interface Message {
  readonly id: string
  readonly timestamp: string
  readonly signature: string
  readonly body: string
}

let api: LedgerApi
let clock: ManualClock
let receiver: Server
let url: string
let bank: string
let till: string
/** What came, and what is answered to the next ones. */
let messages: Message[] = []
let answers: number[] = []

beforeAll(async () => {
  clock = manualClock(Date.now() * 1000)
  api = await startLedgerApi({
    more: (http, { institution: { db } }) => {
      registerFeedRoutes(http, { db, bell: new CommitBell() })
      registerSubscriptionRoutes(http, { db, clock, key })
    },
  })
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8')
    })
    request.on('end', () => {
      const header = (name: string) => String(request.headers[`webhook-${name}`])
      messages.push({ id: header('id'), timestamp: header('timestamp'), signature: header('signature'), body })
      response.writeHead(answers.shift() ?? 204).end()
    })
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const address = receiver.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/events`
  bank = await api.open('1002')
  till = await api.open('1002')
})
afterAll(async () => {
  receiver.close()
  await api.stop()
})
beforeEach(() => {
  messages = []
  answers = []
})

async function subscribe(body: object = {}): Promise<Record<string, unknown> & { readonly id: string }> {
  const answer = await api.call('POST', '/v1/ledger/event-subscriptions', { body: { url, ...body } })
  expect([answer.status, answer.body.errors]).toEqual([201, undefined])
  return { ...answer.body, id: String(answer.body.id) }
}

const end = (id: string) => api.call('DELETE', `/v1/ledger/event-subscriptions/${id}`)

async function pay(): Promise<string> {
  const legs = [{ type: 'transfer', debit: bank, credit: till, amount: '1.00', currency: 'CNY' }]
  return transfersOf(await api.post(legs))[0] ?? ''
}

async function deliver(allowPrivateTargets = true): Promise<void> {
  const options = { db: api.world.institution.db, clock, key, allowPrivateTargets }
  while ((await deliverToSubscribers(options)) > 0) {
    // Until nobody has anything to be told that is due.
  }
}

function eventsOf(of: readonly Message[]): readonly { id: string; type: string; data: { transfer?: string } }[] {
  return of.flatMap(({ body }) => JSON.parse(body).data.events)
}

async function stateOf(id: string): Promise<unknown> {
  const { items } = (await api.get('/v1/ledger/event-subscriptions')).body
  return Array.isArray(items) ? items.find((one) => one.id === id) : undefined
}

describe('a subscriber', () => {
  it('is told what its filter lets through, in order, signed so that anybody can check it', async () => {
    const { id, publicKey } = await subscribe({ filter: { types: ['transfer.*'], accounts: [till] } })
    const paid = [await pay(), await pay(), await pay()]
    await api.open('1002')
    await deliver()
    expect(eventsOf(messages).map(({ data }) => data.transfer)).toEqual(paid)
    const raw = Buffer.from(String(publicKey).replace('whpk_', ''), 'base64').toString('base64url')
    const checkedBy = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' })
    for (const { id: message, timestamp, signature, body } of messages) {
      const bytes = Buffer.from(signature.replace('v1a,', ''), 'base64')
      expect(verify(null, Buffer.from(`${message}.${timestamp}.${body}`), checkedBy, bytes)).toBe(true)
      expect(JSON.parse(body)).toMatchObject({ type: 'ledger.events', data: { subscription: id } })
    }
    expect(await stateOf(id)).toMatchObject({ state: 'active', delivered: 3, attempts: 0, lastFault: null })
    // Nothing new: nothing is sent, and nothing is looked at.
    const options = { db: api.world.institution.db, clock, key, allowPrivateTargets: true }
    expect(await deliverToSubscribers(options)).toBe(0)
    await end(id)
  })

  it('that does not acknowledge is told the same again later, and nothing after it before', async () => {
    const { id } = await subscribe({ filter: { types: ['transfer.posted'] } })
    const first = await pay()
    answers = [500, 302, 204]
    await deliver()
    expect(messages).toHaveLength(1)
    expect(await stateOf(id)).toMatchObject({ state: 'active', attempts: 1, lastFault: 'status_500', delivered: 0 })
    const second = await pay()
    await deliver()
    expect(messages).toHaveLength(1)
    clock.advance(5 * SECOND)
    await deliver()
    expect(await stateOf(id)).toMatchObject({ attempts: 2, lastFault: 'status_302' })
    clock.advance(9 * SECOND)
    await deliver()
    expect(messages).toHaveLength(2)
    clock.advance(SECOND)
    await deliver()
    expect(eventsOf(messages.slice(2)).map(({ data }) => data.transfer)).toEqual([first, second])
    expect(await stateOf(id)).toMatchObject({ attempts: 0, delivered: 2, lastFault: null })
    await end(id)
  })

  it('is told again when the process died between the answer and its note of it', async () => {
    const { id } = await subscribe({ filter: { types: ['transfer.posted'] } })
    const transfer = await pay()
    const { db } = api.world.institution
    const dying = { ...db, transact: dyingAfter(1, db.transact) }
    await expect(deliverToSubscribers({ db: dying, clock, key, allowPrivateTargets: true })).rejects.toThrow('died')
    expect(messages).toHaveLength(1)
    await deliver()
    expect(messages).toHaveLength(1)
    clock.advance(61 * SECOND)
    await deliver()
    expect(messages.map(({ id: message }) => message)).toEqual([messages[0]?.id, messages[0]?.id])
    expect(eventsOf(messages).map(({ data }) => data.transfer)).toEqual([transfer, transfer])
    expect(await stateOf(id)).toMatchObject({ delivered: 1 })
    await end(id)
  })

  it('is told once by two processes that look at once', async () => {
    const { id } = await subscribe({ filter: { types: ['transfer.posted'] } })
    const paid: string[] = []
    for (let count = 0; count < 5; count += 1) paid.push(await pay())
    await Promise.all([deliver(), deliver(), deliver()])
    expect(eventsOf(messages).map(({ data }) => data.transfer)).toEqual(paid)
    await end(id)
  })

  it('is paused by staff and goes on where it was; ended, it is told nothing more', async () => {
    const { id } = await subscribe({ filter: { types: ['transfer.posted'] } })
    const state = (to: string) => api.call('PUT', `/v1/ledger/event-subscriptions/${id}/state`, { body: { state: to } })
    expect((await state('paused')).body).toMatchObject({ state: 'paused' })
    const transfer = await pay()
    await deliver()
    expect(messages).toEqual([])
    await state('active')
    await deliver()
    expect(eventsOf(messages).map(({ data }) => data.transfer)).toEqual([transfer])
    expect((await end(id)).status).toBe(200)
    expect((await end(id)).status).toBe(404)
    await pay()
    await deliver()
    expect(messages).toHaveLength(1)
  })

  it('can begin at a place, and hears all from there', async () => {
    const { id } = await subscribe({ after: '0' })
    await deliver()
    const feed = itemsOf(await api.get('/v1/ledger/events?limit=500'))
    expect(eventsOf(messages)).toEqual(feed)
    expect(messages.length).toBeGreaterThanOrEqual(1)
    await end(id)
  })

  it('on a private address is called in a demo only', async () => {
    const { id } = await subscribe({ filter: { types: ['transfer.posted'] } })
    await pay()
    await deliver(false)
    expect(messages).toEqual([])
    expect(await stateOf(id)).toMatchObject({ lastFault: 'address_not_allowed', attempts: 1 })
    await end(id)
  })
})

/** Works so often and then throws, as one does who is killed. */
function dyingAfter(times: number, work: InstitutionDatabase['transact']): InstitutionDatabase['transact'] {
  let left = times
  return (given) => {
    left -= 1
    return left < 0 ? Promise.reject(new Error('died')) : work(given)
  }
}

describe('a subscription is refused', () => {
  it.each([
    [{ url: 'ftp://books.example' }, 'url'],
    [{ url: 'https://me:secret@books.example' }, 'url'],
    [{ url: 'nowhere' }, 'url'],
    [{ filter: { types: ['transfer.lost'] } }, 'types'],
    [{ filter: { accounts: ['acct_1'] } }, 'accounts'],
    [{ filter: { colour: 'red' } }, 'colour'],
    [{ after: '999999-0' }, 'after'],
    [{ after: 'end' }, 'after'],
  ])('%j', async (body, field) => {
    const answer = await api.call('POST', '/v1/ledger/event-subscriptions', { body: { url, ...body } })
    expect([answer.status, JSON.stringify(answer.body.errors)]).toEqual([400, expect.stringContaining(field)])
  })

  it('to those who may only read', async () => {
    const as = 'staff ledger:read'
    expect((await api.call('POST', '/v1/ledger/event-subscriptions', { as, body: { url } })).status).toBe(403)
    expect((await api.call('GET', '/v1/ledger/event-subscriptions', { as })).status).toBe(200)
  })

  it('and the reference lists what is sent', async () => {
    const { body } = await api.get('/openapi.json')
    expect(Object.keys(Object(body.webhooks))).toEqual(['ledger.events'])
  })
})
