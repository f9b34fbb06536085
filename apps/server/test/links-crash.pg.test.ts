import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { seededChance, systemClock } from '@huitong/kernel'
import { createInstitution, type TestInstitution, testConnection } from '@huitong/testing'
import { afterEach, expect, it } from 'vitest'
import type { ChildOrder } from './links-child.ts'
import { STATION_TABLES, type Station, startStation } from './links-world.ts'

const CHILD = join(import.meta.dirname, 'links-child.ts')
const A = '990100000011'
const B = '990200000028'
const IDS = Array.from({ length: 60 }, (_, index) => `M${index + 1}`)
const KILLS = 2
const clock = systemClock()
const seed = Number(process.env.HUITONG_SEED ?? Date.now() % 100_000)
let child: ChildProcess | undefined
let stations: Station[] = []

afterEach(async () => {
  child?.kill('SIGKILL')
  for (const station of stations) await station.stop()
  stations = []
})

async function startChild(order: ChildOrder): Promise<void> {
  child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { stdout } = child
  if (stdout === null) throw new Error('the child has no output')
  await once(stdout, 'data')
}

async function kill9(): Promise<void> {
  if (child === undefined) return
  const ended = once(child, 'close')
  child.kill('SIGKILL')
  await ended
}

async function opened(name: string, of: number, place: TestInstitution, port?: number): Promise<Station> {
  return await startStation({ name, seed: of, clock, place, ...(port === undefined ? {} : { port }) })
}

async function know(station: Station, peer: Station): Promise<void> {
  const { name, url } = peer
  await station.call('PUT', `/v1/peers/${name}`, { name, url, state: 'active' })
  const { body } = await peer.call('GET', '/v1/link-keys')
  const [key] = (body as { keys: { keyId: string; publicKey: string }[] }).keys
  expect(
    (await station.call('POST', `/v1/peers/${name}/keys`, { keyId: key?.keyId, publicKey: key?.publicKey })).status,
  ).toBe(200)
}

/** Two institutions that know each other, neither of them up. The lines keep their ports. */
async function acquainted() {
  const [placeA, placeB] = [await createInstitution(STATION_TABLES), await createInstitution(STATION_TABLES)]
  const [a, b] = [await opened(A, 1, placeA), await opened(B, 2, placeB)]
  await know(a, b)
  await know(b, a)
  const [portA, portB] = [Number(new URL(a.url).port), Number(new URL(b.url).port)]
  await a.stop()
  await b.stop()
  return { placeA, placeB, portA, portB }
}

async function takenBy({ db }: Pick<TestInstitution, 'db'>): Promise<readonly string[]> {
  const rows = await db.read(
    (tx) => tx.sql<{ body: { messageId: string } }[]>`
      select body from committer_outbox where topic = 'test.taken' order by batch, position`,
  )
  return rows.map(({ body }) => body.messageId)
}

/** Kills the child each time when so many messages are taken, with others on their way. */
async function killed(order: ChildOrder, place: TestInstitution): Promise<void> {
  const chance = seededChance(seed)
  let from = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const enough = from + 1 + chance.below(12)
    await startChild(order)
    await expect
      .poll(async () => (await takenBy(place)).length, { timeout: 60_000, interval: 5 })
      .toBeGreaterThanOrEqual(enough)
    await kill9()
    from = (await takenBy(place)).length
  }
  await startChild(order)
}

it(`a receiver that is killed takes every message once and in order (seed ${seed})`, async () => {
  const { placeA, placeB, portA, portB } = await acquainted()
  const a = await opened(A, 1, placeA, portA)
  stations.push(a)
  for (const id of IDS) await a.send(B, id)
  await killed({ connection: testConnection(), schema: placeB.schema, name: B, seed: 2, port: portB }, placeB)
  await expect.poll(() => takenBy(placeB), { timeout: 60_000, interval: 20 }).toEqual(IDS)
})

it(`a sender that is killed has said everything once and in order (seed ${seed})`, async () => {
  const { placeA, placeB, portA, portB } = await acquainted()
  stations.push(await opened(B, 2, placeB, portB))
  const sends = { to: B, ids: IDS }
  await killed({ connection: testConnection(), schema: placeA.schema, name: A, seed: 1, port: portA, sends }, placeB)
  await expect.poll(() => takenBy(placeB), { timeout: 60_000, interval: 20 }).toEqual(IDS)
})
