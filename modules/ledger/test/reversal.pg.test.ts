import { CNY, currencyCode } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { normalBalance } from '../src/account.ts'
import { findAccount } from '../src/ledger-read-store.ts'
import type { ReversalTarget } from '../src/reversal.ts'
import type { TransferLeg } from '../src/reversal-command.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

let world: LedgerWorld
let bank: number
let alice: number
let bob: number

beforeAll(async () => {
  world = await startLedgerWorld()
  bank = await world.open('1002')
  alice = await world.open('2003', 0n)
  bob = await world.open('2003', 0n)
  await post(move(bank, alice, 10_000n))
})

afterAll(() => world.committer.stop())

async function post(leg: ReturnType<typeof move>): Promise<number> {
  const outcome = await world.committer.submit({ kind: world.commands.post, input: { legs: [leg], raw: true } })
  const id = outcome.status === 'done' ? outcome.answer.transfers[0] : undefined
  if (id === undefined) throw new Error(JSON.stringify(outcome))
  return id
}

function reverse(of: ReversalTarget, key?: string) {
  return world.committer.submit({
    kind: world.commands.reverse,
    input: { of, raw: true },
    ...(key === undefined ? {} : { idempotency: { caller: 'test', key } }),
  })
}

function correct(of: ReversalTarget, ...moves: readonly (readonly [number, number, bigint])[]) {
  const legs = moves.map(([debit, credit, amountMinor]): TransferLeg => {
    return {
      type: 'transfer',
      ...{ debit, credit, amountMinor, currency: CNY, code: 'adjustment', reference: null, expiresAt: null },
    }
  })
  return world.committer.submit({ kind: world.commands.correct, input: { of, legs, raw: true } })
}

async function balance(id: number): Promise<bigint> {
  const view = await world.institution.db.read((tx) => findAccount(tx, id))
  if (view === undefined) throw new Error('no account')
  return normalBalance(view.account, view.balance)
}

async function balances(): Promise<readonly bigint[]> {
  return Promise.all([bank, alice, bob].map(balance))
}

function code(outcome: Awaited<ReturnType<typeof reverse>>): string {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

describe('a reversal', () => {
  it('takes a transfer back in parts, never more than was posted', async () => {
    const before = await balances()
    const transfer = await post(move(alice, bob, 100n))
    expect(code(await reverse({ transfer, amountMinor: 101n }))).toBe('exceeds_unreversed')
    expect(code(await reverse({ transfer, amountMinor: 30n }))).toBe('done')
    expect(code(await reverse({ transfer, amountMinor: 71n }))).toBe('exceeds_unreversed')
    expect(code(await reverse({ transfer }))).toBe('done')
    expect(code(await reverse({ transfer, amountMinor: 1n }))).toBe('transfer_already_reversed')
    expect(await balances()).toEqual(before)
  })

  it('of which many are asked for at once takes back no more than was posted', async () => {
    const before = await balances()
    const transfer = await post(move(alice, bob, 100n))
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => reverse({ transfer, amountMinor: 30n })))
    expect(outcomes.map(code).filter((told) => told === 'done')).toHaveLength(3)
    expect(outcomes.map(code).filter((told) => told === 'exceeds_unreversed')).toHaveLength(5)
    await reverse({ transfer })
    expect(await balances()).toEqual(before)
  })

  it('asked for twice under one key happens once', async () => {
    const transfer = await post(move(alice, bob, 100n))
    const first = await reverse({ transfer, amountMinor: 40n }, 'once')
    const again = await reverse({ transfer, amountMinor: 40n }, 'once')
    expect([first.status, again.status]).toEqual(['done', 'done'])
    expect(again).toMatchObject({ repeated: true })
    expect((await reverse({ transfer, amountMinor: 41n }, 'once')).status).toBe('key_conflict')
    expect(code(await reverse({ transfer, amountMinor: 61n }))).toBe('exceeds_unreversed')
  })

  it('needs the money that it takes back to be there still', async () => {
    const transfer = await post(move(alice, bob, 500n))
    await post(move(bob, alice, await balance(bob)))
    expect(code(await reverse({ transfer }))).toBe('insufficient_funds')
    await post(move(alice, bob, 500n))
    expect(code(await reverse({ transfer }))).toBe('done')
  })

  it('is not itself taken back, nor is what moved nothing', async () => {
    const transfer = await post(move(alice, bob, 10n))
    const reversal = await reverse({ transfer })
    const id = reversal.status === 'done' ? reversal.answer.transfers[0] : undefined
    expect(code(await reverse({ transfer: id ?? 0 }))).toBe('transfer_is_reversal')
    expect(code(await reverse({ transfer: await post(promise(alice, bob, 10n)) }))).toBe('transfer_moved_nothing')
    expect(code(await reverse({ transfer: 999_999 * 1024 }))).toBe('transfer_unknown')
    expect(code(await reverse({ entry: 999_999 * 1024 }))).toBe('transfer_unknown')
    expect(code(await reverse({ entry: transfer }))).toBe('transfer_unknown')
  })

  it('of another currency is refused', async () => {
    const transfer = await post(move(alice, bob, 10n))
    const usd = currencyCode('USD')
    if (!usd.ok) throw new Error('no currency')
    const input = { of: { transfer, amountMinor: 1n }, currency: usd.value, raw: true }
    expect(code(await world.committer.submit({ kind: world.commands.reverse, input }))).toBe('currency_mismatch')
  })
})

describe('a correction', () => {
  it('takes back and posts anew as one entry, which can be taken back as a whole', async () => {
    const start = await balances()
    const wrong = await post(move(alice, bob, 100n))
    const outcome = await correct({ transfer: wrong }, [alice, bob, 90n], [bank, bob, 5n])
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
    const [entry = 0, second = 0, third = 0] = outcome.answer.transfers
    const rows = await world.institution.db.read(
      (tx) => tx.sql<{ id: bigint; reverses: bigint | null }[]>`
        select id, reverses from ledger_transfers where entry = ${entry} order by id`,
    )
    expect(rows.map((row) => Number(row.id))).toEqual([entry, second, third])
    expect(rows.map((row) => row.reverses)).toEqual([BigInt(wrong), null, null])
    expect((await balance(bob)) - (start[2] ?? 0n)).toBe(95n)
    // The reversal within the entry stands, so the entry as a whole cannot be taken back; its transfers can.
    expect(code(await reverse({ entry }))).toBe('transfer_is_reversal')
    expect(code(await reverse({ transfer: third }))).toBe('done')
    expect(code(await reverse({ transfer: second }))).toBe('done')
    expect(await balances()).toEqual(start)
  })

  it('stands or falls together', async () => {
    const wrong = await post(move(alice, bob, 100n))
    const start = await balances()
    const outcome = await correct({ transfer: wrong }, [alice, bob, 90n], [bob, alice, 1_000_000n])
    expect(outcome).toMatchObject({ status: 'refused', refusal: { code: 'insufficient_funds', facts: { leg: '1' } } })
    expect(await balances()).toEqual(start)
    expect(code(await reverse({ transfer: wrong }))).toBe('done')
  })
})

describe('the journal of reversals', () => {
  it('is sound', async () => {
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })

  it('betrays a count that was changed, removed or invented', async () => {
    await world.committer.flush()
    const owner = (await world.institution.dedicated({})).sql
    const found = async () => [...(await verifyLedger(world.institution.db)).counts.keys()]
    const transfer = await post(move(alice, bob, 10n))
    await reverse({ transfer, amountMinor: 4n })
    await owner`update ledger_reversals set reversed_minor = 3 where transfer_id = ${transfer}`
    expect(await found()).toEqual(['reversal_differs'])
    await owner`delete from ledger_reversals where transfer_id = ${transfer}`
    expect(await found()).toEqual(['reversal_differs'])
    await owner`insert into ledger_reversals values (${transfer}, 10, 4), (${bank}, 10, 4)`
    expect(await found()).toEqual(['reversal_differs'])
    await owner`delete from ledger_reversals where transfer_id = ${bank}`
    expect(await found()).toEqual([])
  })
})
