import { CNY, manualClock } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expireHolds, postScheduled } from '../src/ledger-jobs.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { findScheduled, listScheduled } from '../src/scheduled-posting-store.ts'
import { verifyLedger } from '../src/verify.ts'
import { move, promise, startLedgerWorld } from './ledger-world.ts'

const NOW = 1_800_000_000_000_000
const HOUR = 3_600_000_000

async function start() {
  const clock = manualClock(NOW)
  const world = await startLedgerWorld({ clock })
  const { committer, commands, institution, books } = world
  const job = { db: institution.db, committer, commands, clock }
  const bank = await world.open('1002')
  const purse = await world.open('2003', 0n)
  const told = (outcome: { readonly status: string; readonly refusal?: { readonly code: string } }) =>
    outcome.refusal?.code ?? outcome.status
  const post = async (...legs: readonly PostingLeg[]) =>
    committer.submit({ kind: commands.post, input: { legs, raw: false } })
  await post(move(bank, purse, 100n))
  const submit = (legs: readonly PostingLeg[], dueAt: number, raw = false, key?: string) =>
    committer.submit({
      kind: commands.schedulePosting,
      input: { legs, dueAt, raw },
      ...(key === undefined ? {} : { idempotency: { caller: 'test', key } }),
    })
  return {
    ...world,
    ...{ clock, job, bank, purse, told, post, submit },
    schedule: async (legs: readonly PostingLeg[], dueAt = NOW + HOUR) => {
      const outcome = await submit(legs, dueAt)
      if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
      return outcome.answer.scheduled
    },
    cancel: (scheduled: number) =>
      committer.submit({ kind: commands.cancelScheduled, input: { scheduled, by: 'staff:7' } }),
    find: (id: number) => institution.db.read((tx) => findScheduled(tx, id)),
    has: (account: number) => books.peekBalance(account),
    findings: async () => {
      await committer.flush()
      return (await verifyLedger(institution.db)).findings
    },
  }
}

describe('a scheduled posting', () => {
  it('is posted at its time and not before, on what the accounts have then', async () => {
    const at = await start()
    const other = await at.open('2003', 0n)
    const id = await at.schedule([move(at.purse, other, 150n)])
    expect(await at.find(id)).toMatchObject({ state: 'waiting', dueAt: NOW + HOUR, endedBatch: null })
    expect(at.has(at.purse)).toMatchObject({ creditsPosted: 100n, debitsPending: 0n })
    at.clock.advance(HOUR - 1)
    expect(await postScheduled(at.job)).toBe(0)
    // Not enough when it was asked for, and enough when it is due.
    await at.post(move(at.bank, at.purse, 60n))
    at.clock.advance(1)
    expect(await postScheduled(at.job)).toBe(1)
    const posted = await at.find(id)
    expect(posted).toMatchObject({ state: 'posted', endedBatch: at.committer.status().batch, refusal: null })
    expect(posted?.transfers).toHaveLength(1)
    expect(at.has(other)).toMatchObject({ creditsPosted: 150n })
    expect(await postScheduled(at.job)).toBe(0)
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
  })

  it('is refused at its time when the money is not there, and the others are posted all the same', async () => {
    const at = await start()
    const other = await at.open('2003', 0n)
    const ids = [
      await at.schedule([move(at.purse, other, 70n)]),
      // The first leg would do, and goes back with the second.
      await at.schedule([move(at.purse, other, 10n), move(at.purse, other, 25n)]),
      await at.schedule([move(at.purse, other, 30n)]),
    ]
    at.clock.advance(HOUR)
    expect(await postScheduled(at.job)).toBe(3)
    const found = await Promise.all(ids.map(at.find))
    expect(found.map((one) => one?.state)).toEqual(['posted', 'refused', 'posted'])
    expect(found[1]).toMatchObject({ refusal: { code: 'insufficient_funds', facts: { leg: '1' } }, transfers: null })
    expect(at.has(other)).toMatchObject({ creditsPosted: 100n })
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
  })

  it('is what can be posted at some time: what never can be is refused when it is asked for, in the words of a posting', async () => {
    const at = await start()
    const wallet = await at.openWallet()
    const dollars = { ...move(at.bank, at.purse, 1n), currency: 'USD' as never }
    const [held] = await at
      .post(promise(at.bank, at.purse, 5n, null))
      .then((outcome) => (outcome.status === 'done' ? outcome.answer.transfers : []))
    const cases: readonly (readonly [string, readonly PostingLeg[], number, boolean])[] = [
      ['due_in_the_past', [move(at.bank, at.purse, 1n)], NOW, false],
      ['due_in_the_past', [move(at.bank, at.bank, 1n)], NOW - HOUR, false],
      ['account_needs_approval', [move(at.bank, wallet, 0n)], NOW + HOUR, true],
      ['done', [move(at.bank, wallet, 1n)], NOW + HOUR, false],
      ['amount_not_positive', [move(at.bank, at.purse, 0n)], NOW + HOUR, false],
      ['amount_not_positive', [move(at.bank, at.purse, -5n)], NOW + HOUR, false],
      ['amount_too_large', [move(at.bank, at.purse, 2n ** 63n)], NOW + HOUR, false],
      ['same_account', [move(at.bank, at.bank, 1n)], NOW + HOUR, false],
      ['debit_account_unknown', [move(999 * 1024, at.purse, 1n)], NOW + HOUR, false],
      ['credit_account_unknown', [move(at.bank, 999 * 1024, 1n)], NOW + HOUR, false],
      ['currency_mismatch', [dollars], NOW + HOUR, false],
      ['hold_unknown', [{ type: 'void', hold: 999 * 1024 }], NOW + HOUR, false],
      ['done', [{ type: 'void', hold: held ?? 0 }], NOW + HOUR, false],
      ['done', [move(at.purse, at.bank, 1_000_000n)], NOW + HOUR, false],
    ]
    for (const [code, legs, dueAt, raw] of cases) {
      expect([code, at.told(await at.submit(legs, dueAt, raw))]).toEqual([code, code])
    }
    expect(at.has(at.bank)).toMatchObject({ debitsPosted: 100n })
    const rows = await at.institution.db.read((tx) => listScheduled(tx, undefined, 0, 100))
    expect(rows).toHaveLength(3)
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
  })

  it('is asked for once under a key, and by two at once', async () => {
    const at = await start()
    const legs = [move(at.bank, at.purse, 1n)]
    const both = await Promise.all([at.submit(legs, NOW + HOUR, false, 'k'), at.submit(legs, NOW + HOUR, false, 'k')])
    expect(both[0]).toMatchObject({ status: 'done' })
    expect('answer' in (both[1] ?? {}) && both[1]).toMatchObject({
      answer: both[0]?.status === 'done' && both[0].answer,
    })
    for (const [dueAt, more] of [
      [NOW + 2 * HOUR, legs],
      [NOW + HOUR, [move(at.bank, at.purse, 2n)]],
    ] as const) {
      expect(at.told(await at.submit(more, dueAt, false, 'k'))).toBe('key_conflict')
    }
    expect(await at.institution.db.read((tx) => listScheduled(tx, 'waiting', 0, 100))).toHaveLength(1)
    await at.committer.stop()
  })

  it('is cancelled before it ends, and never after', async () => {
    const at = await start()
    const id = await at.schedule([move(at.bank, at.purse, 5n)])
    expect(at.told(await at.cancel(999 * 1024))).toBe('scheduled_unknown')
    // Late is early enough while nobody has decided it.
    at.clock.advance(2 * HOUR)
    expect(at.told(await at.cancel(id))).toBe('done')
    expect(await postScheduled(at.job)).toBe(0)
    expect(await at.find(id)).toMatchObject({ state: 'cancelled', transfers: null })
    expect(await at.cancel(id)).toMatchObject({ refusal: { code: 'scheduled_ended', facts: { state: 'cancelled' } } })
    expect(at.has(at.purse)).toMatchObject({ creditsPosted: 100n })
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
  })

  it('is posted once, however often and by however many it is decided, and not when it is cancelled at once', async () => {
    const at = await start()
    const [posted, cancelled] = [
      await at.schedule([move(at.bank, at.purse, 5n)]),
      await at.schedule([move(at.bank, at.purse, 7n)]),
    ]
    at.clock.advance(HOUR)
    const decide = (...scheduled: readonly number[]) =>
      at.committer.submit({ kind: at.commands.postScheduled, input: { scheduled } })
    const outcomes = await Promise.all([
      decide(posted, posted, 999 * 1024),
      at.cancel(cancelled),
      decide(posted, cancelled),
      decide(cancelled),
    ])
    expect(outcomes.map((outcome) => (outcome.status === 'done' ? outcome.answer : outcome.status))).toEqual([
      ...[{ posted: 1, refused: 0 }, { scheduled: cancelled }, { posted: 0, refused: 0 }, { posted: 0, refused: 0 }],
    ])
    expect(at.has(at.purse)).toMatchObject({ creditsPosted: 105n })
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
  })

  it('promises, captures, increases and gives back as well, with metadata, and waits for a sum where the account does', async () => {
    const at = await start()
    const { told, clock, bank, purse } = at
    const fees = await at.open('5001')
    await at.committer.submit({ kind: at.commands.setPostingPolicy, input: { account: fees, policy: 'summarised' } })
    const placed = await at.post(promise(purse, bank, 40n, null), promise(purse, bank, 20n, null))
    const [first = 0, second = 0] = placed.status === 'done' ? placed.answer.transfers : []
    const metadata = new Map([['order', 'A-1']])
    const ids = [
      await at.schedule([promise(purse, bank, 5n, NOW + 3 * HOUR)]),
      await at.schedule([{ type: 'capture', hold: first, amountMinor: 15n, final: false, currency: CNY }]),
      await at.schedule([{ type: 'increase', hold: second, amountMinor: 3n }]),
      await at.schedule([
        { type: 'void', hold: second },
        { ...move(bank, purse, 1n), metadata },
      ]),
      await at.schedule([move(bank, fees, 9n)]),
    ]
    clock.advance(HOUR)
    expect(await postScheduled(at.job)).toBe(5)
    expect((await Promise.all(ids.map(at.find))).map((one) => one?.state)).toEqual(ids.map(() => 'posted'))
    expect(at.has(purse)).toMatchObject({ debitsPosted: 15n, debitsPending: 30n, creditsPosted: 101n })
    expect(at.has(fees)).toMatchObject({ creditsPosted: 0n })
    expect(told(await at.committer.submit({ kind: at.commands.closeDay, input: { next: '2027-02-01' } }))).toBe('done')
    expect(at.has(fees)).toMatchObject({ creditsPosted: 9n })
    clock.advance(3 * HOUR)
    expect(await expireHolds(at.job)).toBe(1)
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
  })

  it('comes out as a posting at that time would, whatever the legs', { timeout: 120_000 }, async () => {
    const at = await start()
    const others = [await at.open('2003', 0n), await at.open('2003', 0n)]
    const account = (index: number) => [at.purse, ...others][index] ?? at.bank
    const legs = fc.array(
      fc.record({ from: fc.nat({ max: 3 }), to: fc.nat({ max: 3 }), amount: fc.nat({ max: 60 }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    await fc.assert(
      fc.asyncProperty(legs, async (some) => {
        const made = some.map(({ from, to, amount }) => move(account(from), account(to), BigInt(amount)))
        const asked = await at.submit(made, at.clock.now() + HOUR)
        if (asked.status !== 'done') {
          expect(await at.post(...made)).toMatchObject({ refusal: { code: at.told(asked) } })
          return
        }
        at.clock.advance(HOUR)
        const savings = await Promise.all([at.purse, ...others].map(async (one) => at.has(one)?.sequence))
        await postScheduled(at.job)
        const scheduled = await at.find(asked.answer.scheduled)
        const moved = await Promise.all([at.purse, ...others].map(async (one) => at.has(one)?.sequence))
        if (scheduled?.state === 'refused') {
          expect(moved).toEqual(savings)
          expect(await at.post(...made)).toMatchObject({ refusal: scheduled.refusal })
        } else {
          expect(scheduled).toMatchObject({ state: 'posted' })
          expect(scheduled?.transfers).toHaveLength(made.length)
        }
      }),
      { numRuns: 60 },
    )
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
  })
})

describe('verification', () => {
  it('finds a scheduled posting that was changed, dropped, added, or came to something else', async () => {
    const at = await start()
    const [waiting, posted] = [
      await at.schedule([move(at.bank, at.purse, 5n)], NOW + 9 * HOUR),
      await at.schedule([move(at.bank, at.purse, 7n)]),
    ]
    at.clock.advance(HOUR)
    await postScheduled(at.job)
    expect(await at.findings()).toEqual([])
    await at.committer.stop()
    const owner = await at.institution.dedicated({})
    const codes = async () => [...(await verifyLedger(at.institution.db)).counts.keys()]
    const changes = [
      `update ledger_scheduled_postings set due_at = due_at + interval '1 hour' where id = ${waiting}`,
      `update ledger_scheduled_postings set legs = replace(legs, '"5"', '"6"') where id = ${waiting}`,
      `update ledger_scheduled_postings set state = 4, ended_batch = 1 where id = ${waiting}`,
      `update ledger_scheduled_postings set transfers = '{1}' where id = ${posted}`,
      `delete from ledger_scheduled_postings where id = ${posted}`,
      `insert into ledger_scheduled_postings (id, due_at, raw, legs, state) values (1025, now(), true, '[]', 1)`,
    ]
    for (const change of changes) {
      await owner.sql.unsafe('create temporary table kept as select * from ledger_scheduled_postings')
      await owner.sql.unsafe(change)
      expect([change, await codes()]).toEqual([change, ['scheduled_differs']])
      await owner.sql.unsafe(
        'delete from ledger_scheduled_postings; insert into ledger_scheduled_postings select * from kept; drop table kept',
      )
    }
    // The legs of an event, whose leaf then differs too.
    await owner.sql.unsafe(
      `update ledger_events set data = replace(data, '"7"', '"8"') where kind = 'posting_scheduled'`,
    )
    expect(await codes()).toEqual(expect.arrayContaining(['batch_root_wrong', 'scheduled_breaks_rule']))
  })
})
