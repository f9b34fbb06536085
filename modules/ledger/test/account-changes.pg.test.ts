import { manualClock } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleepAccounts } from '../src/ledger-jobs.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

const DAY = 86_400_000_000
const clock = manualClock(1_795_312_800_000_000)
let world: LedgerWorld
let bank: number
let alice: number

beforeAll(async () => {
  world = await startLedgerWorld({ clock })
  bank = await world.open('1002')
})

afterAll(() => world.committer.stop())

async function told(running: Promise<{ readonly status: string; readonly refusal?: { readonly code: string } }>) {
  const outcome = await running
  return outcome.refusal?.code ?? outcome.status
}

function pay(leg: ReturnType<typeof move>): Promise<string> {
  return told(world.committer.submit({ kind: world.commands.post, input: { legs: [leg], raw: false } }))
}

const setState = (account: number, state: 'open' | 'frozen' | 'closed') =>
  told(world.committer.submit({ kind: world.commands.setState, input: { account, state } }))
const ceiling = (ceilingMinor: bigint | null) =>
  told(world.committer.submit({ kind: world.commands.setCeiling, input: { account: alice, ceilingMinor } }))
const credit = (limitMinor: bigint) =>
  told(world.committer.submit({ kind: world.commands.setCreditLimit, input: { account: alice, limitMinor } }))
const reopen = (account: number) =>
  told(world.committer.submit({ kind: world.commands.reopen, input: { account, reason: 'closed_in_error' } }))
const sleep = (days: number) =>
  sleepAccounts({ db: world.institution.db, committer: world.committer, commands: world.commands, clock }, days)

describe('an upper bound', () => {
  it('refuses what would rise above it, holds counted, and nothing else', async () => {
    alice = await world.open('2003', 0n)
    expect([await pay(move(bank, alice, 60n)), await ceiling(59n), await ceiling(100n)]).toEqual([
      ...['done', 'ceiling_below_balance', 'done'],
    ])
    expect([await pay(move(bank, alice, 41n)), await pay(promise(bank, alice, 30n))]).toEqual([
      ...['ceiling_exceeded', 'done'],
    ])
    expect([await pay(move(bank, alice, 11n)), await ceiling(89n), await pay(move(alice, bank, 60n))]).toEqual([
      ...['ceiling_exceeded', 'ceiling_below_balance', 'done'],
    ])
    expect([await ceiling(null), await pay(move(bank, alice, 1000n))]).toEqual(['done', 'done'])
  })
})

describe('a credit line', () => {
  it('lets an account owe up to its limit, and is never cut below what is used', async () => {
    alice = await world.open('2003', 0n)
    expect([await pay(move(alice, bank, 1n)), await credit(500n), await pay(move(alice, bank, 300n))]).toEqual([
      ...['insufficient_funds', 'done', 'done'],
    ])
    expect([await credit(299n), await credit(300n), await pay(move(alice, bank, 1n))]).toEqual([
      ...['credit_limit_below_use', 'done', 'insufficient_funds'],
    ])
    expect([await credit(-1n), await pay(move(bank, alice, 300n)), await credit(0n)]).toEqual([
      ...['amount_not_positive', 'done', 'done'],
    ])
  })
})

describe('a closed account', () => {
  it('is opened again, and only it', async () => {
    alice = await world.open('2003', 0n)
    expect([await reopen(alice), await setState(alice, 'closed'), await pay(move(bank, alice, 1n))]).toEqual([
      ...['account_not_closed', 'done', 'credit_account_closed'],
    ])
    expect([await ceiling(5n), await credit(5n), await reopen(alice)]).toEqual([
      ...['account_already_closed', 'account_already_closed', 'done'],
    ])
    expect(await pay(move(bank, alice, 1n))).toBe('done')
    expect(await reopen(999_999 * 1024)).toBe('account_unknown')
  })
})

describe('an account that does not move', () => {
  it('becomes dormant after so many days, unless it moves or has a hold, and takes money but gives none', async () => {
    alice = await world.openWallet()
    const busy = await world.openWallet()
    const held = await world.openWallet()
    const never = await world.openWallet()
    const own = await world.open('2003', 0n)
    for (const id of [alice, busy, held, own]) await pay(move(bank, id, 10n))
    await pay(promise(held, bank, 5n))
    clock.advance(20 * DAY)
    await pay(move(bank, busy, 1n))
    clock.advance(11 * DAY)
    await world.committer.flush()
    await sleep(30)
    const state = async (id: number) => {
      const [row] = await world.institution.db.read(
        (tx) => tx.sql<{ state: string }[]>`select state from ledger_accounts where id = ${id}`,
      )
      return row?.state
    }
    expect(await Promise.all([alice, busy, held, never].map(state))).toEqual(['dormant', 'open', 'open', 'dormant'])
    // The institution does not forget what is its own.
    expect(await state(own)).toBe('open')
    expect([await pay(move(alice, bank, 1n)), await pay(move(bank, alice, 1n))]).toEqual([
      ...['debit_account_dormant', 'done'],
    ])
    expect([await setState(alice, 'frozen'), await setState(alice, 'open'), await pay(move(alice, bank, 1n))]).toEqual([
      ...['account_dormant', 'done', 'done'],
    ])
    expect(await sleep(30)).toBe(0)
  })

  it('is left alone when it moved after it was looked at', async () => {
    alice = await world.open('2003', 0n)
    await pay(move(bank, alice, 10n))
    const input = { account: alice, sequence: 0 }
    expect(await told(world.committer.submit({ kind: world.commands.setDormant, input }))).toBe('account_not_idle')
  })
})

describe('the journal of all that', () => {
  it('is sound', async () => {
    expect((await verifyLedger(world.institution.db)).findings).toEqual([])
  })
})
