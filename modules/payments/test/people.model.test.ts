import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expireDueMoneyRequests, releaseDueTransfers } from '../src/index.ts'
import { MINUTE, type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

/*
 * Random transfers with recall, requests, bills and passing of time, many at once, on three people. The oracle is arithmetic over what the
 * rows say in the end: nobody has gained or lost but by what was sent, and money is held only for what is held.
 */

let world: PaymentsWorld

beforeAll(async () => {
  world = await startPaymentsWorld(41)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

const person = fc.nat(2)
const amount = fc.bigInt(1n, 3_000n)
const pick = fc.nat(7)
const step = fc.oneof(
  fc.record({
    do: fc.constant('delay' as const),
    person,
    other: person,
    amount,
    number: fc.constantFrom('1', '2', '3'),
  }),
  fc.record({ do: fc.constant('recall' as const), person, number: fc.constantFrom('1', '2', '3') }),
  fc.record({ do: fc.constant('ask' as const), person, other: person, amount }),
  fc.record({ do: fc.constant('split' as const), person, amount }),
  fc.record({ do: fc.constant('close' as const), person, pick }),
  fc.record({
    ...{ do: fc.constant('answer' as const), person, pick },
    action: fc.constantFrom('pay' as const, 'pay' as const, 'decline' as const, 'cancel' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 2, 30) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const LIFE = 24 * 60 * MINUTE
const fen = (text: string | undefined) => BigInt((text ?? '').replace('.', ''))

async function play(one: Step, cast: readonly number[]): Promise<void> {
  const { committer, payments, queries, institution } = world
  const who = 'person' in one ? (cast[one.person] ?? 0) : 0
  switch (one.do) {
    case 'delay': {
      const terms = { payer: who, payee: cast[one.other] ?? 0, transferNumber: one.number, amountMinor: one.amount }
      const input = { ...terms, title: null, remark: null, delay: 120 * MINUTE }
      await committer.submit({ kind: payments.delayTransfer, input })
      return
    }
    case 'recall':
      await committer.submit({ kind: payments.recallTransfer, input: { payer: who, transferNumber: one.number } })
      return
    case 'ask': {
      const input = { asker: who, payer: cast[one.other] ?? 0, amountMinor: one.amount, note: null, life: LIFE }
      await committer.submit({ kind: payments.askForMoney, input })
      return
    }
    case 'split': {
      const shares = cast.filter((id) => id !== who).map((payer) => ({ payer, amountMinor: null }))
      const input = { owner: who, title: 'Dinner', totalMinor: one.amount, shares, life: LIFE }
      await committer.submit({ kind: payments.splitBill, input })
      return
    }
    case 'close': {
      const bills = await queries.people.splitBills({ customer: who, limit: 8 })
      await committer.submit({ kind: payments.closeBill, input: { bill: bills[one.pick]?.id ?? 1, owner: who } })
      return
    }
    case 'answer': {
      const requests = await queries.people.moneyRequests({ customer: who, limit: 8 })
      const input = { request: requests[one.pick]?.id ?? 1, customer: who, action: one.action }
      await committer.submit({ kind: payments.answerMoneyRequest, input })
      return
    }
    case 'wait': {
      world.clock.advance(one.hours * 60 * MINUTE)
      const jobs = { ...world, db: institution.db }
      await Promise.all([releaseDueTransfers(jobs), expireDueMoneyRequests(jobs)])
    }
  }
}

it('transfers with recall, requests and bills at once leave everybody with what the rows say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), async (steps) => {
      const funds = 5_000n
      const cast = await Promise.all([1, 2, 3].map(() => world.customer(funds)))
      for (let from = 0; from < steps.length; from += 12) {
        await Promise.all(steps.slice(from, from + 12).map((one) => play(one, cast)))
      }
      for (const customer of cast) {
        const delayed = await world.queries.people.delayedTransfers({ customer, limit: 1000 })
        const requests = await world.queries.people.moneyRequests({ customer, limit: 1000 })
        let expected = funds
        for (const { payer, state, amountMinor } of delayed) {
          if (payer === customer && (state === 'held' || state === 'sent')) expected -= amountMinor
          if (payer !== customer && state === 'sent') expected += amountMinor
        }
        for (const { payer, state, amountMinor } of requests) {
          if (state === 'paid') expected += payer === customer ? -amountMinor : amountMinor
        }
        expect(fen(await world.walletOf(customer))).toBe(expected)
        for (const bill of await world.queries.people.splitBills({ customer, limit: 1000 })) {
          const found = await world.queries.people.splitBill(bill.id)
          const shares = found?.shares ?? []
          expect(shares.reduce((sum, share) => sum + share.amountMinor, bill.ownShareMinor)).toBe(bill.totalMinor)
          expect(shares.filter(({ state }) => state === 'open')).toHaveLength(bill.openShares)
          expect(shares.filter(({ state }) => state !== 'open' && state !== 'paid')).toHaveLength(bill.unpaidShares)
        }
      }
    }),
    { numRuns: 25 },
  )
})
