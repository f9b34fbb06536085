import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TransferInput } from '../src/index.ts'
import { answerOf, order, type PaymentsWorld, startPaymentsWorld, told } from './payments-world.ts'

let world: PaymentsWorld
let alice: number
let bob: number

beforeAll(async () => {
  world = await startPaymentsWorld(3)
  alice = await world.customer(10_000n)
  bob = await world.customer(0n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

function transfer(change: Partial<TransferInput>) {
  const input: TransferInput = {
    payer: { kind: 'customer', id: alice },
    transferNumber: 'T',
    payee: bob,
    amountMinor: 100n,
    title: null,
    remark: null,
    ...change,
  }
  return world.committer.submit({ kind: world.payments.transfer, input })
}

describe('a transfer between wallets', () => {
  it('moves the money once per number, and tells of data that differ', async () => {
    const first = answerOf(await transfer({ transferNumber: 'T-1', title: 'Rent' }))
    expect(first).toMatchObject({ changed: true, transfer: { amount: '1.00', payee: bob, title: 'Rent' } })
    const { id, number } = first.transfer ?? { id: 0, number: '' }
    expect(number).toMatch(/^\d{28}$/)
    expect(answerOf(await transfer({ transferNumber: 'T-1' }))).toEqual({ ...first, changed: false })
    expect(told(await transfer({ transferNumber: 'T-1', amountMinor: 101n }))).toBe('transfer_inconsistent')
    expect(await world.walletOf(bob)).toBe('1.00')
    const payer = { kind: 'customer' as const, id: alice }
    expect((await world.queries.transferByLongNumber(payer, number))?.id).toBe(id)
    const stranger = { kind: 'customer' as const, id: bob }
    expect(await world.queries.transferByLongNumber(stranger, number)).toBeUndefined()
    expect((await world.queries.transferByNumber(payer, 'T-1'))?.amountMinor).toBe(100n)
  })

  it('is made once when fifty of the same come at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => transfer({ transferNumber: 'T-2' })))
    expect(outcomes.map(answerOf).filter((answer) => answer.changed)).toHaveLength(1)
    expect(await world.walletOf(bob)).toBe('2.00')
  })

  it.each([
    ['to oneself', () => transfer({ payee: alice }), 'payer_is_payee'],
    ['to nobody', () => transfer({ payee: 1024 }), 'payee_not_found'],
    ['from nobody', () => transfer({ payer: { kind: 'customer', id: 1024 } }), 'customer_not_found'],
    ['from no merchant', () => transfer({ payer: { kind: 'merchant', id: 1024 } }), 'merchant_not_found'],
    ['of too little', () => transfer({ amountMinor: 9n }), 'amount_out_of_range'],
    ['of more than there is', () => transfer({ amountMinor: 1_000_000n }), 'payer_without_funds'],
  ])('is refused %s', async (_, ask, code) => {
    const before = await world.walletOf(alice)
    expect(told(await ask())).toBe(code)
    expect(await world.walletOf(alice)).toBe(before)
  })

  it('is refused to a frozen payee', async () => {
    const frozen = await world.customer(0n)
    const kind = world.party.commands.setCustomerStatus
    await world.committer.submit({ kind, input: { customerId: frozen, status: 'frozen' } })
    expect(told(await transfer({ payee: frozen }))).toBe('payee_blocked')
  })
})

describe('the running totals and lists', () => {
  it('count what was paid, refunded and transferred, and nothing that was refused', async () => {
    const before = await world.queries.totals()
    const merchant = await world.merchant(6000)
    const ids: number[] = []
    for (let index = 0; index < 5; index += 1) {
      const codeHash = await world.paymentCode(alice)
      const input = { ...order(merchant, `L-${index}`, 100n), codeHash }
      ids.unshift(answerOf(await world.committer.submit({ kind: world.payments.payByCode, input })).trade.id)
    }
    const reference = { merchant, trade: ids[0] ?? 0, orderNumber: null }
    const refund = { ...reference, refundNumber: null, amountMinor: 100n, reason: null }
    answerOf(await world.committer.submit({ kind: world.payments.refund, input: refund }))
    told(await transfer({ transferNumber: 'T-9', amountMinor: 1_000_000n }))
    expect(await world.queries.totals()).toEqual({
      ...before,
      payments: before.payments + 5n,
      paidMinor: before.paidMinor + 500n,
      refunds: before.refunds + 1n,
      refundedMinor: before.refundedMinor + 100n,
    })
    const first = await world.queries.trades({ merchant, limit: 2 })
    expect(first.map((trade) => trade.id)).toEqual(ids.slice(0, 3))
    const last = first[1]
    if (last === undefined) throw new Error('no second trade')
    const rest = await world.queries.trades({ merchant, limit: 5, after: last })
    expect(rest.map((trade) => trade.id)).toEqual(ids.slice(2))
    const closed = await world.queries.trades({ buyer: alice, state: 'closed', limit: 5 })
    expect(closed.map((trade) => trade.id)).toEqual([ids[0]])
  })
})
