import { type CommandKind, committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { answerCodec, SCOPES } from '@huitong/contract'
import { type Authenticator, createHttp, createLog } from '@huitong/http'
import { CNY, canonicalJson, manualClock, ok, seededChance } from '@huitong/kernel'
import {
  adoptChart,
  createBooks,
  createLedgerCommands,
  followCalendar,
  ledgerHeadStore,
  ledgerMigrations,
  type SubjectCode,
  type TransferCode,
} from '@huitong/ledger'
import { createInstitution } from '@huitong/testing'
import Type from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addReserveRoutes, createReserve, reportReserveDays, reserveMigrations, watchReserve } from '../src/index.ts'

/** A Monday morning in Beijing. */
const START = Date.UTC(2026, 2, 16, 1, 0, 0) * 1000
const DAY = 86_400_000_000

const bearer: Authenticator = async ({ headers }) => {
  const [, kind, ...words] = (headers.authorization ?? '').split(' ')
  if (kind !== 'staff') return undefined
  return { kind, id: 'staff:1', scopes: new Set(SCOPES.filter((scope) => words.includes(scope))) }
}

interface Move {
  readonly debit: SubjectCode
  readonly credit: SubjectCode
  readonly amountMinor: bigint
  readonly code: TransferCode
}

async function startReserveWorld() {
  const institution = await createInstitution([committerMigrations, ledgerMigrations, reserveMigrations])
  const clock = manualClock(START)
  const set = new WorkingSet()
  const books = createBooks(set)
  const commands = createLedgerCommands(set, books)
  const reserve = createReserve(set, { books })
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-03-16'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  const { db } = institution
  await adoptChart({ db, committer, commands, kind: 'wallet_platform' })
  const http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [bearer],
    approvals: 'unwatched',
  })
  addReserveRoutes(http, { db, committer, reserve })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  const chance = seededChance(3)

  /** Moves fen between subjects, whose accounts are opened when they are needed. */
  const move: CommandKind<Move, object> = {
    name: 'test.move',
    need: () => undefined,
    decide: ({ debit, credit, amountMinor, code }) => {
      const account = (subject: SubjectCode): number => {
        const owner = subject.startsWith('200') && subject !== '2003' ? 'customer:1' : null
        books.needAccountsOf(subject, owner)
        const [found] = books.accountsOf(subject, owner)
        if (found !== undefined) return found.id
        const floorMinor = subject.startsWith('100') ? 0n : null
        const opened = books.openAccount({ slot: 0, subject, currency: CNY, owner, floorMinor })
        if (!opened.ok) throw new Error(opened.error.code)
        return opened.value.id
      }
      const sides = { debit: account(debit), credit: account(credit) }
      const moved = books.transfer({ ...sides, amountMinor, currency: CNY, code, reference: null })
      return moved.ok ? ok({}) : moved
    },
    form: ({ amountMinor, ...rest }) => canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(Type.Object({})),
  }

  return {
    committer,
    post: async (debit: SubjectCode, credit: SubjectCode, amountMinor: bigint, code: TransferCode = 'adjustment') => {
      const outcome = await committer.submit({ kind: move, input: { debit, credit, amountMinor, code } })
      if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
    },
    watch: () => watchReserve({ db, committer, reserve }),
    report: () => reportReserveDays({ db, committer, reserve }),
    nextDay: async () => {
      clock.advance(DAY)
      await followCalendar({ committer, commands, clock })
    },
    stopped: async () => {
      const rows = await db.read((tx) => tx.sql<{ stopped: boolean }[]>`select stopped from reserve_guard`)
      return rows[0]?.stopped
    },
    topics: async () => {
      const rows = await db.read(
        (tx) =>
          tx.sql<
            { topic: string }[]
          >`select topic from committer_outbox where topic like 'reserve%' order by batch, position`,
      )
      return rows.map(({ topic }) => topic)
    },
    ask: async (method: 'GET' | 'POST', path: string, body?: object, scopes = 'reserve:read reserve:operate') => {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/reserve${path}`, {
        method,
        headers: {
          authorization: `Bearer staff ${scopes}`,
          ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': chance.uuid() } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const parsed: Readonly<Record<string, unknown>> = JSON.parse(await answer.text())
      return { status: answer.status, body: parsed }
    },
    routes: () => http.routes,
    stop: async () => {
      await http.drain(1000)
      await committer.stop()
    },
  }
}

let world: Awaited<ReturnType<typeof startReserveWorld>>

beforeAll(async () => {
  world = await startReserveWorld()
})

afterAll(() => world.stop())

const position = async () => (await world.ask('GET', '')).body

describe('the reserve', () => {
  it('covers what customers have, and fees are beyond that', async () => {
    expect(await position()).toMatchObject({ customers: '0.00', reserve: '0.00', surplus: '0.00', stopped: false })
    await world.post('1001', '2001', 100_000n, 'top_up')
    await world.post('2001', '2002', 40_000n, 'payment')
    await world.post('2002', '5001', 240n, 'merchant_fee')
    // A withdrawal that its window has not settled, and a partner that owes us.
    await world.post('2001', '2003', 5_000n, 'bank_withdrawal')
    await world.post('1102', '2002', 700n, 'partner_payment')
    expect(await position()).toMatchObject({
      ...{ customers: '954.60', reserve: '1000.00', inTransit: '-43.00', surplus: '2.40', stopped: false },
    })
    expect([await world.watch(), await world.stopped()]).toEqual([false, undefined])
  })

  it('gives up what is beyond that, and not a fen more', async () => {
    expect((await world.ask('POST', '/releases', { amount: '2.41' })).body.code).toBe('more_than_surplus')
    const both = await Promise.all(['1.50', '1.50'].map((amount) => world.ask('POST', '/releases', { amount })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expect(await position()).toMatchObject({ reserve: '998.50', surplus: '0.90' })
    for (const amount of ['0.00', '-1.00', '1.001', 'x']) {
      expect((await world.ask('POST', '/releases', { amount })).status).toBe(400)
    }
  })

  it('stops payouts while it is short, tells once, and lets them go on when it is covered', async () => {
    // Paid out of the reserve for customers, as a campaign that nobody provided for.
    await world.post('6007', '2001', 1_000n)
    expect([await world.watch(), await world.stopped()]).toEqual([true, true])
    expect([await world.watch(), await position()]).toMatchObject([false, { surplus: '-9.10', stopped: true }])
    expect((await world.ask('POST', '/releases', { amount: '0.01' })).body.code).toBe('more_than_surplus')
    expect((await world.ask('POST', '/contributions', { amount: '9.10' })).body.code).toBe('own_deposits_short')
    await world.post('1002', '4001', 5_000n)
    expect(await world.ask('POST', '/contributions', { amount: '9.09' })).toMatchObject({
      ...{ status: 201, body: { surplus: '-0.01' } },
    })
    expect(await world.stopped()).toBe(true)
    expect((await world.ask('POST', '/contributions', { amount: '0.01' })).body.surplus).toBe('0.00')
    expect([await world.stopped(), await world.watch()]).toEqual([false, false])
    expect(await world.topics()).toEqual(['reserve.short', 'reserve.covered'])
  })

  it('is reported day by day, once, as of the end of the day', async () => {
    expect(await world.report()).toBe(1)
    await world.nextDay()
    await world.post('1001', '2001', 100n, 'top_up')
    expect([await world.report(), await world.report()]).toEqual([1, 0])
    const { items } = (await world.ask('GET', '/days')).body
    expect(items).toMatchObject([
      { day: '2026-03-16', customers: '964.60', surplus: '0.00' },
      { day: '2026-03-15', customers: '0.00', reserve: '0.00' },
    ])
    const first = await world.ask('GET', '/days?limit=1')
    const next = await world.ask('GET', `/days?limit=1&cursor=${String(first.body.nextCursor)}`)
    expect(next.body.items).toMatchObject([{ day: '2026-03-15' }])
    expect((await world.ask('GET', '/days?cursor=nonsense')).status).toBe(400)
  })

  it('is read and moved by those who may, and moved by two', async () => {
    expect((await world.ask('GET', '', undefined, 'ledger:read')).status).toBe(403)
    expect((await world.ask('POST', '/releases', { amount: '1.00' }, 'reserve:read')).status).toBe(403)
    const moving = world.routes().filter(({ method }) => method === 'POST')
    expect(moving.map(({ access }) => access.fourEyes)).toEqual([true, true])
  })
})
