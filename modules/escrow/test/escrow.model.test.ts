import type { Outcome } from '@huitong/committer'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EscrowAnswer } from '../src/step-kind.ts'
import { asBuyer, asMerchant, asStaff, DAY, type EscrowWorld, MINUTE, startEscrowWorld } from './escrow-world.ts'
import { Oracle } from './oracle.ts'

/*
 * Random steps of buyers, merchants and staff on a few trades, sent at once so that they meet, and time passing between the waves. The
 * oracle knows of each trade only the requests that were granted, in the order of its history, and does its own arithmetic.
 */

let world: EscrowWorld

beforeAll(async () => {
  world = await startEscrowWorld(77)
})

afterAll(async () => {
  expect(await world.imbalance()).toBe(0n)
  expect(await world.untied()).toEqual([])
  await world.stop()
})

const TRADES = 3
const trade = fc.nat(TRADES - 1)
const amount = fc.bigInt(1n, 6_000n)
const part = fc.integer({ min: 1, max: 3 })
const side = fc.constantFrom('buyer' as const, 'merchant' as const)
const judge = fc.integer({ min: 1, max: 2 })

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pay' as const), trade }) },
  fc.record({ do: fc.constant('close' as const), trade }),
  fc.record({ do: fc.constant('cancel' as const), trade, side }),
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ship' as const), trade, amount: fc.option(amount) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('confirm' as const), trade, part: fc.option(part) }) },
  fc.record({ do: fc.constant('extend' as const), trade, part }),
  { weight: 6, arbitrary: fc.record({ do: fc.constant('dispute' as const), trade, part, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('offer' as const), trade, part, side, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('accept' as const), trade, part, side }) },
  fc.record({ do: fc.constant('withdraw' as const), trade, part }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('escalate' as const), trade, part, side }) },
  fc.record({ do: fc.constant('evidence' as const), trade, part, side }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('propose' as const), trade, part, judge, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('approve' as const), trade, part, judge }) },
  fc.record({ do: fc.constant('reject' as const), trade, part, judge }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund' as const), trade, amount }) },
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

interface Play {
  readonly trade: number
  readonly buyer: number
  readonly merchant: number
}

async function play(step: Action, { trade, buyer, merchant }: Play): Promise<Outcome<EscrowAnswer>> {
  const { committer, escrow, queries } = world
  const bought = { trade, actor: asBuyer(buyer) }
  const sold = { trade, actor: asMerchant(merchant) }
  const by = (who: 'buyer' | 'merchant') => (who === 'buyer' ? bought : sold)
  switch (step.do) {
    case 'pay':
      return committer.submit({ kind: escrow.pay, input: bought })
    case 'close':
      return committer.submit({ kind: escrow.close, input: sold })
    case 'cancel':
      return committer.submit({ kind: escrow.cancel, input: by(step.side) })
    case 'ship': {
      const input = { ...sold, carrier: 'SF', trackingNumber: 'SF1', amountMinor: step.amount }
      return committer.submit({ kind: escrow.ship, input })
    }
    case 'confirm':
      return committer.submit({ kind: escrow.confirm, input: { ...bought, shipment: step.part } })
    case 'extend':
      return committer.submit({ kind: escrow.extend, input: { ...bought, shipment: step.part } })
    case 'dispute': {
      const input = { ...bought, shipment: step.part, claimMinor: step.amount, reason: 'Stale' }
      return committer.submit({ kind: escrow.dispute, input })
    }
    case 'offer': {
      const input = { ...by(step.side), dispute: step.part, refundMinor: step.amount - 1n }
      return committer.submit({ kind: escrow.offer, input })
    }
    case 'accept': {
      // What the other side offered when this one looked; it may have changed by the time it is decided.
      const seen = (await queries.escrow(trade))?.disputes.find((dispute) => dispute.number === step.part)
      const standing = step.side === 'buyer' ? seen?.merchantOfferMinor : seen?.buyerOfferMinor
      const input = { ...by(step.side), dispute: step.part, refundMinor: standing ?? 0n }
      return committer.submit({ kind: escrow.accept, input })
    }
    case 'withdraw':
      return committer.submit({ kind: escrow.withdraw, input: { ...bought, dispute: step.part } })
    case 'escalate':
      return committer.submit({ kind: escrow.escalate, input: { ...by(step.side), dispute: step.part } })
    case 'evidence': {
      const input = { ...by(step.side), dispute: step.part, statement: 'It was so', documents: [] }
      return committer.submit({ kind: escrow.addEvidence, input })
    }
    case 'propose': {
      const about = { trade, dispute: step.part, actor: asStaff(step.judge), refundMinor: step.amount - 1n }
      return committer.submit({ kind: escrow.propose, input: { ...about, reason: 'So it seems' } })
    }
    case 'approve': {
      const seen = (await queries.escrow(trade))?.disputes.find((dispute) => dispute.number === step.part)
      const refundMinor = seen?.proposal?.refundMinor ?? 0n
      const input = { trade, dispute: step.part, actor: asStaff(step.judge), refundMinor }
      return committer.submit({ kind: escrow.approve, input })
    }
    case 'reject':
      return committer.submit({ kind: escrow.reject, input: { trade, dispute: step.part, actor: asStaff(step.judge) } })
    case 'refund':
      return committer.submit({ kind: escrow.refund, input: { ...sold, amountMinor: step.amount } })
  }
}

const FUNDS = 9_000n

describe('buyers, merchants, staff and time at once', () => {
  it('leave every wallet, merchant and escrow account with what the oracle predicts, and nothing held for ever', async () => {
    let granted = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(action, { minLength: 1, maxLength: 12 }), { minLength: 3, maxLength: 7 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 7, maxLength: 7 }),
        async (waves, pauses) => {
          const rates = [6_000, 0, 100_000]
          const plays: Play[] = []
          for (let index = 0; index < TRADES; index += 1) {
            const [buyer, merchant] = [await world.customer(FUNDS), await world.merchant(rates[index] ?? 0)]
            const terms = { merchant, orderNumber: '1', buyer, subject: 'Tea', totalMinor: 8_001n, expiresAt: null }
            const input = { ...terms, actor: asMerchant(merchant) }
            const opened = await world.committer.submit({ kind: world.escrow.open, input })
            if (opened.status !== 'done') throw new Error(opened.status)
            plays.push({ trade: opened.answer.escrow.id, buyer, merchant })
          }
          const accepted = new Map<number, number>()
          for (const [index, wave] of waves.entries()) {
            const outcomes = await Promise.all(
              wave.map(async (step) => {
                const of = plays[step.trade]
                if (of === undefined) throw new Error('outside the cast')
                return { trade: of.trade, outcome: await play(step, of) }
              }),
            )
            for (const { trade: id, outcome } of outcomes) {
              expect(['done', 'refused']).toContain(outcome.status)
              if (outcome.status === 'done') accepted.set(id, (accepted.get(id) ?? 0) + 1)
            }
            world.clock.advance((pauses[index] ?? 0) * DAY)
            await world.lapse()
          }
          const check = async (atTheEnd: boolean) => {
            for (const [index, { trade: id, buyer, merchant }] of plays.entries()) {
              const steps = await world.queries.steps(id)
              const oracle = new Oracle(8_001n, BigInt(rates[index] ?? 0))
              for (const step of steps) oracle.apply(step)
              expect(oracle.problems).toEqual([])
              expect(await world.walletOf(buyer)).toBe(FUNDS + oracle.buyerGainedMinor)
              expect(await world.merchantHas(merchant)).toBe(oracle.merchantGainedMinor)
              const stored = await world.queries.escrow(id)
              expect(stored?.trade.steps).toBe(steps.length)
              const { unshippedMinor = 0n, openMinor = 0n, disputedMinor = 0n } = stored?.trade ?? {}
              expect(unshippedMinor + openMinor + disputedMinor).toBe(oracle.heldMinor)
              // A confirmation of several shipments is several steps, so there are at least as many steps as granted requests.
              const byPeople = steps.filter((step) => step.actor.kind !== 'time').length
              expect(byPeople - 1).toBeGreaterThanOrEqual(accepted.get(id) ?? 0)
              if (atTheEnd) expect([oracle.heldMinor, stored?.trade.dueAt]).toEqual([0n, null])
              granted += accepted.get(id) ?? 0
            }
          }
          await check(false)
          for (let rounds = 0; rounds < 6; rounds += 1) {
            world.clock.advance(31 * DAY + MINUTE)
            await world.lapse()
          }
          await check(true)
        },
      ),
      { numRuns: 20 },
    )
    expect(granted).toBeGreaterThan(100)
  }, 240_000)
})
