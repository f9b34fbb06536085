import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Trade } from '../src/index.ts'
import { order, type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

/*
 * Random commands of all kinds, sent at once by many clients on few customers, merchants and order numbers, so that they meet. The oracle
 * is plain arithmetic over what was answered and what the trades say in the end; it shares no code with the decisions.
 */

let world: PaymentsWorld

beforeAll(async () => {
  world = await startPaymentsWorld(5)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

const CUSTOMERS = 3
const MERCHANTS = 2

const someone = fc.nat(CUSTOMERS - 1)
const somewhere = fc.nat(MERCHANTS - 1)
const number = fc.constantFrom('1', '2', '3', '4')
const amount = fc.bigInt(1n, 3_000n)
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pay-by-code' as const), someone, somewhere, number, amount }) },
  fc.record({ do: fc.constant('create' as const), someone, somewhere, number, amount }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pay' as const), someone, somewhere, number }) },
  fc.record({ do: fc.constant('close' as const), somewhere, number }),
  fc.record({ do: fc.constant('cancel' as const), somewhere, number }),
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('refund' as const), somewhere, number, amount, refund: number }),
  },
  fc.record({ do: fc.constant('transfer' as const), someone, payee: someone, number, amount }),
  fc.record({ do: fc.constant('pay-out' as const), somewhere, payee: someone, number, amount }),
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

interface Cast {
  readonly customers: readonly number[]
  readonly merchants: readonly number[]
}

function at(list: readonly number[], index: number): number {
  const found = list[index]
  if (found === undefined) throw new Error('outside the cast')
  return found
}

/** What the answer of a command says that moved between a payer and a payee outside of trades. */
interface Moved {
  readonly payer: number
  readonly payee: number
  readonly minor: bigint
}

async function play(step: Action, cast: Cast, code: string): Promise<Moved | undefined> {
  const { committer, payments, queries } = world
  const merchant = 'somewhere' in step ? at(cast.merchants, step.somewhere) : 0
  const reference = { merchant, trade: null, orderNumber: `${merchant}-${step.number}` }
  switch (step.do) {
    case 'pay-by-code': {
      const input = { ...order(merchant, reference.orderNumber, step.amount), codeHash: code }
      await committer.submit({ kind: payments.payByCode, input })
      return undefined
    }
    case 'create': {
      const input = { ...order(merchant, reference.orderNumber, step.amount), buyer: at(cast.customers, step.someone) }
      await committer.submit({ kind: payments.create, input })
      return undefined
    }
    case 'pay': {
      const found = await queries.findTrade({ merchant, tradeNumber: null, orderNumber: reference.orderNumber })
      const input = { trade: found?.id ?? 1, customer: at(cast.customers, step.someone) }
      await committer.submit({ kind: payments.pay, input })
      return undefined
    }
    case 'close':
      await committer.submit({ kind: payments.close, input: reference })
      return undefined
    case 'cancel':
      await committer.submit({ kind: payments.cancel, input: reference })
      return undefined
    case 'refund': {
      const input = { ...reference, refundNumber: step.refund, amountMinor: step.amount, reason: null }
      await committer.submit({ kind: payments.refund, input })
      return undefined
    }
    case 'transfer':
    case 'pay-out': {
      const payer =
        step.do === 'transfer'
          ? ({ kind: 'customer', id: at(cast.customers, step.someone) } as const)
          : ({ kind: 'merchant', id: merchant } as const)
      const payee = at(cast.customers, step.payee)
      const input = { payer, payee, transferNumber: step.number, amountMinor: step.amount, title: null, remark: null }
      const outcome = await committer.submit({ kind: payments.transfer, input })
      const moved = outcome.status === 'done' && outcome.answer.changed
      return moved ? { payer: payer.id, payee, minor: step.amount } : undefined
    }
  }
}

const fen = (text: string | undefined) => BigInt((text ?? '').replace('.', ''))
const sum = (list: readonly bigint[]) => list.reduce((total, one) => total + one, 0n)

describe('payments, refunds, closings and transfers at once', () => {
  it('leave every wallet and merchant with what the trades and answers say, and refuse the rest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), async (steps) => {
        const funds = 5_000n
        const cast: Cast = {
          customers: await Promise.all(Array.from({ length: CUSTOMERS }, () => world.customer(funds))),
          merchants: await Promise.all([world.merchant(6_000), world.merchant(100_000)]),
        }
        const codes: string[] = []
        for (const step of steps) {
          const shown = step.do === 'pay-by-code' && codes.length < 18
          codes.push(shown ? await world.paymentCode(at(cast.customers, step.someone)) : '00'.repeat(32))
        }
        const before = await world.queries.totals()
        const moved: Moved[] = []
        // Two waves, so that the second meets what the first left behind.
        const half = Math.ceil(steps.length / 2)
        for (const [from, to] of [
          [0, half],
          [half, steps.length],
        ] as const) {
          const wave = steps.slice(from, to).map((step, index) => play(step, cast, codes[from + index] ?? ''))
          for (const one of await Promise.all(wave)) if (one !== undefined) moved.push(one)
        }
        const trades: Trade[] = []
        for (const merchant of cast.merchants) trades.push(...(await world.queries.trades({ merchant, limit: 20 })))
        for (const trade of trades) {
          const refunds = await world.queries.refunds(trade.id)
          expect(sum(refunds.map((refund) => refund.amountMinor))).toBe(trade.refundedMinor)
          expect(sum(refunds.map((refund) => refund.feeReturnedMinor))).toBe(trade.feeReturnedMinor)
        }
        for (const customer of cast.customers) {
          const spent = trades
            .filter((trade) => trade.buyer === customer)
            .map((trade) => trade.paidMinor - trade.refundedMinor)
          const sent = moved.filter((one) => one.payer === customer).map((one) => one.minor)
          const got = moved.filter((one) => one.payee === customer).map((one) => one.minor)
          expect(fen(await world.walletOf(customer))).toBe(funds - sum(spent) - sum(sent) + sum(got))
        }
        for (const merchant of cast.merchants) {
          const kept = trades
            .filter((trade) => trade.merchant === merchant)
            .map((trade) => trade.paidMinor - trade.refundedMinor - trade.feeMinor + trade.feeReturnedMinor)
          const sent = moved.filter((one) => one.payer === merchant).map((one) => one.minor)
          expect(fen(await world.merchantHas(merchant))).toBe(sum(kept) - sum(sent))
        }
        const after = await world.queries.totals()
        expect(after.paidMinor - before.paidMinor).toBe(sum(trades.map((trade) => trade.paidMinor)))
        expect(after.refundedMinor - before.refundedMinor).toBe(sum(trades.map((trade) => trade.refundedMinor)))
        expect(after.transferredMinor - before.transferredMinor).toBe(sum(moved.map((one) => one.minor)))
      }),
      { numRuns: 25 },
    )
  })
})
