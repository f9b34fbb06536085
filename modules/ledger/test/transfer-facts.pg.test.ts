import { COPY_FROM_ROWS, type CommandKind } from '@huitong/committer'
import { CNY, ok } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTransfer } from '../src/ledger-read-store.ts'
import type { Transfer } from '../src/transfer.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, startLedgerWorld } from './ledger-world.ts'

let world: LedgerWorld
let bank: number
let alice: number
let back: CommandKind<{ readonly original: number; readonly times: number }, readonly number[]>

/** Pays in and takes a part back, as one entry on an earlier day. */
function payBack(): typeof back {
  const { books } = world
  const leg = { amountMinor: 5n, currency: CNY, code: 'adjustment', reference: null } as const
  return {
    name: 'test.pay-back',
    need: ({ original }) => {
      books.needReversal({ transfer: original })
      for (const id of [bank, alice]) books.needAccount(id)
    },
    decide: ({ original, times }) => {
      const of = { transfer: original, amountMinor: 5n }
      const ids: number[] = []
      for (let round = 0; round < times; round += 1) {
        const first = books.transfer({ ...leg, debit: bank, credit: alice, entry: 'new', effectiveOn: '2026-11-22' })
        if (!first.ok) return first
        const entry = first.value.id
        const second = books.reverse({ of, entry })
        if (!second.ok) return second
        ids.push(entry, ...second.value.map(({ id }) => id))
      }
      return ok(ids)
    },
    form: JSON.stringify,
    encode: JSON.stringify,
    decode: JSON.parse,
  }
}

beforeAll(async () => {
  world = await startLedgerWorld()
  bank = await world.open('1002')
  alice = await world.open('2003', 0n)
  await world.committer.submit({ kind: world.commands.closeDay, input: { next: '2026-11-23' } })
  back = payBack()
})

afterAll(() => world.committer.stop())

async function run(times: number): Promise<readonly Transfer[]> {
  const posted = await world.committer.submit({
    kind: world.commands.post,
    input: { legs: [move(bank, alice, 1000n)], raw: true },
  })
  const original = posted.status === 'done' ? posted.answer.transfers[0] : undefined
  if (original === undefined) throw new Error('not posted')
  const outcome = await world.committer.submit({ kind: back, input: { original, times } })
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  const [entry = 0, second = 0] = outcome.answer
  const stored = await world.institution.db.read(async (tx) => [
    await findTransfer(tx, original),
    await findTransfer(tx, entry),
    await findTransfer(tx, second),
  ])
  expect(stored).toMatchObject([
    { effectiveOn: null, reverses: null, entry: null },
    { effectiveOn: '2026-11-22', reverses: null, entry },
    { effectiveOn: null, reverses: original, entry },
  ])
  return stored.flatMap((transfer) => transfer ?? [])
}

describe('a transfer that says more of itself', () => {
  it.each([1, COPY_FROM_ROWS])('is stored and verified as it was decided, %i times in a batch', async (times) => {
    await run(times)
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('is found when one of its facts was changed', async () => {
    const [plain, , second] = await run(1)
    if (plain === undefined || second === undefined) throw new Error('not stored')
    const owner = (await world.institution.dedicated({})).sql
    const changes = [
      [plain, owner`effective_on = '2026-11-22'`],
      [second, owner`effective_on = '2026-11-22'`],
      [second, owner`reverses = null`, 'reversal_differs'],
      [second, owner`reverses = reverses - 1024`, 'reversal_breaks_rule', 'reversal_differs'],
      [second, owner`entry = null`],
      [plain, owner`entry = id`],
    ] as const
    for (const [{ id }, change, ...others] of changes) {
      await owner`create table kept as select * from ledger_transfers where id = ${id}`
      await owner`update ledger_transfers set ${change} where id = ${id}`
      expect([...(await verifyLedger(world.institution.db)).counts.keys()]).toEqual(
        expect.arrayContaining(['batch_root_wrong', ...others]),
      )
      await owner`delete from ledger_transfers where id = ${id}`
      await owner`insert into ledger_transfers select * from kept`
      await owner`drop table kept`
    }
    expect((await verifyLedger(world.institution.db)).sound).toBe(true)
  })
})
