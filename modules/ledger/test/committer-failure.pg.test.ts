import {
  type CommandKind,
  type CommitterOptions,
  committerMigrations,
  linkedKind,
  linkedMember,
  startCommitter,
  WorkingSet,
} from '@huitong/committer'
import { CNY, ok, systemClock } from '@huitong/kernel'
import { quoteName } from '@huitong/pg'
import { createInstitution, type TestInstitution, testDatabase } from '@huitong/testing'
import { afterEach, describe, expect, it } from 'vitest'
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

/** A committer with a command whose event PostgreSQL refuses to store, and access to its connections. */
async function start(
  institution: TestInstitution,
  options: Partial<Pick<CommitterOptions, 'heads' | 'interactiveQueueMax'>> = {},
) {
  const set = new WorkingSet()
  const commands = createLedgerCommands(set, createBooks(set))
  const poison: CommandKind<{ readonly body: string }, string> = {
    name: 'test.poison',
    need: () => undefined,
    decide: ({ body }) => {
      set.emit({ topic: 'test', key: 'k', body })
      return ok('written')
    },
    form: ({ body }) => body,
    encode: (answer) => answer,
    decode: (text) => text,
  }
  const broken: typeof poison = {
    ...poison,
    name: 'test.broken',
    decide: () => {
      set.emit({ topic: 'test', key: 'k', body: '{}' })
      throw new Error('an invariant is broken')
    },
  }
  const connections: Awaited<ReturnType<TestInstitution['dedicated']>>[] = []
  const committer = await startCommitter({
    set,
    heads: ledgerHeadStore('2026-11-22'),
    connect: async () => {
      const connection = await institution.dedicated()
      connections.push(connection)
      return connection
    },
    holder: 'test',
    clock: systemClock(),
    ...options,
  })
  running.push(committer)
  const open = async (floorMinor: bigint | null) => {
    const input = { slot: 0, subject: '2003', currency: CNY, owner: null, floorMinor } as const
    const opened = await committer.submit({ kind: commands.openAccount, input })
    if (opened.status !== 'done') throw new Error(JSON.stringify(opened))
    return opened.answer.account
  }
  return { committer, commands, poison, broken, connections, open }
}

function institution() {
  return createInstitution([committerMigrations, ledgerMigrations])
}

describe('a command that PostgreSQL refuses to store', () => {
  it('becomes a case alone; its neighbours commit', async () => {
    const home = await institution()
    const { committer, commands, poison, open } = await start(home)
    const source = await open(null)
    const target = await open(0n)
    const neighbour = () =>
      committer.submit({ kind: commands.post, input: { legs: [move(source, target, 5n)], raw: true } })
    const outcomes = await Promise.all([
      neighbour(),
      neighbour(),
      committer.submit({ kind: poison, input: { body: 'this is not JSON' } }),
      neighbour(),
      committer.submit({ kind: poison, input: { body: '{}' } }),
    ])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', 'done', 'failed', 'done', 'done'])
    const view = await home.db.read((tx) => findAccount(tx, target))
    expect(view?.balance.creditsPosted).toBe(15n)
    const cases = await home.db.read((tx) => tx.sql`select kind, input_form from committer_cases`)
    expect([...cases]).toEqual([{ kind: 'test.poison', input_form: 'this is not JSON' }])
  })
})

describe('a command that breaks an invariant', () => {
  it('fails alone and leaves nothing', async () => {
    const home = await institution()
    const { committer, broken, open } = await start(home)
    const [failed] = await Promise.all([committer.submit({ kind: broken, input: { body: 'x' } }), open(null)])
    expect(failed.status).toBe('failed')
    const events = await home.db.read((tx) => tx.sql`select 1 from committer_outbox`)
    expect(events).toHaveLength(0)
  })
})

describe('a linked group', () => {
  it('stands or falls together and names the member that refused', async () => {
    const home = await institution()
    const { committer, commands, open } = await start(home)
    const source = await open(null)
    const target = await open(0n)
    const post = (debit: number, credit: number, amountMinor: bigint) =>
      linkedMember({ kind: commands.post, input: { legs: [move(debit, credit, amountMinor)], raw: true } })
    const refused = await committer.submit({
      kind: linkedKind,
      input: [post(source, target, 10n), post(target, source, 11n)],
    })
    expect(refused).toMatchObject({
      status: 'refused',
      refusal: { code: 'insufficient_funds', facts: { linked_index: '1' } },
    })
    const done = await committer.submit({
      kind: linkedKind,
      input: [post(source, target, 10n), post(target, source, 10n)],
    })
    expect(done.status).toBe('done')
    const view = await home.db.read((tx) => findAccount(tx, target))
    expect(view?.balance).toMatchObject({ creditsPosted: 10n, debitsPosted: 10n, sequence: 2 })
  })
})

describe('two holders', () => {
  it('the earlier one steps down at its next batch and writes nothing', async () => {
    const home = await institution()
    const first = await start(home)
    const source = await first.open(null)
    const target = await first.open(0n)
    const second = await start(home)
    const post = { kind: first.commands.post, input: { legs: [move(source, target, 5n)], raw: true } }
    expect((await first.committer.submit(post)).status).toBe('unavailable')
    expect(first.committer.status().state).toBe('stepped_down')
    expect((await first.committer.submit(post)).status).toBe('unavailable')
    const again = { kind: second.commands.post, input: post.input }
    expect((await second.committer.submit(again)).status).toBe('done')
    const rows = await home.db.read((tx) => tx.sql`select 1 from ledger_transfers`)
    expect(rows).toHaveLength(1)
  })
})

describe('a holder that was killed', () => {
  it('loses no balance that was not written back', async () => {
    const home = await institution()
    const first = await start(home)
    const source = await first.open(null)
    const target = await first.open(0n)
    for (let n = 0; n < 20; n += 1) {
      const input = { legs: [move(source, target, 5n)], raw: true }
      await first.committer.submit({ kind: first.commands.post, input })
    }
    for (const connection of first.connections) await connection.close()
    const second = await start(home)
    const spent = await second.committer.submit({
      kind: second.commands.post,
      input: { legs: [move(target, source, 100n)], raw: true },
    })
    expect(spent.status).toBe('done')
    const more = await second.committer.submit({
      kind: second.commands.post,
      input: { legs: [move(target, source, 1n)], raw: true },
    })
    expect(more).toMatchObject({ status: 'refused', refusal: { code: 'insufficient_funds' } })
  })
})

describe('a lost connection', () => {
  it('is opened again, and every command that was asked is answered with what became of it', async () => {
    const home = await institution()
    const { committer, commands, connections, open } = await start(home)
    const source = await open(null)
    const target = await open(0n)
    const asked = Array.from({ length: 300 }, (_, n) =>
      (async () => {
        await new Promise((resolve) => setTimeout(resolve, n % 30))
        if (n === 150) for (const connection of connections) void connection.close()
        return committer.submit({
          kind: commands.post,
          input: { legs: [move(source, target, 1n)], raw: true },
          idempotency: { caller: 'test', key: String(n) },
        })
      })(),
    )
    const outcomes = await Promise.all(asked)
    expect(outcomes.every((outcome) => outcome.status === 'done')).toBe(true)
    const view = await home.db.read((tx) => findAccount(tx, target))
    expect(view?.balance.creditsPosted).toBe(300n)
  })
})

describe('a full queue', () => {
  it('refuses at once with nothing written', async () => {
    const home = await institution()
    const { committer, commands, open } = await start(home, { interactiveQueueMax: 10 })
    const source = await open(null)
    const target = await open(0n)
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () =>
        committer.submit({ kind: commands.post, input: { legs: [move(source, target, 1n)], raw: true } }),
      ),
    )
    const done = outcomes.filter((outcome) => outcome.status === 'done').length
    expect(outcomes.filter((outcome) => outcome.status === 'overloaded')).toHaveLength(30 - done)
    expect(done).toBeGreaterThanOrEqual(10)
    expect(done).toBeLessThan(30)
    const view = await home.db.read((tx) => findAccount(tx, target))
    expect(view?.balance.creditsPosted).toBe(BigInt(done))
  })
})

describe('a full disk', () => {
  it('is told at once, with nothing written, and work goes on when there is room again', async () => {
    const home = await institution()
    const name = `${quoteName(home.schema)}.fail_for_want_of_room`
    const owner = testDatabase().owner
    await owner.unsafe(`
      create function ${name}() returns boolean language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`)
    const store = ledgerHeadStore('2026-11-22')
    let full = false
    const heads: typeof store = {
      ...store,
      advance: (sql, previous, next, seal, rows) => {
        const failing = sql`
          insert into committer_outbox (batch, position, topic, key, body)
          select 0, 0, 'none', 'none', '{}' where fail_for_want_of_room()`
        return store.advance(sql, previous, next, seal, full ? [...rows, failing] : rows)
      },
    }
    const { committer, commands, open } = await start(home, { heads })
    const source = await open(null)
    const target = await open(0n)
    const post = () => committer.submit({ kind: commands.post, input: { legs: [move(source, target, 1n)], raw: true } })
    full = true
    expect(await Promise.all([post(), post()])).toEqual([{ status: 'unavailable' }, { status: 'unavailable' }])
    full = false
    expect((await post()).status).toBe('done')
    const view = await home.db.read((tx) => findAccount(tx, target))
    expect(view?.balance.creditsPosted).toBe(1n)
  })
})
