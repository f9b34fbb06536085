import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { signHttpRequest } from '@huitong/formats'
import { manualClock } from '@huitong/kernel'
import { createInstitution } from '@huitong/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { STATION_TABLES, type Station, startStation, type Trouble } from './links-world.ts'

/* What peers ask directly, over a line that nobody trusts. Every refusal stands beside an honest request that is answered. */

const A = '990100000011'
const B = '990200000028'
const ECHO = '/v1/peer/echo'
const clock = manualClock(Date.now() * 1000)
let a: Station
let b: Station

beforeAll(async () => {
  const open = async (name: string, seed: number) =>
    startStation({ name, seed, clock, place: await createInstitution(STATION_TABLES) })
  a = await open(A, 1)
  b = await open(B, 2)
  for (const [station, peer] of [
    [a, b],
    [b, a],
  ] as const) {
    await setPeer(station, peer, 'active')
    await addKey(station, peer, 1)
  }
})

afterAll(async () => {
  for (const station of [a, b]) await station?.stop()
})

beforeEach(async () => {
  expect(b.troubles).toEqual([])
  expect(await a.ask(B, 'echo', { said: 'TEST' })).toEqual(echo('TEST'))
})

const echo = (said: string) => ({ status: 200, body: { path: 'echo', peer: A, said } })

async function setPeer(station: Station, peer: Station, state: string, url = peer.url): Promise<void> {
  expect(await station.call('PUT', `/v1/peers/${peer.name}`, { name: peer.name, url, state })).toMatchObject({
    status: 200,
  })
}

/** Enters the peer's key of this number, in the order in which they were made. */
async function addKey(station: Station, peer: Station, number: number): Promise<void> {
  const { body } = await peer.call('GET', '/v1/link-keys')
  const { keys } = body as { keys: { keyId: string; publicKey: string }[] }
  const { keyId, publicKey } = keys.find((key) => key.keyId === `${peer.name}.${number}`) ?? {}
  expect((await station.call('POST', `/v1/peers/${peer.name}/keys`, { keyId, publicKey })).status).toBe(200)
  clock.advance(1_000_000)
}

/** What A sent to B last, as it went over the line. */
function recorded() {
  const last = b.requests.at(-1)
  if (last === undefined) throw new Error('nothing was recorded')
  return last
}

/** Somebody with a key pair who asks B; `at` is the time under the signature. */
async function asks(keyId: string, privateKey: KeyObject, at = new Date()): Promise<number> {
  const body = Buffer.from('{"said":"TEST"}')
  const request = { method: 'POST', url: `${b.url}${ECHO}`, body }
  return (await b.post(ECHO, await signHttpRequest(request, { id: keyId, privateKey }, at), body)).status
}

describe('a request', () => {
  it.each([
    ['the name of a key of A', `${A}.1`],
    ['the name of a key of B itself', `${B}.1`],
    ['a name that nobody has', 'nobody.1'],
  ])('signed by somebody else is nobody’s, in %s', async (_, keyId) => {
    expect(await asks(keyId, generateKeyPairSync('ed25519').privateKey)).toBe(401)
  })

  it('is good for five minutes, and half a minute before its time', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const key = { keyId: `${A}.9`, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) }
    expect((await b.call('POST', `/v1/peers/${A}/keys`, key)).status).toBe(200)
    clock.advance(1_000_000)
    const statuses = []
    for (const seconds of [-320, -280, 0, 20, 50]) {
      statuses.push(await asks(key.keyId, privateKey, new Date(Date.now() + seconds * 1000)))
    }
    expect(statuses).toEqual([401, 200, 200, 200, 401])
    expect((await b.call('POST', `/v1/peers/${A}/keys/${key.keyId}/end`, {})).status).toBe(200)
    expect(await asks(key.keyId, privateKey)).toBe(401)
  })

  it('without a signature, or with half of one, is nobody’s', async () => {
    const { headers, body } = recorded()
    const { signature, 'signature-input': input, ...plain } = headers
    expect(await b.post(ECHO, headers, body)).toMatchObject({ status: 200 })
    expect((await b.post(ECHO, plain, body)).status).toBe(401)
    expect((await b.post(ECHO, { ...plain, signature: signature ?? '' }, body)).status).toBe(401)
    expect((await b.post(ECHO, { ...plain, 'signature-input': input ?? '' }, body)).status).toBe(401)
  })

  it('is not another: neither at another path, nor with a query, nor with another body', async () => {
    const { headers, body } = recorded()
    expect((await b.post('/v1/peer/other', headers, body)).status).toBe(401)
    expect((await b.post(`${ECHO}?a=1`, headers, body)).status).toBe(401)
    expect((await b.post(ECHO, headers, Buffer.from('{"said":"TOST"}'))).status).toBe(401)
  })

  it('to B says nothing to anybody else who knows A by the same key', async () => {
    const c = await startStation({
      name: '990300000030',
      seed: 3,
      clock,
      place: await createInstitution(STATION_TABLES),
    })
    await setPeer(c, a, 'active')
    await addKey(c, a, 1)
    await setPeer(a, c, 'active')
    await addKey(a, c, 1)
    const { headers, body } = recorded()
    expect((await c.post(ECHO, headers, body)).status).toBe(401)
    expect(await a.ask(c.name, 'echo', { said: 'TEST' })).toEqual(echo('TEST'))
    await c.stop()
  })

  it('of a suspended peer is nobody’s, and a suspended peer is not asked', async () => {
    await setPeer(b, a, 'suspended')
    const { headers, body } = recorded()
    expect((await b.post(ECHO, headers, body)).status).toBe(401)
    await setPeer(b, a, 'active')
    await setPeer(a, b, 'suspended')
    const asked = b.requests.length
    expect(await a.ask(B, 'echo', { said: 'TEST' })).toBeUndefined()
    expect(b.requests.length).toBe(asked)
    await setPeer(a, b, 'active')
  })
})

describe('an answer', () => {
  it.each<[Trouble]>([
    ['answer unsigned'],
    ['change answer'],
    ['answer of before'],
    ['lose request'],
    ['lose answer'],
    ['hang'],
  ])('is none when the line does: %s', async (trouble) => {
    b.troubles.push(trouble)
    expect(await a.ask(B, 'echo', { said: `TEST ${trouble}` })).toBeUndefined()
    expect(await a.ask(B, 'echo', { said: `TEST ${trouble}` })).toEqual(echo(`TEST ${trouble}`))
  })

  it('that refuses is one, when it is signed', async () => {
    expect(await a.ask(B, 'echo', {})).toMatchObject({ status: 400 })
    expect(await a.ask(B, 'nowhere', {})).toMatchObject({ status: 404 })
  })

  it('is none from where nobody listens, and of a peer that is not known', async () => {
    await setPeer(a, b, 'active', 'http://127.0.0.1:1')
    expect(await a.ask(B, 'echo', { said: 'TEST' })).toBeUndefined()
    await setPeer(a, b, 'active')
    expect(await a.ask('990900000095', 'echo', { said: 'TEST' })).toBeUndefined()
  })
})

describe('a key', () => {
  it('of the answering side counts from when it is entered until it is ended', async () => {
    expect((await b.call('POST', '/v1/link-keys', { keyId: `${B}.2` })).status).toBe(201)
    expect((await b.call('POST', `/v1/link-keys/${B}.2/use`)).status).toBe(200)
    expect(await a.ask(B, 'echo', { said: 'TEST' })).toBeUndefined()
    await addKey(a, b, 2)
    expect(await a.ask(B, 'echo', { said: 'TEST' })).toEqual(echo('TEST'))
    expect((await a.call('POST', `/v1/peers/${B}/keys/${B}.2/end`, {})).status).toBe(200)
    expect(await a.ask(B, 'echo', { said: 'TEST' })).toBeUndefined()
    // An older key cannot be put to use again: the next one is.
    expect((await b.call('POST', '/v1/link-keys', { keyId: `${B}.3` })).status).toBe(201)
    expect((await b.call('POST', `/v1/link-keys/${B}.3/use`)).status).toBe(200)
    await addKey(a, b, 3)
  })

  it('of the asking side, too; several are good at once', async () => {
    const old = recorded()
    expect((await a.call('POST', '/v1/link-keys', { keyId: `${A}.2` })).status).toBe(201)
    expect((await a.call('POST', `/v1/link-keys/${A}.2/use`)).status).toBe(200)
    expect(await a.ask(B, 'echo', { said: 'TEST' })).toMatchObject({ status: 401 })
    await addKey(b, a, 2)
    expect(await a.ask(B, 'echo', { said: 'TEST' })).toEqual(echo('TEST'))
    expect((await b.post(ECHO, old.headers, old.body)).status).toBe(200)
    expect((await b.call('POST', `/v1/peers/${A}/keys/${A}.1/end`, {})).status).toBe(200)
    expect((await b.post(ECHO, old.headers, old.body)).status).toBe(401)
  })
})
