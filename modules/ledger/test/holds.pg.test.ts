import { type ManualClock, manualClock } from '@huitong/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expireHolds } from '../src/ledger-jobs.ts'
import { findAccount, findHold, findTransfer } from '../src/ledger-read-store.ts'
import type { PostingLeg } from '../src/posting-command.ts'
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

function capture(hold: number, amountMinor: bigint, final = true) {
  return post({ type: 'capture', hold, amountMinor, final })
}

function expire() {
  const { committer, commands, institution } = world
  return expireHolds({ db: institution.db, committer, commands, clock })
}

async function holdOf(id: number) {
  return world.institution.db.read((tx) => findHold(tx, id))
}

async function balanceOf(id: number) {
  const view = await world.institution.db.read((tx) => findAccount(tx, id))
  return view?.balance
}

const refusal = (code: string) => ({ status: 'refused', refusal: { code } })

describe('a hold', () => {
  it('counts in every funds check until it ends', async () => {
    await held(60n, null)
    expect(await post(move(payer, shop, 41n))).toMatchObject(refusal('insufficient_funds'))
    expect(await post(promise(payer, shop, 41n))).toMatchObject(refusal('insufficient_funds'))
    expect((await post(move(payer, shop, 40n))).status).toBe('done')
  })

  it('does not give the one for whom it is kept anything to spend', async () => {
    await held(60n, null)
    expect(await post(move(shop, payer, 1n))).toMatchObject(refusal('insufficient_funds'))
  })

  it('can be one of many at once, each with an end of its own', async () => {
    const holds = [await held(10n, START + MINUTE), await held(20n, START + 2 * MINUTE), await held(30n, null)]
    const [first = 0, second = 0, third = 0] = holds
    clock.advance(MINUTE)
    expect(await expire()).toBe(1)
    expect((await capture(second, 20n)).status).toBe('done')
    expect((await post({ type: 'void', hold: third })).status).toBe('done')
    const states = [await holdOf(first), await holdOf(second), await holdOf(third)].map((hold) => hold?.state)
    expect(states).toEqual(['expired', 'captured', 'voided'])
    expect(await balanceOf(payer)).toMatchObject({ creditsPosted: 100n, debitsPosted: 20n, debitsPending: 0n })
    expect(await balanceOf(shop)).toMatchObject({ creditsPosted: 20n, creditsPending: 0n })
  })

  it('that expires must do so in the future', async () => {
    expect(await post(promise(payer, shop, 1n, START - 1))).toMatchObject(refusal('expiry_in_the_past'))
    // The time of a batch may be some µs past the clock, since no two batches have the same.
    expect(await post(promise(payer, shop, 1n, START))).toMatchObject(refusal('expiry_in_the_past'))
    expect((await post(promise(payer, shop, 1n, START + MINUTE))).status).toBe('done')
  })

  it('captured in part and voided in one posting is settled at once', async () => {
    const hold = await held(30n, null)
    const outcome = await post({ type: 'capture', hold, amountMinor: 10n, final: false }, { type: 'void', hold })
    expect(outcome.status).toBe('done')
    expect(await holdOf(hold)).toMatchObject({ state: 'voided', remainingMinor: 0n })
    expect(await balanceOf(payer)).toMatchObject({ debitsPosted: 10n, debitsPending: 0n })
  })
})

describe('past its expiry', () => {
  it('a hold cannot be captured, yet counts until its expiry is journaled', async () => {
    const hold = await held(60n, START + MINUTE)
    clock.set(START + MINUTE)
    expect(await capture(hold, 60n)).toMatchObject(refusal('hold_past_expiry'))
    expect(await post(move(payer, shop, 41n))).toMatchObject(refusal('insufficient_funds'))
    expect(await balanceOf(payer)).toMatchObject({ debitsPending: 60n })
    expect(await expire()).toBe(1)
    expect(await balanceOf(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: 0n })
    expect(await capture(hold, 60n)).toMatchObject(refusal('hold_already_expired'))
    expect((await post(move(payer, shop, 100n))).status).toBe('done')
  })

  it('a hold may still be voided by hand, and is then not expired again', async () => {
    const hold = await held(60n, START + MINUTE)
    clock.advance(2 * MINUTE)
    expect((await post({ type: 'void', hold })).status).toBe('done')
    expect(await expire()).toBe(0)
    expect(await holdOf(hold)).toMatchObject({ state: 'voided' })
  })

  it('only what was left of a partly captured hold is given back', async () => {
    const hold = await held(60n, START + MINUTE)
    expect((await capture(hold, 25n, false)).status).toBe('done')
    clock.advance(MINUTE)
    expect(await expire()).toBe(1)
    expect(await holdOf(hold)).toMatchObject({ state: 'expired', amountMinor: 60n, remainingMinor: 0n })
    expect(await balanceOf(payer)).toMatchObject({ debitsPosted: 25n, debitsPending: 0n })
  })

  it('a hold between frozen accounts is given back too', async () => {
    const hold = await held(60n, START + MINUTE)
    for (const account of [payer, shop]) {
      await world.committer.submit({ kind: world.commands.setState, input: { account, state: 'frozen' } })
    }
    expect(await capture(hold, 1n)).toMatchObject(refusal('debit_account_frozen'))
    clock.advance(MINUTE)
    expect(await expire()).toBe(1)
  })
})

describe('the job that expires holds', () => {
  it('leaves alone what is not due, and what never expires', async () => {
    await held(10n, START + MINUTE)
    await held(10n, null)
    clock.set(START + MINUTE - 1)
    expect(await expire()).toBe(0)
    expect(await balanceOf(payer)).toMatchObject({ debitsPending: 20n })
    clock.advance(1)
    expect(await expire()).toBe(1)
    expect(await expire()).toBe(0)
  })

  it('ends each hold once, however many run at the same time', async () => {
    for (let n = 0; n < 5; n += 1) await held(10n, START + MINUTE)
    clock.advance(MINUTE)
    const ended = await Promise.all([expire(), expire(), expire()])
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(5)
    expect(await balanceOf(payer)).toMatchObject({ debitsPending: 0n })
    const rows = await world.institution.db.read((tx) => tx.sql`select 1 from ledger_transfers where kind = 5`)
    expect(rows).toHaveLength(5)
  })

  it('is refused for a hold that is not due, and for none', async () => {
    const hold = await held(10n, START + MINUTE)
    const expireOne = (id: number) => world.committer.submit({ kind: world.commands.expireHold, input: { hold: id } })
    expect(await expireOne(hold)).toMatchObject(refusal('hold_not_due'))
    expect(await expireOne(999_999 * 1024)).toMatchObject(refusal('hold_unknown'))
    expect(await expireOne(await held(1n, null))).toMatchObject(refusal('hold_not_due'))
  })

  it('journals the expiry as a transfer of nothing that names its hold', async () => {
    const hold = await held(10n, START + MINUTE)
    clock.advance(MINUTE)
    await expire()
    const [row] = await world.institution.db.read(
      (tx) => tx.sql<{ id: bigint }[]>`select id from ledger_transfers where kind = 5`,
    )
    const transfer = await world.institution.db.read((tx) => findTransfer(tx, Number(row?.id)))
    expect(transfer).toMatchObject({
      kind: 'expired',
      hold,
      amountMinor: 0n,
      releasedMinor: 10n,
      debit: payer,
      credit: shop,
    })
  })
})
