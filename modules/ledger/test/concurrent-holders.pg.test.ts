import { type CommitterOptions, committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { CNY, systemClock } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { liveBalances } from '../src/balance-reader.ts'
import { createBooks } from '../src/books.ts'
import { ledgerHeadStore } from '../src/head-store.ts'
import { createLedgerCommands } from '../src/ledger-commands.ts'
import { findAccount } from '../src/ledger-read-store.ts'
import { ledgerMigrations } from '../src/migrations.ts'
import { move } from './ledger-world.ts'

const running: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const committer of running.splice(0)) await committer.stop()
})

const store = ledgerHeadStore('2026-11-22')

async function start(home: TestInstitution, options: Partial<CommitterOptions> = {}) {
  const set = new WorkingSet()
  const books = createBooks(set)
  const commands = createLedgerCommands(set, books)
  const committer = await startCommitter({
    ...{ set, heads: store, connect: () => home.dedicated(), holder: 'test', clock: systemClock() },
    ...options,
  })
  running.push(committer)
  const open = async (floorMinor: bigint | null) => {
    const input = { slot: 0, subject: '2003', currency: CNY, owner: null, floorMinor } as const
    const opened = await committer.submit({ kind: commands.openAccount, input })
    if (opened.status !== 'done') throw new Error(JSON.stringify(opened))
    return opened.answer.account
  }
  const post = (debit: number, credit: number, amountMinor: bigint) =>
    committer.submit({ kind: commands.post, input: { legs: [move(debit, credit, amountMinor)], raw: true } })
  return { committer, books, open, post }
}

function institution(): Promise<TestInstitution> {
  return createInstitution([committerMigrations, ledgerMigrations])
}

/** Resolves to undefined when an answer stays away: a client that is never answered is the failure looked for here. */
async function within<T>(millis: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), millis)
  })
  const first = await Promise.race([answer, late])
  clearTimeout(timer)
  return first
}

describe('an earlier holder', () => {
  it('steps down also when the new one has committed batches already, and spends nothing twice', async () => {
    const home = await institution()
    const first = await start(home)
    const source = await first.open(null)
    const target = await first.open(0n)
    expect((await first.post(source, target, 100n)).status).toBe('done')
    const second = await start(home)
    expect((await second.post(target, source, 100n)).status).toBe('done')
    expect((await first.post(target, source, 100n)).status).toBe('unavailable')
    expect((await first.post(target, source, 100n)).status).toBe('unavailable')
    expect(first.committer.status().state).toBe('stepped_down')
    expect((await second.post(target, source, 1n)).status).toBe('refused')
    const view = await home.db.read((tx) => findAccount(tx, target))
    expect(view?.balance).toMatchObject({ creditsPosted: 100n, debitsPosted: 100n })
  })

  it('makes no case of what it could not commit', async () => {
    const home = await institution()
    const first = await start(home)
    const source = await first.open(null)
    const target = await first.open(0n)
    const second = await start(home)
    await second.post(source, target, 1n)
    await first.post(source, target, 1n)
    const cases = await home.db.read((tx) => tx.sql`select 1 from committer_cases`)
    expect(cases).toHaveLength(0)
  })

  it('answers every command that it has, also those decided while the refused batch was in flight', async () => {
    const home = await institution()
    const first = await start(home, { batchMax: 70 })
    const source = await first.open(null)
    const target = await first.open(0n)
    await start(home)
    const asked = Promise.all(Array.from({ length: 280 }, () => first.post(source, target, 1n)))
    const outcomes = await within(5000, asked)
    expect(outcomes?.map((outcome) => outcome.status)).toEqual(Array.from({ length: 280 }, () => 'unavailable'))
  })

  it('answers the command of a batch that was lost with its connection', async () => {
    const home = await institution()
    const connections: Awaited<ReturnType<TestInstitution['dedicated']>>[] = []
    let gate: Promise<void> = Promise.resolve()
    const connect = async () => {
      await gate
      const connection = await home.dedicated()
      connections.push(connection)
      return connection
    }
    const first = await start(home, { connect })
    const source = await first.open(null)
    const target = await first.open(0n)
    let letIn: () => void = () => undefined
    gate = new Promise((resolve) => {
      letIn = resolve
    })
    const [writer] = connections
    await writer?.close()
    const asked = first.post(source, target, 1n)
    await start(home)
    letIn()
    expect(await within(5000, asked)).toEqual({ status: 'unavailable' })
  })
})

/** An insert of nothing that takes its time. */
function sleep(sql: Sql) {
  return sql`
    insert into committer_outbox (batch, position, topic, key, body)
    select 0, 0, 'none', 'none', '{}' where pg_sleep(0.3) is null`
}

describe('a look at memory', () => {
  it('never sees a batch that is still on its way, also while the next one is decided', async () => {
    const home = await institution()
    // Each batch takes a while to commit, so that the next one is decided long before.
    const slow: typeof store = {
      ...store,
      advance: (sql, previous, next, seal, rows) => store.advance(sql, previous, next, seal, [...rows, sleep(sql)]),
    }
    const { committer, books, open, post } = await start(home, { heads: slow })
    const source = await open(null)
    const target = await open(0n)
    const asked = [post(source, target, 1n)]
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (let n = 0; n < 70; n += 1) asked.push(post(source, target, 1n))
    await new Promise((resolve) => setTimeout(resolve, 100))
    const seen = await committer.view(() => books.peekBalance(target)?.creditsPosted ?? 0n)
    const [row] = await home.db.read(
      (tx) => tx.sql<{ count: bigint }[]>`select count(*) from ledger_transfers where credit_account = ${target}`,
    )
    expect(row?.count).toBeGreaterThanOrEqual(seen ?? 0n)
    await Promise.all(asked)
  })

  it('is answered when the batch for which it waits is refused because another process took over', async () => {
    const home = await institution()
    const slow: typeof store = {
      ...store,
      advance: (sql, previous, next, seal, rows) => store.advance(sql, previous, next, seal, [...rows, sleep(sql)]),
    }
    const first = await start(home, { heads: slow })
    const source = await first.open(null)
    const target = await first.open(0n)
    await start(home)
    const asked = first.post(source, target, 1n)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const looked = first.committer
      .view(() => true)
      .then(
        () => 'answered',
        () => 'answered',
      )
    expect(await within(3000, looked)).toBe('answered')
    await asked
  })

  it('of a committer that stepped down is no source of balances any more', async () => {
    const home = await institution()
    const first = await start(home)
    const source = await first.open(null)
    const target = await first.open(0n)
    await first.post(source, target, 100n)
    const second = await start(home)
    expect((await first.post(source, target, 1n)).status).toBe('unavailable')
    expect((await second.post(target, source, 60n)).status).toBe('done')
    const view = await home.db.read((tx) => findAccount(tx, target, liveBalances(first.committer, first.books)))
    expect(view?.balance).toMatchObject({ creditsPosted: 100n, debitsPosted: 60n })
  })
})
