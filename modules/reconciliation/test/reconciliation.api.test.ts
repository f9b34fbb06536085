import { committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { SCOPES } from '@huitong/contract'
import { type Authenticator, createHttp, createLog, type HttpApp } from '@huitong/http'
import { CNY, manualClock, publicId } from '@huitong/kernel'
import {
  createBooks,
  createLedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
  type PostingLeg,
  verifyLedger,
} from '@huitong/ledger'
import { createInstitution } from '@huitong/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addReconciliationRoutes,
  createReconciliation,
  RECONCILIATION_TIES,
  reconciliationMigrations,
} from '../src/index.ts'

const START = Date.UTC(2026, 10, 22, 4) * 1000
const ALL = `staff ${SCOPES.join(' ')}`
let world: Awaited<ReturnType<typeof start>>

const bearer: Authenticator = async ({ headers }) => {
  const [, kind, ...scopes] = (headers.authorization ?? '').split(' ')
  if (kind !== 'staff' && kind !== 'customer') return kind === undefined ? undefined : 'invalid'
  return { kind, id: `${kind}:1`, scopes: new Set(SCOPES.filter((scope) => scopes.includes(scope))) }
}

async function start() {
  const institution = await createInstitution([committerMigrations, ledgerMigrations, reconciliationMigrations])
  const { db } = institution
  const clock = manualClock(START)
  const set = new WorkingSet()
  const books = createBooks(set)
  const commands = createLedgerCommands(set, books)
  const reconciliation = createReconciliation(set, { books })
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-11-22'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  const open = async (subject: '1002' | '2003' | '6001') => {
    const input = { slot: 0, subject, currency: CNY, owner: null, floorMinor: null }
    const outcome = await committer.submit({ kind: commands.openAccount, input })
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
    return outcome.answer.account
  }
  const [bank, transit, losses] = [await open('1002'), await open('2003'), await open('6001')]
  const http: HttpApp = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [bearer],
    approvals: 'unwatched',
  })
  const heard: number[] = []
  const onDifferences = async (_: unknown, { id }: { readonly id: number }) => {
    heard.push(id)
  }
  addReconciliationRoutes(http, { db, committer, reconciliation, clock, onDifferences })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  let keys = 0
  return {
    ...{ institution, db, clock, committer, http, heard, bank, transit, losses },
    /** Money that comes to, or with an amount below zero leaves, the bank account; its transfer. */
    move: async (minor: bigint, reference: string) => {
      const [debit, credit] = minor > 0n ? [bank, transit] : [transit, bank]
      const leg: PostingLeg = {
        ...{ type: 'transfer', debit, credit, amountMinor: minor < 0n ? -minor : minor, currency: CNY },
        ...{ code: 'adjustment', reference: null, expiresAt: null, metadata: new Map([['reference', reference]]) },
      }
      const outcome = await committer.submit({ kind: commands.post, input: { legs: [leg], raw: false } })
      if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
      return publicId('tran', outcome.answer.transfers[0] ?? 0)
    },
    closeDay: async (next: string) => {
      clock.advance(86_400_000_000)
      await committer.submit({ kind: commands.closeDay, input: { next } })
    },
    balance: async () => {
      await committer.flush()
      const [row] = await db.read(
        ({ sql }) => sql<{ minor: bigint }[]>`
          select debits_posted - credits_posted as minor from ledger_balances where account_id = ${bank}`,
      )
      return row?.minor
    },
    ask: async (method: 'GET' | 'POST', path: string, body?: object, as: string | null = ALL, key?: string) => {
      keys += 1
      const answer = await fetch(`http://127.0.0.1:${port}/v1/reconciliation/${path}`, {
        method,
        headers: {
          ...(as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': key ?? `k${keys}` } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const parsed: Record<string, unknown> & { items?: readonly Record<string, unknown>[] } = JSON.parse(
        await answer.text(),
      )
      return { status: answer.status, body: parsed }
    },
    stop: async () => {
      await http.drain(1000)
      await committer.stop()
    },
  }
}

beforeAll(async () => {
  world = await start()
})

afterAll(async () => {
  await world.committer.flush()
  expect((await verifyLedger(world.db, { ties: RECONCILIATION_TIES })).findings).toEqual([])
  await world.stop()
})

const csv = (...rows: readonly string[]) => ['day,amount,reference,text', ...rows].join('\n')
const send = (content: string, more: object = {}) =>
  world.ask('POST', 'statements', { account: publicId('acct', world.bank), format: 'csv', content, ...more })
const differences = async (query: string) => (await world.ask('GET', `differences?${query}`)).body.items ?? []

describe('a statement over HTTP', () => {
  it('agrees where it does, and each difference is named', async () => {
    const lost = await world.move(700n, 'PAY-2026-0004')
    await world.move(10_000n, 'PAY-2026-0001')
    const cent = await world.move(5_000n, 'PAY-2026-0002')
    await world.move(-2_500n, 'PAY-2026-0003')
    await world.move(300n, 'BATCH-7')
    await world.move(400n, 'BATCH-7')
    const content = csv(
      ...['2026-11-22,100.00,pay/2026/0001,Zhang', '2026-11-22,50.01,PAY-2026-0002,"Wang, ""Fang"""'],
      ...['2026-11-24,-25.00,PAY-2O26-0003,', '2026-11-22,7.00,BATCH-7,', '2026-11-22,9.99,UNKNOWN-1,nobody knows'],
    )
    const done = await send(content)
    expect(done).toMatchObject({ status: 201, body: { lines: 5, matched: 3, differing: 3, firstDay: '2026-11-22' } })
    const id = String(done.body.id)
    expect((await world.ask('GET', `statements/${id}`)).body.rules).toEqual({
      ...{ exact: 1, reference: 0, group: 1, similar_reference: 1, amount: 0 },
    })
    expect(await differences(`statement=${id}`)).toMatchObject([
      { kind: 'amount_differs', state: 'open', line: 3, transfer: cent, amount: '0.01', text: 'Wang, "Fang"' },
      { kind: 'missing_in_ledger', line: 6, transfer: null, amount: '9.99', reference: 'UNKNOWN-1' },
      { kind: 'missing_in_statement', line: null, transfer: lost, amount: '-7.00' },
    ])
    expect(world.heard).toHaveLength(1)
    // The same file again, also by two at once, is the same statement.
    const again = await Promise.all([send(content), send(content)])
    expect(again.map(({ body }) => body.id)).toEqual([id, id])
    expect((await world.ask('GET', 'statements')).body.items).toHaveLength(1)
  })

  it('finds in a later one what the earlier one lacked, and takes nothing twice', async () => {
    await world.closeDay('2026-11-23')
    const late = await send(csv('2026-11-23,7.00,PAY-2026-0004,', '2026-11-23,100.00,PAY-2026-0001,twice'))
    expect(late.body).toMatchObject({ lines: 2, matched: 1, differing: 1 })
    const all = await differences('limit=200')
    expect(all.map(({ kind, state }) => `${String(kind)} ${String(state)}`)).toEqual([
      ...[
        'amount_differs open',
        'missing_in_ledger open',
        'missing_in_statement matched_later',
        'missing_in_ledger open',
      ],
    ])
    const over = all.find(({ state }) => state === 'matched_later')
    const settled = await world.ask('POST', `differences/${String(over?.id)}/settle`, { note: 'late' })
    expect([settled.status, settled.body.code]).toEqual([409, 'difference_resolved'])
  })

  it('is booked, written off or explained once, and the books agree', async () => {
    const [cent, unknown, twice] = await differences('state=open')
    const before = await world.balance()
    const [transit, losses] = [publicId('acct', world.transit), publicId('acct', world.losses)]
    const book = (id: unknown, against: string, key?: string) =>
      world.ask('POST', `differences/${String(id)}/book`, { against, note: 'rounding of the bank' }, ALL, key)
    const both = await Promise.all([book(cent?.id, losses, 'one'), book(cent?.id, losses, 'two')])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(await book(unknown?.id, transit)).toMatchObject({
      status: 200,
      body: { transfer: expect.stringMatching(/^tran_/) },
    })
    expect(await world.balance()).toBe((before ?? 0n) + 1n + 999n)
    const noted = await world.ask('POST', `differences/${String(twice?.id)}/settle`, { note: 'the bank took it back' })
    expect(noted).toMatchObject({ status: 200, body: { transfer: null } })
    expect(await differences('state=open')).toEqual([])
    expect(await differences('state=noted')).toMatchObject([{ note: 'the bank took it back' }])
    expect((await book('rdif_0000zzzzz00r', losses)).status).toBe(404)
  })

  it('must have in the ledger what it says that it booked', async () => {
    const owner = (await world.institution.dedicated({})).sql
    const found = async () =>
      (await verifyLedger(world.db, { ties: RECONCILIATION_TIES })).findings.map(({ what }) => what)
    await world.committer.flush()
    expect(await found()).toEqual([])
    for (const change of ['minor = minor + 1', 'minor = -2 * minor']) {
      const [row] = await owner.unsafe<{ id: bigint; minor: bigint }[]>(
        `select id, minor from reconciliation_differences where id in (
           select difference_id from reconciliation_resolutions where way = 'booked') limit 1`,
      )
      await owner.unsafe(`update reconciliation_differences set ${change} where id = ${row?.id}`)
      expect(await found()).toEqual([`reconciliation.bookings of difference ${row?.id}`])
      await owner.unsafe(`update reconciliation_differences set minor = ${row?.minor} where id = ${row?.id}`)
    }
  })

  it('ages while nobody settles what differs', async () => {
    await send(csv('2026-11-23,1.23,NOBODY,'))
    world.clock.advance(3 * 86_400_000_000)
    expect(await differences('state=open')).toMatchObject([{ ageDays: 3, amount: '1.23' }])
  })

  it.each([
    ['', 'content'],
    ['a,b,c\n', 'line 1'],
    ['day,amount\n2026-11-22,1.00', 'line 1'],
    ['day,amount,reference,more\n2026-11-22,1.00,x,y', 'no column more'],
    ['day,amount,reference\n', 'no line'],
    ['day,amount,reference\n2026-13-22,1.00,x', 'line 2: day'],
    ['day,amount,reference\n2026-11-22,1.001,x', 'line 2: amount'],
    ['day,amount,reference\n2026-11-22,1e3,x', 'line 2: amount'],
    ['day,amount,reference\n2026-11-22,0.00,x', 'line 2: amount'],
    ['day,amount,reference\n2026-11-22,99999999999999999999.00,x', 'line 2: amount'],
    ['day,amount,reference\n2026-11-22,1.00,x,y', 'line 2: has not 3'],
    ['day,amount,reference\n2026-11-22,1.00,"x', 'line 2'],
  ])('is refused as %j', async (content, told) => {
    const answer = await send(content)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain(told)
  })

  it('is refused as camt.053 that is none, and for an account that is not there', async () => {
    const answer = await send('<Document/>', { format: 'camt.053' })
    expect([answer.status, JSON.stringify(answer.body).includes('camt.053')]).toEqual([400, true])
    expect((await send(csv('2026-11-22,1.00,x,'), { account: 'acct_0000zzzzz00r' })).status).toBe(404)
    expect((await send(csv('2026-11-22,1.00,x,'), { windowDays: 32 })).status).toBe(400)
  })

  it.each([
    [null, 401],
    ['customer reconciliation:read', 403],
    ['staff', 403],
    ['staff reconciliation:read', 200],
  ])('is read by %s: %i', async (as, status) => {
    expect((await world.ask('GET', 'statements', undefined, as)).status).toBe(status)
    expect((await world.ask('GET', 'differences', undefined, as)).status).toBe(status)
  })

  it('is worked on by staff who may, and settled by two of them', async () => {
    const reader = 'staff reconciliation:read'
    expect((await world.ask('POST', 'differences/rdif_00000000300r/settle', { note: 'x' }, reader)).status).toBe(403)
    const posts = world.http.routes.filter(
      ({ method, url }) => method === 'POST' && url.startsWith('/v1/reconciliation/'),
    )
    expect(posts.filter(({ access }) => access.fourEyes === true).map(({ url }) => url)).toEqual([
      ...['/v1/reconciliation/differences/:id/book', '/v1/reconciliation/differences/:id/settle'],
    ])
  })
})
