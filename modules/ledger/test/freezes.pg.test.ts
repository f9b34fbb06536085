import { CNY, manualClock } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableMinor, normalBalance } from '../src/account.ts'
import type { FreezeCause } from '../src/freeze.ts'
import { expireFreezes } from '../src/ledger-jobs.ts'
import { findAccount } from '../src/ledger-read-store.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, startLedgerWorld } from './ledger-world.ts'

const START = 1_795_312_800_000_000
const clock = manualClock(START)
let world: LedgerWorld
let bank: number
let court: number
let alice: number

beforeAll(async () => {
  world = await startLedgerWorld({ clock })
  bank = await world.open('1002')
  court = await world.open('2003')
})

afterAll(() => world.committer.stop())

async function fresh(minor: bigint, floorMinor = 0n): Promise<void> {
  alice = await world.open('2003', floorMinor)
  await pay(bank, alice, minor)
}

async function pay(debit: number, credit: number, minor: bigint): Promise<string> {
  const input = { legs: [move(debit, credit, minor)], raw: true }
  const outcome = await world.committer.submit({ kind: world.commands.post, input })
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

async function freeze(
  cause: FreezeCause,
  amountMinor: bigint | null,
  more: { readonly blocksIncoming?: boolean; readonly expiresAt?: number } = {},
): Promise<number> {
  const rest = { blocksIncoming: false, reference: '(2026) 执 17', expiresAt: null, ...more }
  const input = { account: alice, cause, amountMinor, ...rest }
  const outcome = await world.committer.submit({ kind: world.commands.placeFreeze, input })
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.answer.freeze
}

async function lift(id: number, authority: FreezeCause): Promise<string> {
  const outcome = await world.committer.submit({ kind: world.commands.liftFreeze, input: { freeze: id, authority } })
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

async function deduct(id: number, amountMinor: bigint): Promise<string> {
  const input = { freeze: id, to: court, amountMinor, currency: CNY, reference: null }
  const outcome = await world.committer.submit({ kind: world.commands.deduct, input })
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}

async function state(): Promise<{ readonly balance: bigint; readonly available: bigint }> {
  const view = await world.institution.db.read((tx) => findAccount(tx, alice))
  if (view === undefined) throw new Error('no account')
  return { balance: normalBalance(view.account, view.balance), available: availableMinor(view.account, view.balance) }
}

async function findings(): Promise<readonly unknown[]> {
  return (await verifyLedger(world.institution.db)).findings
}

describe('a whole freeze', () => {
  it('lets nothing leave, and money in unless it says otherwise', async () => {
    await fresh(100n)
    const id = await freeze('risk', null)
    expect([await pay(alice, court, 1n), await pay(bank, alice, 5n)]).toEqual(['debit_account_frozen', 'done'])
    const both = await freeze('dispute', null, { blocksIncoming: true })
    expect(await pay(bank, alice, 5n)).toBe('credit_account_frozen')
    expect(await lift(both, 'hold')).toBe('freeze_outranks_authority')
    expect(await lift(both, 'risk')).toBe('done')
    expect(await lift(both, 'risk')).toBe('freeze_not_active')
    expect([await pay(bank, alice, 5n), await pay(alice, court, 1n)]).toEqual(['done', 'debit_account_frozen'])
    expect(await lift(id, 'judicial')).toBe('done')
    expect(await pay(alice, court, 110n)).toBe('done')
  })

  it('keeps an account from being closed', async () => {
    alice = await world.open('2003', 0n)
    const id = await freeze('hold', null)
    const close = () =>
      world.committer.submit({ kind: world.commands.setState, input: { account: alice, state: 'closed' } })
    expect(await close()).toMatchObject({ refusal: { code: 'account_has_freezes' } })
    await lift(id, 'hold')
    expect((await close()).status).toBe('done')
  })
})

describe('freezes of amounts', () => {
  it('add up, wait for what comes in, and move up when one before them ends', async () => {
    await fresh(100n)
    const first = await freeze('judicial', 70n)
    const second = await freeze('judicial', 60n)
    expect(await state()).toEqual({ balance: 100n, available: -30n })
    expect(await pay(alice, court, 1n)).toBe('insufficient_funds')
    expect(await deduct(second, 31n)).toBe('freeze_reaches_less')
    expect(await deduct(second, 30n)).toBe('done')
    expect(await pay(bank, alice, 45n)).toBe('done')
    expect(await state()).toEqual({ balance: 115n, available: 15n })
    expect(await pay(alice, court, 15n)).toBe('done')
    expect(await lift(first, 'judicial')).toBe('done')
    expect(await deduct(second, 31n)).toBe('exceeds_freeze')
    expect(await deduct(second, 30n)).toBe('done')
    expect(await deduct(second, 1n)).toBe('freeze_not_active')
    expect(await state()).toEqual({ balance: 70n, available: 70n })
  })

  it('are placed, used and lifted in one batch as one by one', async () => {
    await fresh(100n)
    const ids = await Promise.all([freeze('judicial', 40n), freeze('judicial', 40n), freeze('risk', 40n)])
    const [a = 0, b = 0, c = 0] = ids
    expect(await Promise.all([deduct(b, 40n), lift(c, 'risk'), deduct(a, 40n), deduct(b, 40n)])).toEqual([
      ...['done', 'done', 'done', 'freeze_not_active'],
    ])
    expect(await state()).toEqual({ balance: 20n, available: 20n })
  })

  it('of a lower rank do not stand in the way of a judicial deduction', async () => {
    await fresh(100n)
    await freeze('risk', null, { blocksIncoming: true })
    const id = await freeze('judicial', null)
    await world.committer.submit({ kind: world.commands.setState, input: { account: alice, state: 'frozen' } })
    expect([await deduct(id, 101n), await deduct(id, 100n)]).toEqual(['freeze_reaches_less', 'done'])
    expect((await state()).balance).toBe(0n)
  })

  it('expire by a bulk command, once their time has come', async () => {
    await fresh(100n)
    await freeze('dispute', 30n, { expiresAt: START + 60_000_000 })
    await freeze('hold', 20n, { expiresAt: START + 61_000_000 })
    const job = { db: world.institution.db, committer: world.committer, commands: world.commands, clock }
    expect(await expireFreezes(job)).toBe(0)
    clock.advance(60_000_000)
    expect((await state()).available).toBe(50n)
    expect(await expireFreezes(job)).toBe(1)
    expect((await state()).available).toBe(80n)
  })
})

describe('the journal of freezes', () => {
  it('is sound', async () => {
    expect(await findings()).toEqual([])
    await world.committer.flush()
    expect(await findings()).toEqual([])
  })

  it('betrays a freeze or a sum that was changed, removed or invented', async () => {
    await fresh(100n)
    const id = await freeze('judicial', 30n)
    const owner = (await world.institution.dedicated({})).sql
    const found = async () => [...(await verifyLedger(world.institution.db)).counts.keys()]
    await owner`update ledger_freezes set remaining_minor = 29 where id = ${id}`
    expect(await found()).toEqual(['freeze_differs'])
    await owner`update ledger_freezes set remaining_minor = 30, state = 2 where id = ${id}`
    expect(await found()).toEqual(['freeze_differs'])
    await owner`create table kept as select * from ledger_freezes where id = ${id}`
    await owner`delete from ledger_freezes where id = ${id}`
    expect(await found()).toEqual(['freeze_differs'])
    await owner`update kept set state = 1`
    await owner`insert into ledger_freezes select * from kept`
    expect(await found()).toEqual([])
    await owner`update ledger_accounts set frozen_minor = 0 where id = ${alice}`
    expect(await found()).toEqual(['restraints_differ'])
    await owner`update ledger_accounts set frozen_minor = 30, ceiling_minor = 5 where id = ${alice}`
    expect(await found()).toEqual(['restraints_differ'])
    await owner`update ledger_accounts set ceiling_minor = null where id = ${alice}`
    expect(await found()).toEqual([])
  })
})
