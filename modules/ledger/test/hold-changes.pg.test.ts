import { CNY, currencyCode, type ManualClock, manualClock } from '@huitong/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expireHolds } from '../src/ledger-jobs.ts'
import { findAccount, findHold } from '../src/ledger-read-store.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { verifyLedger } from '../src/verify.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

const START = 1_800_000_000_000_000
const MINUTE = 60_000_000

let clock: ManualClock
let world: LedgerWorld
let bank: number
let payer: number
let shop: number

beforeEach(async () => {
  clock = manualClock(START)
  world = await startLedgerWorld({ clock })
  bank = await world.open('1002')
  payer = await world.open('2003', 0n)
  shop = await world.open('2003', 0n)
  await post(move(bank, payer, 100n))
})

afterEach(() => world.committer.stop())

function post(...legs: PostingLeg[]) {
  return world.committer.submit({ kind: world.commands.post, input: { legs, raw: true } })
}

async function held(amountMinor: bigint, expiresAt: number | null): Promise<number> {
  const outcome = await post(promise(payer, shop, amountMinor, expiresAt))
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.answer.transfers[0] ?? 0
}

function increase(hold: number, amountMinor: bigint) {
  return post({ type: 'increase', hold, amountMinor })
}

function extend(hold: number, expiresAt: number) {
  return world.committer.submit({ kind: world.commands.extendHold, input: { hold, expiresAt, raw: true } })
}

function expire() {
  const { committer, commands, institution } = world
  return expireHolds({ db: institution.db, committer, commands, clock })
}

async function holdOf(id: number) {
  return world.institution.db.read((tx) => findHold(tx, id))
}

async function balanceOf(id: number) {
  return (await world.institution.db.read((tx) => findAccount(tx, id)))?.balance
}

async function findings() {
  return (await verifyLedger(world.institution.db)).findings
}

const refusal = (code: string) => ({ status: 'refused', refusal: { code } })

describe('an increase', () => {
  it('promises more by the same hold, as far as the money is there', async () => {
    const hold = await held(60n, null)
    expect(await increase(hold, 41n)).toMatchObject(refusal('insufficient_funds'))
    expect((await increase(hold, 30n)).status).toBe('done')
    expect(await holdOf(hold)).toMatchObject({ state: 'pending', amountMinor: 90n, remainingMinor: 90n })
    expect(await balanceOf(payer)).toMatchObject({ debitsPending: 90n, debitsPosted: 0n })
    expect(await balanceOf(shop)).toMatchObject({ creditsPending: 90n })
    expect(await post(move(payer, shop, 11n))).toMatchObject(refusal('insufficient_funds'))
    expect((await post({ type: 'capture', hold, amountMinor: 90n, final: true })).status).toBe('done')
    expect(await balanceOf(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: 90n })
    expect(await increase(hold, 1n)).toMatchObject(refusal('hold_already_captured'))
    expect(await findings()).toEqual([])
  })

  it('between partial captures adds to what is left', async () => {
    const hold = await held(50n, START + MINUTE)
    const taken = (amountMinor: bigint): PostingLeg => ({ type: 'capture', hold, amountMinor, final: false })
    const legs: PostingLeg[] = [taken(20n), { type: 'increase', hold, amountMinor: 40n }, taken(60n)]
    expect((await post(...legs)).status).toBe('done')
    expect(await holdOf(hold)).toMatchObject({ state: 'pending', amountMinor: 90n, remainingMinor: 10n })
    clock.advance(MINUTE)
    expect(await increase(hold, 1n)).toMatchObject(refusal('hold_past_expiry'))
    expect(await expire()).toBe(1)
    expect(await balanceOf(payer)).toMatchObject({ debitsPosted: 80n, debitsPending: 0n })
    expect(await findings()).toEqual([])
  })

  it('is told in the currency of the hold', async () => {
    const hold = await held(10n, null)
    const dollars = currencyCode('USD')
    if (!dollars.ok) throw new Error('USD is a currency')
    const leg = { type: 'increase', hold, amountMinor: 1n } as const
    expect(await post({ ...leg, currency: dollars.value })).toMatchObject(refusal('currency_mismatch'))
    expect((await post({ ...leg, currency: CNY })).status).toBe('done')
  })

  it('is known after a restart before balances were written back', async () => {
    const hold = await held(10n, null)
    await increase(hold, 5n)
    const { institution } = world
    await world.committer.stop()
    world = await startLedgerWorld({ clock, institution })
    expect(await post({ type: 'capture', hold, amountMinor: 16n, final: true })).toMatchObject(refusal('exceeds_hold'))
    expect((await post({ type: 'capture', hold, amountMinor: 15n, final: true })).status).toBe('done')
    expect(await findings()).toEqual([])
  })

  it('of a hold of frozen accounts is refused, though the hold may be given back', async () => {
    const hold = await held(10n, null)
    const input = {
      account: payer,
      cause: 'risk',
      amountMinor: null,
      blocksIncoming: false,
      reference: 'case',
    } as const
    await world.committer.submit({ kind: world.commands.placeFreeze, input: { ...input, expiresAt: null } })
    expect(await increase(hold, 1n)).toMatchObject(refusal('debit_account_frozen'))
    expect(await extend(hold, START + MINUTE)).toMatchObject(refusal('debit_account_frozen'))
    expect((await post({ type: 'void', hold })).status).toBe('done')
  })
})

describe('an extension', () => {
  it('lets a hold last longer and never shorter', async () => {
    const hold = await held(60n, START + MINUTE)
    expect(await extend(hold, START + MINUTE)).toMatchObject(refusal('expiry_not_later'))
    expect((await extend(hold, START + 3 * MINUTE)).status).toBe('done')
    expect(await extend(hold, START + 2 * MINUTE)).toMatchObject(refusal('expiry_not_later'))
    clock.advance(2 * MINUTE)
    expect(await expire()).toBe(0)
    expect((await post({ type: 'capture', hold, amountMinor: 10n, final: false })).status).toBe('done')
    expect(await holdOf(hold)).toMatchObject({ expiresAt: START + 3 * MINUTE, remainingMinor: 50n })
    expect(await findings()).toEqual([])
    clock.advance(MINUTE)
    expect(await extend(hold, START + 9 * MINUTE)).toMatchObject(refusal('hold_past_expiry'))
    expect(await expire()).toBe(1)
    expect(await extend(hold, START + 9 * MINUTE)).toMatchObject(refusal('hold_already_expired'))
    expect(await findings()).toEqual([])
  })

  it('has nothing to add to a hold that does not expire', async () => {
    expect(await extend(await held(1n, null), START + MINUTE)).toMatchObject(refusal('expiry_not_later'))
    expect(await extend(999_999 * 1024, START + MINUTE)).toMatchObject(refusal('hold_unknown'))
  })
})

describe('verification', () => {
  async function found(): Promise<readonly (readonly [string, string | undefined])[]> {
    const told = await findings()
    return told
      .map(({ code, what }) => [code, what] as const)
      .filter(([code]) => code.startsWith('hold'))
      .toSorted(([, one = ''], [, other = '']) => one.localeCompare(other))
  }

  it.each([
    ['open', 'pending'],
    ['ended', 'captured'],
  ] as const)('holds the amount and expiry of an %s hold against the journal', async (_name, state) => {
    const hold = await held(40n, START + MINUTE)
    await increase(hold, 20n)
    await extend(hold, START + 2 * MINUTE)
    if (state === 'captured') await post({ type: 'capture', hold, amountMinor: 1n, final: true })
    expect(await findings()).toEqual([])
    const owner = (await world.institution.dedicated({})).sql
    await owner`update ledger_holds set amount_minor = amount_minor + 1 where id = ${hold}`
    await owner`update ledger_holds set expires_at = expires_at + interval '1 second' where id = ${hold}`
    expect(await found()).toEqual([
      ['hold_differs', 'amount_minor'],
      ['hold_differs', 'expires_at'],
    ])
  })

  it('finds an increase that was changed, and an extension that goes back or is of no open hold', async () => {
    const hold = await held(40n, START + MINUTE)
    await increase(hold, 20n)
    await extend(hold, START + 2 * MINUTE)
    const owner = (await world.institution.dedicated({})).sql
    await owner`update ledger_transfers set amount_minor = 21 where kind = 6`
    expect((await findings()).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['batch_root_wrong', 'hold_differs', 'pending_differs_from_holds']),
    )
    await owner`update ledger_transfers set amount_minor = 20 where kind = 6`
    const journaled = async (of: string, expiresAt: number, account: number) => {
      const data = JSON.stringify({ expires_at: String(expiresAt), hold: of })
      await owner`update ledger_events set data = ${data}, account_id = ${account} where kind = 'hold_extended'`
      return found()
    }
    expect(await journaled(String(hold), START + 2 * MINUTE, payer)).toEqual([])
    const back = ['hold_entry_breaks_rule', 'extended before its expiry, to a later one']
    expect(await journaled(String(hold), START + MINUTE, payer)).toEqual([['hold_differs', 'expires_at'], back])
    expect(await journaled(String(hold), START + 2 * MINUTE, shop)).toEqual([
      ['hold_entry_breaks_rule', 'accounts of the hold'],
    ])
    expect(await journaled('5', START + 2 * MINUTE, payer)).toEqual([
      ['hold_not_open', undefined],
      ['hold_differs', 'expires_at'],
    ])
    expect(await journaled('x', START + 2 * MINUTE, payer)).toEqual([['hold_differs', 'expires_at']])
    expect((await findings()).map(({ code }) => code)).toContain('event_malformed')
  })

  it('finds an increase past the expiry, and one past what the account has', async () => {
    const hold = await held(40n, START + MINUTE)
    await increase(hold, 20n)
    const owner = (await world.institution.dedicated({})).sql
    await owner`update ledger_transfers set hold_expires_at = ${'2020-01-01T00:00:00Z'}::timestamptz where kind = 2`
    expect(await found()).toContainEqual(['hold_entry_breaks_rule', 'increased before its expiry'])
    await owner`update ledger_transfers set amount_minor = 200 where kind = 6`
    expect((await findings()).map(({ code }) => code)).toContain('floor_violated')
  })
})
