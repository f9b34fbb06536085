import type { Outcome } from '@huitong/committer'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, type MarketingWorld, order, packetOf, startMarketingWorld, told } from './marketing-world.ts'

/*
 * The same random commands on few customers, merchants, coupons and packets: in one institution all at once, so that they meet in mixed
 * batches, in the other one by one. Both must answer the same and end the same. What must hold then is plain arithmetic over what was
 * answered; it shares no code with the decisions.
 */

let atOnce: MarketingWorld
let oneByOne: MarketingWorld

beforeAll(async () => {
  atOnce = await startMarketingWorld(31)
  oneByOne = await startMarketingWorld(31)
})

afterAll(async () => {
  for (const world of [atOnce, oneByOne]) {
    expect(await world.untied()).toEqual([])
    await world.stop()
  }
})

const CUSTOMERS = 3
const MERCHANTS = 2
const CAMPAIGNS = 3

const who = fc.nat(CUSTOMERS - 1)
const where = fc.nat(MERCHANTS - 1)
const number = fc.constantFrom('1', '2', '3', '4', '5')
const minor = fc.bigInt(1n, 3_000n)
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pay' as const), who, where, number, minor }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('refund' as const), where, number, refund: number, minor }) },
  fc.record({ do: fc.constant('cancel' as const), where, number }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), who, campaign: fc.nat(CAMPAIGNS - 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      who,
      number,
      minor,
      parts: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), who, number }) },
  fc.record({ do: fc.constant('move' as const), who, minor }),
  fc.record({ do: fc.constant('close' as const), campaign: fc.nat(CAMPAIGNS - 1) }),
  fc.record({
    do: fc.constant('order' as const),
    who,
    first: fc.constantFrom('coupon' as const, 'red_packet' as const),
  }),
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

interface Cast {
  readonly customers: readonly number[]
  readonly merchants: readonly number[]
  readonly campaigns: readonly number[]
  /** Of each action that pays. */
  readonly codes: readonly string[]
  readonly round: number
}

let rounds = 0

async function castOf(world: MarketingWorld, actions: readonly Action[], round: number): Promise<Cast> {
  const customers: number[] = []
  for (const funds of [4_000n, 9_000n, 0n]) customers.push(await world.customer(funds))
  const merchants = [await world.merchant(6_000), await world.merchant(0)]
  const [own] = merchants
  if (own === undefined) throw new Error('outside the cast')
  // So that the merchant has something to pay coupons from.
  const rich = await world.customer(20_000n)
  const code = await world.paymentCode(rich)
  const input = { ...order(own, `stock-${round}`, 20_000n), codeHash: code }
  answerOf(await world.committer.submit({ kind: world.payments.payByCode, input }))
  const campaigns = [
    await world.campaign({ minimumMinor: 500n, offMinor: 333n, budgetMinor: 900n, perPerson: 2 }),
    await world.campaign({
      ...{ form: 'percent_off', offMinor: null, offBps: 1_500, capMinor: 200n, minimumMinor: 100n },
      ...{ merchant: own, merchants: [own], budgetMinor: 500n },
    }),
    await world.campaign({ minimumMinor: 1n, offMinor: 1n, budgetMinor: 2n, couponsMax: 3 }),
  ]
  const codes: string[] = []
  for (const step of actions) {
    codes.push(step.do === 'pay' ? await world.paymentCode(at(customers, step.who)) : '')
  }
  return { customers, merchants, campaigns, codes, round }
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error('outside the cast')
  return found
}

function play(world: MarketingWorld, step: Action, index: number, cast: Cast): Promise<Outcome<unknown>> {
  const { committer, payments, marketing } = world
  const reference = () => {
    const merchant = 'where' in step ? at(cast.merchants, step.where) : 0
    return { merchant, trade: null, orderNumber: `${cast.round}-${'number' in step ? step.number : ''}` }
  }
  const customer = 'who' in step ? at(cast.customers, step.who) : 0
  const token = `${cast.round}-${'number' in step ? step.number : ''}`
  switch (step.do) {
    case 'pay': {
      const { merchant, orderNumber } = reference()
      const input = { ...order(merchant, orderNumber, step.minor), codeHash: at(cast.codes, index) }
      return committer.submit({ kind: payments.payByCode, input })
    }
    case 'refund': {
      const input = { ...reference(), refundNumber: step.refund, amountMinor: step.minor, reason: null }
      return committer.submit({ kind: payments.refund, input })
    }
    case 'cancel':
      return committer.submit({ kind: payments.cancel, input: reference() })
    case 'claim':
      return committer.submit({
        kind: marketing.claimCoupon,
        input: { campaign: at(cast.campaigns, step.campaign), customer },
      })
    case 'send':
      // One packet a token: a second one would be a broken promise of the door.
      return committer.submit({
        kind: marketing.sendPacket,
        input: packetOf(customer, step.minor, step.parts, `${token}-${index}`),
      })
    case 'open':
      return committer.submit({ kind: marketing.openPacket, input: { tokenHash: `${token}-${index - 1}`, customer } })
    case 'move':
      return committer.submit({ kind: marketing.movePacketMoney, input: { customer, amountMinor: step.minor } })
    case 'close':
      return committer.submit({
        kind: marketing.closeCampaign,
        input: { campaign: at(cast.campaigns, step.campaign), merchant: null },
      })
    case 'order': {
      const input = { customer, order: [step.first, 'balance'] as const }
      return committer.submit({ kind: payments.orderTenders, input })
    }
  }
}

/** What was decided, without times. */
function decided(outcome: Outcome<unknown>): string {
  if (outcome.status !== 'done') return told(outcome)
  return JSON.stringify(outcome.answer, (name, value: unknown) =>
    /At$|Until$|From$|^tradeNumber$/.test(name) ? undefined : value,
  )
}

async function ended(world: MarketingWorld, { customers, merchants, campaigns }: Cast): Promise<readonly unknown[]> {
  await world.committer.flush()
  const rows: unknown[] = []
  for (const customer of customers) rows.push([await world.walletOf(customer), await world.packetMoneyOf(customer)])
  for (const merchant of merchants) rows.push(await world.merchantHas(merchant))
  for (const id of campaigns) {
    const campaign = await world.queries.campaign(id)
    rows.push([campaign?.spentMinor, campaign?.withdrawnMinor, campaign?.claimed])
  }
  return rows
}

describe('payments, refunds, coupons and red packets', () => {
  it('are the same in mixed batches as one by one, and give each tender back what its refunds are worth', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 40, maxLength: 80 }), async (actions) => {
        rounds += 1
        const round = rounds
        const [here, there] = [await castOf(atOnce, actions, round), await castOf(oneByOne, actions, round)]
        expect(here).toEqual(there)
        const met = await Promise.all(actions.map((step, index) => play(atOnce, step, index, here)))
        const apart: Outcome<unknown>[] = []
        for (const [index, step] of actions.entries()) apart.push(await play(oneByOne, step, index, there))
        expect(met.map(decided)).toEqual(apart.map(decided))
        const end = await ended(atOnce, here)
        expect(end).toEqual(await ended(oneByOne, there))
        await checkTrades(atOnce, here)
      }),
      { numRuns: 12, endOnFailure: true },
    )
  }, 240_000)
})

/** What trades say of their tenders, by sums over amounts alone. */
async function checkTrades(world: MarketingWorld, { merchants, campaigns }: Cast): Promise<void> {
  let used = 0n
  for (const merchant of merchants) {
    const trades = await world.wallets.trades({ merchant, limit: 1_000 })
    for (const trade of trades) {
      const view = trade.tenders ?? []
      const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n)
      if (trade.tenders === null) continue
      expect(sum(view.map((part) => part.amountMinor))).toBe(trade.totalMinor)
      expect(sum(view.map((part) => part.returnedMinor))).toBe(trade.refundedMinor)
      const given = sum(view.filter((part) => part.funder !== 'buyer').map((part) => part.amountMinor))
      const back = sum(view.filter((part) => part.funder !== 'buyer').map((part) => part.returnedMinor))
      expect(back).toBe((given * trade.refundedMinor) / trade.totalMinor)
      for (const part of view) expect(part.returnedMinor <= part.amountMinor).toBe(true)
      used += given - back
      const refunds = await world.wallets.refunds(trade.id)
      const toTenders = refunds.flatMap((refund) => refund.tenders ?? [])
      expect(sum(toTenders.map((part) => part.amountMinor))).toBe(trade.refundedMinor)
    }
  }
  let spent = 0n
  for (const id of campaigns) {
    const campaign = await world.queries.campaign(id)
    spent += campaign?.spentMinor ?? 0n
    expect((campaign?.spentMinor ?? 0n) + (campaign?.withdrawnMinor ?? 0n) <= (campaign?.budgetMinor ?? 0n)).toBe(true)
  }
  expect(spent).toBe(used)
}
