import { manualClock, ok } from '@huitong/kernel'
import { createInstitution } from '@huitong/testing'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STATION_TABLES, type Station, startStation, type Trouble } from './links-world.ts'

const A = '990100000011'
const B = '990200000028'
const C = '990300000030'
const clock = manualClock(Date.now() * 1000)
let a: Station
let b: Station
let c: Station

beforeAll(async () => {
  const open = async (name: string, seed: number) =>
    startStation({ name, seed, clock, place: await createInstitution(STATION_TABLES) })
  a = await open(A, 1)
  b = await open(B, 2)
  c = await open(C, 3)
  await know(a, b)
  await know(b, a)
  await know(a, c)
  await know(c, a)
})

afterAll(async () => {
  for (const station of [a, b, c]) await station?.stop()
})

/** One station's staff enter the other as a peer, with the key that it shows. */
async function know(station: Station, peer: Station): Promise<void> {
  const { url } = peer
  expect((await station.call('PUT', `/v1/peers/${peer.name}`, { name: peer.name, url, state: 'active' })).status).toBe(
    200,
  )
  await addKeys(station, peer)
}

async function addKeys(station: Station, peer: Station): Promise<void> {
  const { body } = await peer.call('GET', '/v1/link-keys')
  for (const { keyId, publicKey } of (body as { keys: { keyId: string; publicKey: string }[] }).keys) {
    const added = await station.call('POST', `/v1/peers/${peer.name}/keys`, { keyId, publicKey })
    expect(added.status).toBe(200)
  }
  clock.advance(1_000_000)
}

async function health(station: Station, peer: Station): Promise<Record<string, unknown>> {
  return (await station.call('GET', `/v1/peers/${peer.name}`)).body as Record<string, unknown>
}

/** Until all that was sent to the peer is acknowledged; attempts that wait for their time get it. */
async function settled(station: Station, peer: Station): Promise<void> {
  await expect
    .poll(
      async () => {
        clock.advance(1_000_000)
        const { sent, acknowledged } = await health(station, peer)
        return sent === acknowledged
      },
      { timeout: 60_000, interval: 20 },
    )
    .toBe(true)
}

/** Sets how far the sender believes that its peer came. */
async function acknowledge(number: number): Promise<void> {
  await a.db.transact(async (tx) => {
    await tx.sql`update links_cursors set acknowledged = ${number} where peer = ${B}`
    return ok(undefined)
  })
}

describe('a link', () => {
  it('carries messages in order', async () => {
    for (const id of ['M1', 'M2', 'M3']) await a.send(B, id)
    await settled(a, b)
    expect(await b.taken()).toEqual(['M1', 'M2', 'M3'])
    expect(await health(a, b)).toMatchObject({ health: 'idle', sent: 3, acknowledged: 3, lastFault: null })
    expect((await health(b, a)).received).toBe(3)
  })

  it('keeps nothing readable of a message, on either side', async () => {
    const outgoing = await a.db.read(
      (tx) => tx.sql<{ sealed: Buffer }[]>`select sealed from links_outgoing order by number`,
    )
    const incoming = await b.db.read(
      (tx) => tx.sql<{ sealed: Buffer }[]>`select sealed from links_incoming order by number`,
    )
    expect([outgoing.length, incoming.length]).toEqual([3, 3])
    for (const { sealed } of [...outgoing, ...incoming]) expect(sealed.toString('latin1')).not.toMatch(/M1|TEST/)
  })

  it.each<[Trouble]>([
    ['lose request'],
    ['lose answer'],
    ['twice'],
    ['change body'],
    ['change signature'],
    ['answer unsigned'],
    ['hang'],
  ])('takes each message once, in order, when the line does: %s', async (trouble) => {
    const before = await b.taken()
    b.troubles.push(trouble, trouble)
    for (const id of [`${trouble} 1`, `${trouble} 2`, `${trouble} 3`]) await a.send(B, id)
    await settled(a, b)
    expect((await b.taken()).slice(before.length)).toEqual([`${trouble} 1`, `${trouble} 2`, `${trouble} 3`])
    expect(b.troubles).toEqual([])
  })

  it('goes on where it was after a restart', async () => {
    const before = await b.taken()
    b.troubles.push('lose answer')
    await a.send(B, 'R1')
    await a.restartSender()
    await a.send(B, 'R2')
    await settled(a, b)
    expect((await b.taken()).slice(before.length)).toEqual(['R1', 'R2'])
  })

  it('answers a repeat as the first time, and a message under a used number not at all', async () => {
    const before = await b.taken()
    const first = b.requests.at(-1)
    const second = b.requests.find(({ path }) => path.endsWith('/1'))
    if (first === undefined || second === undefined) throw new Error('nothing was recorded')
    expect(await b.post(first.path, first.headers, first.body)).toEqual({ status: 200, code: 'noted' })
    expect(await b.post(first.path, second.headers, second.body)).toEqual({ status: 401, code: 'signature_wrong' })
    expect(await b.post(first.path, { 'content-type': 'application/xml' }, first.body)).toEqual({
      ...{ status: 401, code: 'key_unknown' },
    })
    expect(await b.taken()).toEqual(before)
  })

  it('refuses a message that skips a number, and takes all once the sender sends them in order', async () => {
    const before = await b.taken()
    const { sent } = await health(a, b)
    // Nothing is sent while the peer is suspended; then the sender believes that the first of the two was taken.
    await a.call('PUT', `/v1/peers/${B}`, { name: 'B', url: b.url, state: 'suspended' })
    await a.send(B, 'O1')
    await a.send(B, 'O2')
    await acknowledge(Number(sent) + 1)
    await a.call('PUT', `/v1/peers/${B}`, { name: 'B', url: b.url, state: 'active' })
    await expect
      .poll(
        async () => {
          clock.advance(1_000_000)
          return (await health(a, b)).lastFault
        },
        { timeout: 60_000, interval: 20 },
      )
      .toBe('answered 409 out_of_order')
    expect(await b.taken()).toEqual(before)
    await acknowledge(Number(sent))
    await settled(a, b)
    expect((await b.taken()).slice(before.length)).toEqual(['O1', 'O2'])
  })

  it('takes messages in order that overtake each other on the way', async () => {
    const before = await b.taken()
    await a.call('PUT', `/v1/peers/${B}`, { name: 'B', url: b.url, state: 'suspended' })
    const ids = Array.from({ length: 20 }, (_, index) => `V${index + 1}`)
    for (const id of ids) await a.send(B, id)
    b.troubles.push('overtaken')
    await a.call('PUT', `/v1/peers/${B}`, { name: 'B', url: b.url, state: 'active' })
    await settled(a, b)
    expect(b.troubles).toEqual([])
    expect((await b.taken()).slice(before.length)).toEqual(ids)
  })

  it('tells its sender and staff what was taken and refused, and goes on', async () => {
    await a.send(B, 'BAD1')
    await a.send(B, 'G1')
    await settled(a, b)
    expect((await b.taken()).at(-1)).toBe('G1')
    for (const [station, way] of [
      [a, 'out'],
      [b, 'in'],
    ] as const) {
      const rows = await station.db.read(
        (tx) => tx.sql<{ body: object }[]>`select body from committer_outbox where topic = 'links.refused'`,
      )
      expect(rows.map(({ body }) => body)).toEqual([expect.objectContaining({ code: 'message_not_taken', way })])
    }
  })

  it('to a peer that does not answer holds up no other, and says that it is broken', async () => {
    for (let count = 0; count < 50; count += 1) b.troubles.push('lose request')
    await a.send(B, 'S1')
    await a.send(C, 'T1')
    await settled(a, c)
    expect(await c.taken()).toEqual(['T1'])
    await expect
      .poll(
        async () => {
          clock.advance(1_000_000)
          return (await health(a, b)).health
        },
        { timeout: 60_000, interval: 20 },
      )
      .toBe('broken')
    b.troubles.length = 0
    await settled(a, b)
    expect((await b.taken()).at(-1)).toBe('S1')
  })

  it('is silent while its peer is suspended', async () => {
    const { url } = b
    await a.call('PUT', `/v1/peers/${B}`, { name: 'B', url, state: 'suspended' })
    const before = b.requests.length
    await a.send(B, 'P1')
    await a.send(C, 'P2')
    await settled(a, c)
    expect(b.requests.length).toBe(before)
    await a.call('PUT', `/v1/peers/${B}`, { name: 'B', url, state: 'active' })
    await settled(a, b)
    expect((await b.taken()).at(-1)).toBe('P1')
  })

  it('changes its key with messages on their way', async () => {
    expect((await a.call('POST', '/v1/link-keys', { keyId: `${A}.2` })).status).toBe(201)
    b.troubles.push('lose answer')
    await a.send(B, 'K1')
    // In use before the peer has it: its messages wait, and none is lost.
    expect((await a.call('POST', `/v1/link-keys/${A}.2/use`)).status).toBe(200)
    await a.send(B, 'K2')
    await expect
      .poll(
        async () => {
          clock.advance(1_000_000)
          return (await health(a, b)).lastFault
        },
        { timeout: 60_000, interval: 20 },
      )
      .toMatch(/^answered 401/)
    await addKeys(b, a)
    await settled(a, b)
    expect((await b.taken()).slice(-2)).toEqual(['K1', 'K2'])
    expect((await b.call('POST', `/v1/peers/${A}/keys/${A}.1/end`, {})).status).toBe(200)
    await a.send(B, 'K3')
    await settled(a, b)
    expect((await b.taken()).at(-1)).toBe('K3')
    const old = b.requests.find(({ path }) => path.endsWith('/1'))
    if (old === undefined) throw new Error('nothing was recorded')
    expect(await b.post(old.path, old.headers, old.body)).toEqual({ status: 401, code: 'key_unknown' })
  })
})
