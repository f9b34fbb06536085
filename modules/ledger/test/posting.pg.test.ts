import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
})

afterAll(() => world.committer.stop())

function post(legs: Parameters<typeof move>[] | ReturnType<typeof move>[], key?: string) {
  const input = { legs: legs.map((leg) => (Array.isArray(leg) ? move(...leg) : leg)), raw: true }
  return world.committer.submit({
    kind: world.commands.post,
    input,
    ...(key === undefined ? {} : { idempotency: { caller: 'test', key } }),
  })
}

describe('posting', () => {
  it('moves money and tells the ids of the transfers', async () => {
    const outcome = await post([[bank, alice, 10_000n]])
    expect(outcome).toMatchObject({ status: 'done', repeated: false })
    const rows = await world.institution.db.read(
      (tx) => tx.sql<{ credit_balance_minor: bigint }[]>`
        select credit_balance_minor from ledger_transfers where credit_account = ${alice} order by credit_sequence desc limit 1`,
    )
    expect(rows[0]?.credit_balance_minor).toBe(10_000n)
  })

  it('refuses what the floor forbids and changes nothing, also for the legs before it', async () => {
    const outcome = await post([
      [alice, bob, 1n],
      [alice, bob, 10_000n],
    ])
    expect(outcome).toMatchObject({ status: 'refused', refusal: { code: 'insufficient_funds', facts: { leg: '1' } } })
    const [row] = await world.institution.db.read(
      (tx) => tx.sql<{ count: bigint }[]>`select count(*) from ledger_transfers where debit_account = ${alice}`,
    )
    expect(row?.count).toBe(0n)
  })

  it('answers a repeat under the same key with the first answer and another request with a conflict', async () => {
    const first = await post([[alice, bob, 100n]], 'k1')
    const again = await post([[alice, bob, 100n]], 'k1')
    const other = await post([[alice, bob, 101n]], 'k1')
    expect(first).toMatchObject({ status: 'done', repeated: false })
    expect(again).toMatchObject({ status: 'done', repeated: true })
    expect(first.status === 'done' && again.status === 'done' && first.answer).toEqual(
      again.status === 'done' && again.answer,
    )
    expect(other.status).toBe('key_conflict')
  })

  it('makes one effect of a hundred equal requests at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => post([[alice, bob, 7n]], 'hundred')))
    expect(outcomes.filter((outcome) => outcome.status === 'done' && !outcome.repeated)).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.status === 'done')).toHaveLength(100)
  })

  it('captures a hold in parts and gives the rest back', async () => {
    const held = await post([promise(alice, bob, 1_000n)])
    if (held.status !== 'done') throw new Error('not held')
    const [hold = 0] = held.answer.transfers
    const part = await world.committer.submit({
      kind: world.commands.post,
      input: { legs: [{ type: 'capture', hold, amountMinor: 400n, final: false }], raw: true },
    })
    expect(part.status).toBe('done')
    const over = await world.committer.submit({
      kind: world.commands.post,
      input: { legs: [{ type: 'capture', hold, amountMinor: 601n, final: true }], raw: true },
    })
    expect(over).toMatchObject({ status: 'refused', refusal: { code: 'exceeds_hold' } })
    const last = await world.committer.submit({
      kind: world.commands.post,
      input: { legs: [{ type: 'capture', hold, amountMinor: 500n, final: true }], raw: true },
    })
    expect(last.status).toBe('done')
    const again = await world.committer.submit({
      kind: world.commands.post,
      input: { legs: [{ type: 'void', hold }], raw: true },
    })
    expect(again).toMatchObject({ status: 'refused', refusal: { code: 'hold_already_captured' } })
  })
})
