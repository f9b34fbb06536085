import { setTimeout as sleep } from 'node:timers/promises'
import { committerMigrations } from '@huitong/committer'
import { systemClock } from '@huitong/kernel'
import { createInstitution } from '@huitong/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerMigrations } from '../src/migrations.ts'
import { watchReplica } from '../src/replica-watch.ts'
import { ALL_STAFF, type ApiAnswer, itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'
import { startLedgerWorld } from './ledger-world.ts'
import { LAG_MAX_MS, type ReplicaWorld, startReplicaWorld } from './replica-world.ts'

let world: ReplicaWorld
let plain: LedgerApi
let bank: string
let shop: string
let transfer: string

function leg(debit: string, credit: string, amount: string, more: object = {}) {
  return { type: 'transfer', debit, credit, amount, currency: 'CNY', ...more }
}

const AT_LEAST = 'huitong-at-least-batch'
/** What an answer says of itself. */
function told({ headers }: Pick<ApiAnswer, 'headers'>) {
  const text = (name: string) => headers.get(`huitong-read-${name}`)
  return { from: text('from'), batch: Number(text('batch')), behind: text('behind'), reason: text('reason') }
}

const read = (path: string, atLeast?: string, api = world.api) =>
  api.call('GET', path, atLeast === undefined ? {} : { headers: { [AT_LEAST]: atLeast } })

/** Posts a cent and gives the batch that it is in. */
async function postCent(): Promise<number> {
  const answer = await world.api.post([leg(bank, shop, '0.01')])
  expect(answer.headers.get('huitong-batch')).toBe(String(answer.body.batch))
  return Number(answer.body.batch)
}

beforeAll(async () => {
  world = await startReplicaWorld()
  plain = await startLedgerApi({ world: world.world })
  await world.startStandby()
  bank = await world.api.open('1002')
  shop = await world.api.open('2003', '0')
  const [first] = transfersOf(await world.api.post([leg(bank, shop, '100.00', { code: 'top_up' })]))
  transfer = first ?? ''
  await world.caughtUp()
}, 240_000)

afterAll(async () => {
  await plain.http.drain(1000)
  await world.stop()
}, 240_000)

/** Always the primary's: what is proved or signed there, what a resumed import decides by, and how the replica is. */
const OF_THE_PRIMARY = [
  '/v1/ledger/head',
  '/v1/ledger/imports/:id',
  '/v1/ledger/imports/:id/refusals',
  '/v1/ledger/replica',
]

const QUERIES = [
  [/statement\./, '?from=2026-11-22&to=2026-11-22'],
  [/ledger\/metadata$/, '?object=account&key=branch'],
] as const

describe('a replica that keeps up', () => {
  it('gives the same answer as the primary on every route that reads, and says as of which batch', async () => {
    const set = await world.api.call('POST', '/v1/ledger/sets', { key: 'set', body: { name: 'shops' } })
    const setId = String(set.body.id)
    await world.api.call('POST', `/v1/ledger/sets/${setId}/members`, { key: 'member', body: { account: shop } })
    await world.api.call('POST', `/v1/ledger/accounts/${shop}/metadata`, { key: 'm', body: { set: { branch: 'x' } } })
    const hold = transfersOf(await world.api.post([leg(shop, bank, '5.00', { type: 'hold' })]))[0] ?? ''
    await world.caughtUp()
    const { batch } = world.world.committer.status().committed
    const objects: Readonly<Record<string, string>> = { accounts: shop, sets: setId, holds: hold }
    const paths = world.api.http.routes
      .filter(({ method, url }) => method === 'GET' && url.startsWith('/v1/ledger/') && !OF_THE_PRIMARY.includes(url))
      .map(({ url }) => {
        const id = objects[url.split('/')[3] ?? ''] ?? transfer
        const query = QUERIES.find(([route]) => route.test(url))?.[1] ?? ''
        return url.replace(':id', id).replace(':name', 'none') + query
      })
    let found = 0
    const get = (api: LedgerApi, url: string) =>
      api.http.inject({ method: 'GET', url, headers: { authorization: `Bearer ${ALL_STAFF}` } })
    for (const path of paths) {
      const [ours, theirs] = [await get(plain, path), await get(world.api, path)]
      expect([path, theirs.statusCode]).toEqual([path, ours.statusCode])
      if (theirs.statusCode === 200) found += 1
      else expect(theirs.statusCode, path).toBe(404)
      // A PDF carries the time of its making; a problem the id of its request.
      if (theirs.statusCode === 200 && !path.includes('.pdf')) expect(theirs.rawPayload, path).toEqual(ours.rawPayload)
      expect([path, theirs.headers['huitong-read-from']]).toEqual([path, 'replica'])
      expect([path, Number(theirs.headers['huitong-read-batch'])]).toEqual([path, batch])
      expect(theirs.headers['huitong-read-behind'], path).toBe('0')
      expect([path, ours.headers['huitong-read-from'], ours.headers['huitong-read-reason']]).toEqual([
        path,
        'primary',
        undefined,
      ])
    }
    expect(found).toBeGreaterThan(30)
    for (const path of ['/v1/ledger/head', '/v1/ledger/replica']) {
      expect((await read(path)).headers.get('huitong-read-from')).toBeNull()
    }
  }, 240_000)

  it('shows a caller what it wrote, wherever the answer has to come from', async () => {
    for (let turn = 0; turn < 30; turn += 1) {
      const batch = await postCent()
      const answer = await read(`/v1/ledger/accounts/${shop}/entries?limit=1`, String(batch))
      expect(answer.status).toBe(200)
      expect(itemsOf(answer)[0]).toMatchObject({ transfer: { batch } })
      const { from, reason } = told(answer)
      expect(['replica', 'awaiting_batch']).toContain(from === 'replica' ? from : reason)
    }
    const newest = await read(`/v1/ledger/accounts/${shop}`, 'newest')
    expect(told(newest).batch).toBeGreaterThanOrEqual(world.world.committer.status().committed.batch)
    // Who may not be answered by the primary waits for the replica.
    const waited = await read(`/v1/ledger/accounts/${shop}`, String(await postCent()), world.refusing)
    expect([waited.status, told(waited).from]).toEqual([200, 'replica'])
  }, 240_000)

  it('never shows half a batch, nor two batches in one answer', async () => {
    const ring = await Promise.all(Array.from({ length: 6 }, () => world.api.open('2003', '0')))
    for (const [n, account] of ring.entries()) {
      transfersOf(await world.api.post([leg(bank, account, `${n + 1}0.00`)]))
    }
    await world.caughtUp()
    let writing = true
    const writers = [0, 1, 2].map(async (n) => {
      // Each entry takes from each and gives to the next: what all have together never changes.
      while (writing) {
        const legs = ring.map((account, at) => leg(account, ring[(at + 1 + n) % ring.length] ?? bank, '0.01'))
        transfersOf(await world.api.post(legs.filter(({ debit, credit }) => debit !== credit)))
      }
    })
    const seen: { batch: number; balances: readonly string[] }[] = []
    try {
      for (let turn = 0; turn < 40; turn += 1) {
        const answer = await read('/v1/ledger/accounts?subject=2003&limit=100')
        const { from, batch } = told(answer)
        const balances = balancesOf(answer, ring)
        if (from === 'replica') seen.push({ batch, balances })
        expect(balances.reduce((sum, balance) => sum + Math.round(Number(balance) * 100), 0)).toBe(21_000)
        // Several statements make up this answer; they have to be of one batch.
        const entries = await read(`/v1/ledger/accounts/${ring[0]}/entries?limit=30`)
        if (told(entries).from === 'primary') continue
        for (const entry of itemsOf(entries)) {
          expect(entry).toHaveProperty(
            'transfer.batch',
            expect.toSatisfy((batch) => batch <= told(entries).batch),
          )
        }
      }
    } finally {
      writing = false
      await Promise.all(writers)
    }
    expect(seen.length).toBeGreaterThan(10)
    expect(new Set(seen.map(({ batch }) => batch)).size).toBeGreaterThan(5)
    // Afterwards the primary is asked for each of these batches: the replica's answers were exactly them.
    for (const { batch, balances } of seen) {
      const then = await plain.get(`/v1/ledger/accounts?subject=2003&limit=100&as_of_batch=${batch}`)
      expect([batch, balancesOf(then, ring)]).toEqual([batch, balances])
    }
  }, 240_000)
})

function balancesOf(answer: ApiAnswer, accounts: readonly string[]): readonly string[] {
  const found = new Map(itemsOf(answer).map((item) => [field(item, 'id'), field(item, 'balance')]))
  return accounts.map((account) => found.get(account) ?? '')
}

function field(item: unknown, name: string): string {
  return typeof item === 'object' && item !== null && name in item
    ? String(Object.entries(item).find(([key]) => key === name)?.[1])
    : ''
}

describe('a replica that is behind', () => {
  it('serves what it has while that is young enough, and then no more', async () => {
    await world.caughtUp()
    const old = told(await read(`/v1/ledger/accounts/${shop}`)).batch
    await world.pause()
    try {
      const batch = await postCent()
      // As the program does ten times a second; until then nobody knows here that there is a newer batch.
      world.watch.note()
      await sleep(20)
      const young = await read(`/v1/ledger/accounts/${shop}/entries?limit=1`)
      expect(told(young)).toMatchObject({ from: 'replica', batch: old })
      expect(Number(told(young).behind)).toBeGreaterThan(0)
      expect(Number(told(young).behind)).toBeLessThanOrEqual(LAG_MAX_MS / 1000)
      expect(told(await read(`/v1/ledger/accounts/${shop}`, String(batch)))).toMatchObject({
        from: 'primary',
        reason: 'awaiting_batch',
      })
      const waited = await read(`/v1/ledger/accounts/${shop}`, String(batch), world.refusing)
      expect([waited.status, waited.body.code, waited.headers.get('retry-after')]).toEqual([
        503,
        'replica_unavailable',
        '1',
      ])
      await sleep(LAG_MAX_MS)
      const late = await read(`/v1/ledger/accounts/${shop}/entries?limit=1`)
      expect(told(late)).toMatchObject({ from: 'primary', reason: 'lagging', behind: '0' })
      expect(itemsOf(late)[0]).toMatchObject({ transfer: { batch } })
      const refused = await read(`/v1/ledger/accounts/${shop}`, undefined, world.refusing)
      expect([refused.status, refused.headers.get('huitong-read-reason')]).toEqual([503, 'lagging'])
      await world.watch.look()
      expect(world.watch.sight()).toMatchObject({ state: 'lagging', batch: old })
      // What is decided about money does not look there: the shop has only what the primary says.
      const { body } = await plain.get(`/v1/ledger/accounts/${shop}`)
      const more = (Number(body.available) + 0.01).toFixed(2)
      expect((await world.api.post([leg(shop, bank, more)])).status).toBe(422)
    } finally {
      await world.resume()
    }
    await world.caughtUp()
    expect(told(await read(`/v1/ledger/accounts/${shop}`)).from).toBe('replica')
  }, 240_000)

  it('is not behind while nothing happens, however long', async () => {
    await world.caughtUp()
    await sleep(LAG_MAX_MS + 500)
    expect(told(await read(`/v1/ledger/accounts/${shop}`))).toMatchObject({ from: 'replica', behind: '0' })
  }, 240_000)
})

describe('a replica that fails', () => {
  it('on the way, as when the log takes away what a long read looks at, leaves the answer to the primary', async () => {
    await world.caughtUp()
    const sources: string[] = []
    const answer = await world.desk.answer(0, async ({ db }) =>
      db.read(async (tx) => {
        const [row] = await tx.sql<{ standby: boolean; names: bigint }[]>`
          select pg_is_in_recovery() as standby, count(*) as names from ledger_templates`
        sources.push(row?.standby === true ? 'replica' : 'primary')
        if (row?.standby !== true) return Number(row?.names)
        // This lock comes by the log and waits for nobody longer than a second.
        await world.primary.owner.unsafe('alter table books.ledger_templates set (fillfactor = 90)')
        await tx.sql`select pg_sleep(30)`
        return -1
      }),
    )
    expect(sources).toEqual(['replica', 'primary'])
    expect(answer).toMatchObject({ status: 'answered', value: 0, statement: { from: 'primary', reason: 'cancelled' } })
    expect(world.watch.sight().state).toBe('serving')
  }, 240_000)

  it('because it lacks a table is no reason to fail', async () => {
    const answer = await world.desk.answer(0, ({ db }) =>
      db.read(async (tx) => {
        const [row] = await tx.sql<{ standby: boolean }[]>`select pg_is_in_recovery() as standby`
        if (row?.standby === true) await tx.sql`select 1 from a_table_that_is_not_there_yet`
        return 'here'
      }),
    )
    expect(answer).toMatchObject({ value: 'here', statement: { from: 'primary', reason: 'failed' } })
    await expect(world.desk.answer(0, ({ db }) => db.read((tx) => tx.sql`select nothing`))).rejects.toMatchObject({
      code: '42703',
    })
  }, 240_000)

  it('for good is gone around until it is back, and nobody waits for it', async () => {
    await world.stopStandby()
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(`/v1/ledger/accounts/${shop}`)))
    for (const answer of answers) {
      expect([answer.status, told(answer).from, told(answer).reason]).toEqual([200, 'primary', 'unreachable'])
    }
    const refused = await read(`/v1/ledger/accounts/${shop}`, undefined, world.refusing)
    expect([refused.status, refused.headers.get('huitong-read-reason')]).toEqual([503, 'unreachable'])
    const status = await read('/v1/ledger/replica')
    expect(status.body).toMatchObject({ replica: { state: 'unreachable', fallback: 'primary' } })
    const batch = await postCent()
    await world.startStandby()
    await world.caughtUp()
    expect(told(await read(`/v1/ledger/accounts/${shop}`, String(batch))).from).toBe('replica')
    await world.remakeStandby()
    await world.caughtUp()
    expect(told(await read(`/v1/ledger/accounts/${shop}`, String(batch))).from).toBe('replica')
    const { body } = await read('/v1/ledger/replica')
    expect(body).toMatchObject({ replica: { state: 'serving', fault: null, behindSeconds: '0', lagMaxSeconds: '4.0' } })
    expect(body.reasons).toMatchObject({ unreachable: expect.toSatisfy((count) => count >= 20) })
  }, 240_000)

  it('to be ours is found out by the hash of its last batch', async () => {
    const [ours, theirs] = await Promise.all([startLedgerWorld(), startLedgerWorld()])
    await Promise.all([ours.open('1002'), theirs.open('1002')])
    const empty = await createInstitution([committerMigrations, ledgerMigrations])
    const seen = async (replica: typeof empty) => {
      const watch = watchReplica({
        ...{ primary: ours.institution.db, replica: replica.db, committer: ours.committer, lagMaxMs: 60_000 },
        ...{ clock: systemClock(), stopwatch: () => performance.now() },
      })
      watch.note()
      await watch.look()
      return watch.sight().state
    }
    expect(await seen(ours.institution)).toBe('serving')
    expect(await seen(empty)).toBe('lagging')
    expect(await seen(theirs.institution)).toBe('diverged')
    // Further than we are, as after a restore to an earlier time.
    await theirs.open('1002')
    expect(await seen(theirs.institution)).toBe('diverged')
    await Promise.all([ours.committer.stop(), theirs.committer.stop()])
  }, 240_000)
})

describe('a wish for a batch', () => {
  it.each(['-1', '1.5', 'latest', '', '12345678901234567890', '1, 2'])('of "%s" is refused', async (wish) => {
    const answer = await read(`/v1/ledger/accounts/${shop}`, wish)
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
    expect(answer.body.errors).toMatchObject([{ field: 'Huitong-At-Least-Batch', rule: 'batch' }])
  })

  it('that nobody has yet is refused, and not waited for', async () => {
    const answer = await read(`/v1/ledger/accounts/${shop}`, '999999999')
    expect([answer.status, answer.body.errors]).toMatchObject([400, [{ rule: 'known_batch' }]])
  })
})

describe('the reference', () => {
  it('tells of every route that a replica may answer, and of every answer that names its batch', async () => {
    const { body } = await world.api.call('GET', '/openapi.json')
    const at = (...path: readonly string[]) =>
      path.reduce<unknown>((value, key) => Object.entries(value ?? {}).find(([name]) => name === key)?.[1], body)
    const account = ['paths', '/v1/ledger/accounts/{id}', 'get']
    expect(JSON.stringify(at(...account, 'parameters'))).toContain('"name":"Huitong-At-Least-Batch"')
    const headers = ['From', 'Batch', 'At', 'Behind', 'Reason'].map((name) => `Huitong-Read-${name}`)
    expect(Object.keys(Object(at(...account, 'responses', '200', 'headers')))).toEqual(headers)
    expect(JSON.stringify(at('paths', '/v1/ledger/postings', 'post', 'responses', '201'))).toContain('Huitong-Batch')
    expect(JSON.stringify(at('paths', '/v1/ledger/head', 'get'))).not.toContain('Huitong-Read')
  })
})
