import { makeId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findAccount, findTransfer, type StatementEntry, statement } from '../src/ledger-read-store.ts'
import { batchOf, locationOf, positionOf } from '../src/location.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

/**
 * One wallet with 150 entries of all kinds in many batches, small and large, beside a busy neighbour. What the statement must say is
 * computed here from the postings alone.
 */
interface Expected {
  readonly id: number
  readonly side: 'debit' | 'credit'
  readonly other: number
  readonly balanceMinor: bigint
}

let world: LedgerWorld
let bank: number
let wallet: number
let shop: number
const expected: Expected[] = []
/** First and last id of each posting, with its batch. */
const postings: { readonly batch: number; readonly first: number; readonly last: number }[] = []

beforeAll(async () => {
  world = await startLedgerWorld()
  bank = await world.open('1002')
  wallet = await world.open('2003', 0n)
  shop = await world.open('2003', 0n)
  let balance = 0n
  let turn = 0
  while (expected.length < 150) {
    turn += 1
    const amount = BigInt(turn)
    const legs: PostingLeg[] = [move(bank, wallet, 20n * amount), move(bank, shop, 1n), move(wallet, shop, amount)]
    if (turn % 3 === 0) legs.push(promise(wallet, shop, amount))
    if (turn % 7 === 0) for (let n = 0; n < 20; n += 1) legs.push(move(wallet, bank, 1n))
    const posted = await post(legs)
    for (const [index, leg] of legs.entries()) {
      if (leg.type !== 'transfer' && leg.type !== 'hold') continue
      const id = posted[index] ?? 0
      const change = leg.type === 'hold' ? 0n : leg.amountMinor
      if (leg.debit === wallet) balance -= change
      else if (leg.credit === wallet) balance += change
      else continue
      const debits = leg.debit === wallet
      const side = debits ? 'debit' : 'credit'
      expected.push({ id, side, other: debits ? leg.credit : leg.debit, balanceMinor: balance })
    }
    const hold = posted[3]
    if (turn % 6 === 0 && hold !== undefined) {
      const [captured = 0] = await post([{ type: 'capture', hold, amountMinor: amount, final: true }])
      balance -= amount
      expected.push({ id: captured, side: 'debit', other: shop, balanceMinor: balance })
    }
  }
})

afterAll(() => world.committer.stop())

async function post(legs: readonly PostingLeg[]): Promise<readonly number[]> {
  const outcome = await world.committer.submit({ kind: world.commands.post, input: { legs, raw: true } })
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
  const { batch, transfers } = outcome.answer
  postings.push({ batch, first: transfers[0] ?? 0, last: transfers.at(-1) ?? 0 })
  return transfers
}

function page(from: number, limit: number, account = wallet): Promise<readonly StatementEntry[]> {
  return world.institution.db.read((tx) => statement(tx, account, from, limit))
}

async function newest(account = wallet): Promise<number> {
  const view = await world.institution.db.read((tx) => findAccount(tx, account))
  const last = view?.balance.lastEntry
  if (last === null || last === undefined) throw new Error('the account has no entries')
  return last
}

/** All entries, oldest first, read in pages. */
async function pages(limit: number): Promise<readonly StatementEntry[]> {
  const entries: StatementEntry[] = []
  for (let from: number | null = await newest(); from !== null; ) {
    const found: readonly StatementEntry[] = await page(from, limit)
    expect(found.length).toBeGreaterThan(0)
    entries.push(...found)
    from = found.at(-1)?.previous ?? null
  }
  return entries.toReversed()
}

describe('a statement', () => {
  it.each([1, 7, 64, 1000])('read in pages of %d tells every entry once with its running balance', async (limit) => {
    const entries = await pages(limit)
    expect(entries.map((entry) => entry.sequence)).toEqual(expected.map((_, index) => index + 1))
    expect(
      entries.map((entry) => ({
        id: entry.transfer.id,
        side: entry.side,
        other: entry.otherAccount,
        balanceMinor: entry.balanceMinor,
      })),
    ).toEqual(expected)
  })

  it('tells each entry with its batch and the time of that', async () => {
    const entries = await pages(50)
    const batches = new Set(entries.map((entry) => entry.transfer.batch))
    expect(batches.size).toBeGreaterThan(20)
    const rows = await world.institution.db.read(
      (tx) => tx.sql<{ number: bigint; at: number }[]>`select number, at from ledger_batches`,
    )
    const times = new Map(rows.map((row) => [Number(row.number), row.at]))
    for (const { transfer } of entries) expect(transfer.at).toBe(times.get(transfer.batch))
  })

  it('links entries over accounts of both sides: the other one tells its own numbers of the same transfers', async () => {
    const entries = await page(await newest(shop), 1000, shop)
    const own = await pages(1000)
    for (const entry of own.filter((one) => one.otherAccount === shop)) {
      const mirror = entries.find((one) => one.transfer.id === entry.transfer.id)
      expect(mirror).toMatchObject({ side: 'credit', otherAccount: wallet })
      expect(mirror?.transfer.creditSequence).toBe(mirror?.sequence)
    }
    expect(entries.map((entry) => entry.sequence)).toEqual(entries.map((_, index) => entries.length - index))
  })

  it('has a mark at every 64th entry, there and nowhere else', async () => {
    const entries = await pages(1000)
    const rows = await world.institution.db.read(
      (tx) => tx.sql<{ sequence: bigint; location: bigint }[]>`
        select sequence, location from ledger_marks where account_id = ${wallet} order by sequence`,
    )
    const marked = entries.filter((entry) => entry.sequence % 64 === 0)
    expect(marked).toHaveLength(Math.floor(expected.length / 64))
    expect(rows.map((row) => [Number(row.sequence), Number(row.location)])).toEqual(
      marked.map(({ sequence, transfer }) => [sequence, locationOf(transfer.batch, transfer.position)]),
    )
  })

  it('starts at any entry that it has', async () => {
    const [last, before] = await page(await newest(), 2)
    expect(last?.previous).toBe(locationOf(before?.transfer.batch ?? 0, before?.transfer.position ?? 0))
    expect(await page(last?.previous ?? 0, 1)).toEqual([before])
  })

  it('is the same after everything was written back', async () => {
    const before = await pages(40)
    await world.committer.flush()
    expect(await pages(40)).toEqual(before)
  })
})

describe('a forged start of a page', () => {
  it('at an entry of another account shows nothing', async () => {
    const [entry] = (await page(await newest(shop), 1000, shop)).filter((one) => one.otherAccount === bank)
    const { batch = 0, position = 0 } = entry?.transfer ?? {}
    expect(await page(locationOf(batch, position), 10)).toEqual([])
  })

  it('at an entry of both accounts shows the account that was asked for and no other', async () => {
    const [entry] = (await page(await newest(shop), 1000, shop)).filter((one) => one.otherAccount === wallet)
    const { batch = 0, position = 0 } = entry?.transfer ?? {}
    const found = await page(locationOf(batch, position), 1000)
    expect(found.length).toBeGreaterThan(0)
    for (const { transfer } of found) expect([transfer.debit, transfer.credit]).toContain(wallet)
  })

  it.each([0, 1, -1, -65_537, 65_535, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'at %d, where no entry is, shows nothing',
    async (from) => {
      expect(await page(from, 10)).toEqual([])
    },
  )

  it('past the end of the journal shows nothing', async () => {
    const last = await newest()
    expect(await page(locationOf(batchOf(last) + 1000, positionOf(last)), 10)).toEqual([])
  })
})

describe('a transfer', () => {
  const find = (id: number) => world.institution.db.read((tx) => findTransfer(tx, id))

  it('is found by its id, the first of a batch as well as the last', async () => {
    for (const { batch, first, last } of postings) {
      expect(await find(first)).toMatchObject({ id: first, batch })
      expect(await find(last)).toMatchObject({ id: last, batch })
    }
  })

  it('is found by its id in a batch after which others gave no id out', async () => {
    const [id = 0] = await post([move(bank, wallet, 1n)])
    await world.committer.submit({ kind: world.commands.setFloor, input: { account: shop, floorMinor: -5n } })
    await world.committer.flush()
    expect(await find(id)).toMatchObject({ id, amountMinor: 1n })
    const [next = 0] = await post([move(bank, wallet, 2n)])
    expect(await find(next)).toMatchObject({ id: next, amountMinor: 2n })
  })

  it('is not found under an id of an account, of another slot, of the future or of nobody', async () => {
    const id = postings[3]?.first ?? 0
    for (const unknown of [wallet, id + 1, makeId(8_000_000, 0), 0, 1, Number.MAX_SAFE_INTEGER]) {
      expect(await find(unknown), String(unknown)).toBeUndefined()
    }
  })
})
