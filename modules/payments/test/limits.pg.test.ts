import { adoptLimits } from '@huitong/pricing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expireDueAuthorisations, releaseDueTransfers } from '../src/index.ts'
import { answerOf, MINUTE, order, type PaymentsWorld, startPaymentsWorld, told } from './payments-world.ts'

let world: PaymentsWorld
let merchant: number
let numbers = 0

beforeAll(async () => {
  world = await startPaymentsWorld(7)
  merchant = await world.merchant(6000)
  await adoptLimits({ db: world.institution.db, committer: world.committer, commands: world.pricing.commands })
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

/** Customers of these tests are of class I: 1000.00 in their life. */
async function pay(customer: number, totalMinor: bigint) {
  numbers += 1
  const input = { ...order(merchant, `L-${numbers}`, totalMinor), codeHash: await world.paymentCode(customer) }
  return world.committer.submit({ kind: world.payments.payByCode, input })
}

async function send(payer: number, payee: number, amountMinor: bigint) {
  numbers += 1
  const input = {
    ...{ payer: { kind: 'customer', id: payer } as const, transferNumber: `T-${numbers}` },
    ...{ payee, amountMinor, title: null, remark: null },
  }
  return world.committer.submit({ kind: world.payments.transfer, input })
}

describe('the limits of a person', () => {
  it('hold over payments and transfers together, and a refused one leaves nothing', async () => {
    const [payer, friend] = [await world.customer(500_000n), await world.customer(0n)]
    expect(told(await pay(payer, 60_000n))).toBe('done')
    expect(told(await send(payer, friend, 30_000n))).toBe('done')
    expect(told(await pay(payer, 10_001n))).toBe('payer_lifetime_limit')
    expect(told(await send(payer, friend, 10_001n))).toBe('payer_lifetime_limit')
    expect(await world.walletOf(payer)).toBe('4100.00')
    expect(told(await pay(payer, 10_000n))).toBe('done')
  })

  it('get back what is refunded, in parts', async () => {
    const payer = await world.customer(500_000n)
    const paid = answerOf(await pay(payer, 100_000n))
    const trade = paid.trade.id
    const refund = (refundNumber: string, amountMinor: bigint) =>
      world.committer.submit({
        kind: world.payments.refund,
        input: { merchant, trade, orderNumber: null, refundNumber, amountMinor, reason: null },
      })
    expect(told(await refund('R-1', 30_000n))).toBe('done')
    expect(told(await pay(payer, 30_001n))).toBe('payer_lifetime_limit')
    expect(told(await pay(payer, 30_000n))).toBe('done')
    expect(told(await refund('R-2', 70_000n))).toBe('done')
    expect(told(await pay(payer, 70_000n))).toBe('done')
    expect(told(await pay(payer, 1n))).toBe('payer_lifetime_limit')
  })

  it('count a delayed transfer when its money is held, and get it back when it is recalled', async () => {
    const [payer, payee] = [await world.customer(500_000n), await world.customer(0n)]
    const terms = { payer, transferNumber: 'D-1', payee, amountMinor: 80_000n, title: null, remark: null }
    const delayed = { kind: world.payments.delayTransfer, input: { ...terms, delay: 7_200_000_000 } }
    expect(told(await world.committer.submit(delayed))).toBe('done')
    expect(told(await send(payer, payee, 20_001n))).toBe('payer_day_limit')
    const recall = { kind: world.payments.recallTransfer, input: { payer, transferNumber: 'D-1' } }
    expect(told(await world.committer.submit(recall))).toBe('done')
    expect(told(await send(payer, payee, 100_000n))).toBe('done')
    expect(told(await world.committer.submit(recall))).not.toBe('done')
    expect(told(await send(payer, payee, 10n))).toBe('payer_day_limit')
  })

  it('are those of the proof that the payer gave, and a repeat with another proof gets the first answer', async () => {
    const [payer, payee] = [await world.customer(500_000n), await world.customer(0n)]
    const submit = (transferNumber: string, strength: 'one_factor' | 'contract', amountMinor: bigint) =>
      world.committer.submit({
        kind: world.payments.transfer,
        input: {
          ...{ payer: { kind: 'customer', id: payer } as const, transferNumber, payee, amountMinor },
          ...{ title: null, remark: null, strength },
        },
        idempotency: { caller: `customer:${payer}`, key: transferNumber },
      })
    expect(told(await submit('P-1', 'one_factor', 100_000n))).toBe('done')
    expect(told(await submit('P-2', 'one_factor', 10n))).toBe('payer_day_limit')
    expect(told(await submit('P-2', 'contract', 10n))).toBe('payer_day_limit')
    // By contract the day has room; it is the class of the account that has none.
    expect(told(await submit('P-3', 'contract', 10n))).toBe('payer_lifetime_limit')
  })

  it('let exactly as many of a hundred payments at once through as they allow', async () => {
    const payer = await world.customer(5_000_000n)
    const told100 = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const customer = { kind: 'customer', id: payer } as const
        numbers += 1
        const input = { payer: customer, transferNumber: `M-${numbers}`, payee: merchantFriend, amountMinor: 3000n }
        const kind = world.payments.transfer
        return told(await world.committer.submit({ kind, input: { ...input, title: null, remark: null } }))
      }),
    )
    expect(told100.filter((one) => one === 'done')).toHaveLength(33)
    expect(told100.filter((one) => one === 'payer_day_limit')).toHaveLength(67)
  })
})

describe('many that end by time at once', () => {
  const MANY = 20
  const NAMES = Array.from({ length: MANY }, (_, index) => `E-${index}`)

  it('give back what they promised: authorisations', async () => {
    const { committer, payments, clock } = world
    const payers = await Promise.all(NAMES.map(() => world.customer(100_000n)))
    for (const [index, payer] of payers.entries()) {
      const number = NAMES[index] ?? ''
      const asked = { merchant, authorisationNumber: number, requestNumber: number, title: 'Deposit', details: {} }
      const codeHash = await world.paymentCode(payer)
      const input = { ...asked, amountMinor: 100_000n, codeHash, expiresAt: clock.now() + 60 * MINUTE }
      answerOf(await committer.submit({ kind: payments.authorise, input }))
    }
    clock.set(clock.now() + 61 * MINUTE)
    expect(await expireDueAuthorisations({ db: world.institution.db, committer, payments, clock })).toBe(MANY)
    for (const payer of payers) {
      expect(await world.walletOf(payer)).toBe('1000.00')
      expect(told(await pay(payer, 100_000n))).toBe('done')
    }
  })

  it('give back what they promised: delayed transfers to somebody who is blocked meanwhile', async () => {
    const { committer, payments, clock } = world
    const payee = await world.customer(0n)
    const payers = await Promise.all(NAMES.map(() => world.customer(100_000n)))
    const terms = { payee, amountMinor: 100_000n, title: null, remark: null, delay: 7_200_000_000 }
    for (const [index, payer] of payers.entries()) {
      const input = { ...terms, payer, transferNumber: NAMES[index] ?? '' }
      answerOf(await committer.submit({ kind: payments.delayTransfer, input }))
    }
    const blocking = { customerId: payee, status: 'frozen' as const }
    answerOf(await committer.submit({ kind: world.party.commands.setCustomerStatus, input: blocking }))
    clock.set(clock.now() + 121 * MINUTE)
    expect(await releaseDueTransfers({ db: world.institution.db, committer, payments, clock })).toBe(MANY)
    for (const payer of payers) {
      expect(await world.walletOf(payer)).toBe('1000.00')
      expect(told(await pay(payer, 100_000n))).toBe('done')
    }
  })
})

let merchantFriend: number
beforeAll(async () => {
  merchantFriend = await world.customer(0n)
})
