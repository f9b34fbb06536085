import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Balance, ZERO_BALANCE } from '../src/account.ts'
import { balancesAsOf, type KnownEntries } from '../src/as-of-store.ts'
import { readEntries } from '../src/entry-store.ts'
import { findPoint } from '../src/journal-point-store.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'
import { replayedHistory } from './replayed-history.ts'

/**
 * Random histories of a few accounts. What every counter was after every batch is added up here from the rows of the journal, first
 * to last, and must be what the reader finds through marks and links, at every batch.
 */
const ACCOUNTS = 4

interface Step {
  readonly type: 'move' | 'hold' | 'increase' | 'end' | 'crowd'
  readonly debit: number
  readonly credit: number
  readonly amount: number
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(
    'move' as const,
    'move' as const,
    'hold' as const,
    'increase' as const,
    'end' as const,
    'crowd' as const,
  ),
  debit: fc.nat({ max: ACCOUNTS - 1 }),
  credit: fc.nat({ max: ACCOUNTS - 1 }),
  amount: fc.integer({ min: 1, max: 50 }),
})

async function play(world: LedgerWorld, ids: readonly number[], steps: readonly Step[]): Promise<void> {
  const holds: number[] = []
  for (const { type, debit, credit, amount } of steps) {
    const [from = 0, to = 0] = [ids[debit], ids[credit === debit ? (credit + 1) % ACCOUNTS : credit]]
    let legs: PostingLeg[]
    const hold = holds.at(-1)
    if (type === 'hold') legs = [promise(from, to, BigInt(amount))]
    else if (type === 'increase' && hold !== undefined) legs = [{ type, hold, amountMinor: BigInt(amount) }]
    else if (type === 'crowd') legs = Array.from({ length: amount }, (_, index) => move(from, to, BigInt(index + 1)))
    else if (type === 'end' && hold !== undefined) {
      legs = [
        amount % 2 === 0 ? { type: 'void', hold } : { type: 'capture', hold, amountMinor: 1n, final: amount > 25 },
      ]
      if (amount % 2 === 0 || amount > 25) holds.pop()
    } else legs = [move(from, to, BigInt(amount))]
    const outcome = await world.committer.submit({ kind: world.commands.post, input: { legs, raw: true } })
    if (outcome.status !== 'done' && outcome.status !== 'refused') throw new Error(JSON.stringify(outcome))
    const made = outcome.status === 'done' ? outcome.answer.transfers[0] : undefined
    if (type === 'hold' && made !== undefined) holds.push(made)
    // A hold of one fen was captured whole although more was to come.
    if (outcome.status === 'refused' && type === 'end') holds.pop()
  }
}

async function live(world: LedgerWorld, ids: readonly number[]): Promise<KnownEntries> {
  const known = await world.committer.view(() =>
    ids.flatMap((id) => {
      const balance = world.books.peekBalance(id)
      return balance === undefined ? [] : [[id, balance.lastEntry] as const]
    }),
  )
  return new Map(known)
}

describe('balances as of a batch', () => {
  it('are what replaying the journal up to it gives, for every account at every batch', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const world = await startLedgerWorld()
        const ids: number[] = []
        for (let n = 0; n < ACCOUNTS; n += 1) ids.push(await world.open(n % 2 === 0 ? '1002' : '2003'))
        await play(world, ids, steps)
        const expected = await replayedHistory(world, ids)
        const known = await live(world, ids)
        const compare = async (entries: KnownEntries) => {
          for (const [batch, balances] of expected.entries()) {
            const found = await world.institution.db.read((tx) => balancesAsOf(tx, ids, batch, entries))
            expect(Object.fromEntries(found), `batch ${batch}`).toEqual(Object.fromEntries(balances))
          }
        }
        await compare(known)
        await compare(new Map())
        await world.committer.stop()
        await compare(new Map())
        await compare(known)
        await everyStretch(world, expected, ids)
        await world.institution.drop()
      }),
      { numRuns: 6 },
    )
  })
})

/** Any stretch of an account's entries tells each number once, with the balance that replay gives. */
async function everyStretch(
  world: LedgerWorld,
  expected: readonly ReadonlyMap<number, Balance>[],
  ids: readonly number[],
): Promise<void> {
  for (const id of ids) {
    const end = expected.at(-1)?.get(id) ?? ZERO_BALANCE
    const { sequence } = end
    if (end.lastEntry === null) continue
    const last = { sequence, location: end.lastEntry }
    for (const [low, high] of [
      [1, sequence],
      [Math.min(64, sequence), Math.min(64, sequence)],
      [Math.ceil(sequence / 2), sequence],
      [1, Math.ceil(sequence / 3)],
    ] as const) {
      const entries = await world.institution.db.read((tx) => readEntries(tx, id, low, high, last))
      expect(entries.map((entry) => entry.sequence)).toEqual(
        Array.from({ length: high - low + 1 }, (_, index) => low + index),
      )
      for (const entry of entries) {
        const before = expected[entry.transfer.batch]?.get(id)
        if (before?.sequence !== entry.sequence) continue
        const net = before.creditsPosted - before.debitsPosted
        expect([net, -net]).toContain(entry.balanceMinor)
      }
    }
  }
}

describe('a point of the journal', () => {
  it('is the last batch that is not after a time or a day, and says whether more may come', async () => {
    const world = await startLedgerWorld()
    const first = await world.open('1002')
    const second = await world.open('2003')
    await world.committer.submit({ kind: world.commands.post, input: { legs: [move(first, second, 1n)], raw: true } })
    await world.committer.submit({ kind: world.commands.closeDay, input: { next: '2026-11-23' } })
    await world.committer.submit({ kind: world.commands.post, input: { legs: [move(first, second, 1n)], raw: true } })
    const find = (wanted: Parameters<typeof findPoint>[1]) => world.institution.db.read((tx) => findPoint(tx, wanted))
    const third = await find({ batch: 3 })
    expect(third).toMatchObject({ batch: 3, accountingDay: '2026-11-22', final: true })
    const at = third?.at ?? 0
    expect(await find({ at })).toMatchObject({ batch: 3, final: true })
    expect(await find({ at: at - 1 })).toMatchObject({ batch: 2, final: true })
    expect(await find({ at: 1 })).toEqual({ batch: 0, at: 0, accountingDay: null, lastCounter: 0, final: true })
    expect(await find({ day: '2026-11-22' })).toMatchObject({ batch: 4, final: true })
    expect(await find({ day: '2026-11-23' })).toMatchObject({ batch: 5, final: false })
    expect(await find({ day: '2027-01-01' })).toMatchObject({ batch: 5, final: false })
    expect(await find({ at: at + 1e12 })).toMatchObject({ batch: 5, final: false })
    expect(await find('newest')).toMatchObject({ batch: 5, final: false })
    expect(await find({ batch: 6 })).toBeUndefined()
    await world.committer.stop()
  })
})
