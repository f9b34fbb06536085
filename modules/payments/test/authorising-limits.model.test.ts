import { addDays, beijingDay, CNY, startOfBeijingDay } from '@huitong/kernel'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, order, type PaymentsWorld, START, startPaymentsWorld, told } from './payments-world.ts'

/*
 * What authorisations, captures, releases, ends and refunds leave of a person's limits, over days and years, against an oracle that keeps
 * one entry for each promise and adds them up anew each time: it counts on the day of the promise, and whatever comes back of it comes
 * back there.
 */

const HOUR = 3_600_000_000
const DAY_LIMIT = 400n
const LIFETIME_LIMIT = 1_500n

let world: PaymentsWorld
let merchant: number
let now = START
let numbers = 0

beforeAll(async () => {
  world = await startPaymentsWorld(31)
  merchant = await world.merchant(6_000)
  const origin = { currency: CNY, effectiveFrom: '2020-01-01', effectiveTo: null, instrument: 'rule', source: 'test' }
  const input = [
    { id: 'payment.two-factors.day', amountMinor: DAY_LIMIT, ...origin },
    { id: 'payment-account.class-1.lifetime', amountMinor: LIFETIME_LIMIT, ...origin },
  ] as const
  answerOf(await world.committer.submit({ kind: world.pricing.commands.adoptParameters, input }))
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

const which = fc.nat(11)
const amount = fc.bigInt(1n, 300n)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('authorise' as const), amount, days: fc.constantFrom(1, 40) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('capture' as const), which, amount, final: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('refund' as const), which, amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), which, amount }) },
  fc.record({ do: fc.constant('cancel' as const), which }),
  fc.record({ do: fc.constant('expire' as const) }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 8, 16, 24, 24 * 41) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** One promise: when it was given, what of it still counts, and what of it is still held. */
interface Promised {
  readonly id: number
  readonly at: number
  readonly expiresAt: number
  counts: bigint
  held: bigint
}

interface Captured {
  readonly trade: number
  readonly of: Promised
  left: bigint
}

interface History {
  readonly payer: number
  readonly promises: Promised[]
  readonly captures: Captured[]
}

const yearOf = (at: number) => beijingDay(at).slice(0, 4)

function counted({ promises }: History, counts: (promise: Promised) => boolean): bigint {
  return promises.filter(counts).reduce((sum, promise) => sum + promise.counts, 0n)
}

const today = (history: History) => counted(history, ({ at }) => beijingDay(at) === beijingDay(now))

async function play(step: Step, history: History): Promise<void> {
  const { committer, payments } = world
  const { payer, promises, captures } = history
  numbers += 1
  const number = String(numbers)
  switch (step.do) {
    case 'wait':
      now += step.hours * HOUR
      world.clock.set(now)
      return
    case 'authorise': {
      const expiresAt = now + step.days * 24 * HOUR
      const asked = { merchant, authorisationNumber: number, requestNumber: number, title: 'Deposit', details: {} }
      const codeHash = await world.paymentCode(payer)
      const input = { ...asked, amountMinor: step.amount, codeHash, expiresAt }
      const outcome = await committer.submit({ kind: payments.authorise, input })
      const over = today(history) + step.amount > DAY_LIMIT
      const ever = counted(history, () => true) + step.amount > LIFETIME_LIMIT
      expect(told(outcome)).toBe(over ? 'payer_day_limit' : ever ? 'payer_lifetime_limit' : 'done')
      if (outcome.status !== 'done') return
      const { id } = outcome.answer.authorisation
      promises.push({ id, at: now, expiresAt, counts: step.amount, held: step.amount })
      return
    }
    case 'capture': {
      const promise = promises[step.which]
      if (promise === undefined) return
      const reference = { authorisation: promise.id, authorisationNumber: null }
      const input = { ...order(merchant, number, step.amount), ...reference, final: step.final }
      const outcome = await committer.submit({ kind: payments.capture, input })
      const possible = promise.held >= step.amount && promise.expiresAt > now
      expect(outcome.status).toBe(possible ? 'done' : 'refused')
      if (outcome.status !== 'done') return
      captures.push({ trade: outcome.answer.trade.id, of: promise, left: step.amount })
      promise.held -= step.amount
      if (step.final) giveBack(promise)
      return
    }
    case 'release': {
      const promise = promises[step.which]
      if (promise === undefined) return
      const reference = { merchant, authorisation: promise.id, authorisationNumber: null }
      const input = { ...reference, requestNumber: number, amountMinor: step.amount, remark: null }
      const outcome = await committer.submit({ kind: payments.releaseAuthorisation, input })
      const possible = promise.held >= step.amount && promise.expiresAt > now
      expect(outcome.status).toBe(possible ? 'done' : 'refused')
      if (outcome.status !== 'done') return
      promise.held -= step.amount
      promise.counts -= step.amount
      return
    }
    case 'cancel': {
      const promise = promises[step.which]
      if (promise === undefined) return
      const input = { merchant, authorisation: promise.id, authorisationNumber: null, remark: null }
      const outcome = await committer.submit({ kind: payments.cancelAuthorisation, input })
      if (outcome.status === 'done' && outcome.answer.changed) giveBack(promise)
      return
    }
    case 'expire': {
      const authorisations = promises.map(({ id }) => id)
      answerOf(await committer.submit({ kind: payments.expireAuthorisations, input: { authorisations } }))
      for (const promise of promises) if (promise.expiresAt <= now) giveBack(promise)
      return
    }
    case 'refund': {
      const capture = captures[step.which]
      if (capture === undefined) return
      const reference = { merchant, trade: capture.trade, orderNumber: null }
      const input = { ...reference, refundNumber: number, amountMinor: step.amount, reason: null }
      const outcome = await committer.submit({ kind: payments.refund, input })
      expect(outcome.status).toBe(capture.left >= step.amount ? 'done' : 'refused')
      if (outcome.status !== 'done') return
      capture.left -= step.amount
      capture.of.counts -= step.amount
      return
    }
  }
}

function giveBack(promise: Promised): void {
  promise.counts -= promise.held
  promise.held = 0n
}

/** What the books of limits say of the person: of today, of this year, of all time. */
async function read(payer: number): Promise<readonly [bigint, bigint, bigint]> {
  const [row] = await world.institution.db.read(
    (tx) => tx.sql<
      { day: string; two_factors_minor: bigint; year: number; year_minor: bigint; lifetime_minor: bigint }[]
    >`
      select on_day::text as day, two_factors_minor, in_year as year, year_minor, lifetime_minor
      from pricing_spendings where person = ${payer}`,
  )
  if (row === undefined) return [0n, 0n, 0n]
  const ofToday = row.day === beijingDay(now) ? row.two_factors_minor : 0n
  return [ofToday, String(row.year) === yearOf(now) ? row.year_minor : 0n, row.lifetime_minor]
}

test('a promise counts on its day, and what comes back of it comes back there', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
      const history: History = { payer: await world.customer(10_000n), promises: [], captures: [] }
      for (const each of steps) {
        await play(each, history)
        const thisYear = counted(history, ({ at }) => yearOf(at) === yearOf(now))
        expect(await read(history.payer)).toEqual([today(history), thisYear, counted(history, () => true)])
      }
    }),
    { numRuns: 40 },
  )
})

test('midnight in Beijing opens a new day, and yesterday’s refund gives it nothing', async () => {
  const payer = await world.customer(10_000n)
  const pay = async (orderNumber: string, totalMinor: bigint) => {
    const input = { ...order(merchant, orderNumber, totalMinor), codeHash: await world.paymentCode(payer) }
    return world.committer.submit({ kind: world.payments.payByCode, input })
  }
  const midnight = startOfBeijingDay(addDays(beijingDay(now), 1))
  // The journal's time is never earlier than the batch before it, so some room is left for the batches of this test.
  world.clock.set(midnight - 1_000)
  const last = answerOf(await pay('evening', DAY_LIMIT))
  expect(told(await pay('evening-2', 1n))).toBe('payer_day_limit')
  world.clock.set(midnight)
  expect(told(await pay('morning', DAY_LIMIT - 1n))).toBe('done')
  const reference = { merchant, trade: last.trade.id, orderNumber: null }
  const refund = { ...reference, refundNumber: null, amountMinor: DAY_LIMIT, reason: null }
  expect(told(await world.committer.submit({ kind: world.payments.refund, input: refund }))).toBe('done')
  expect(told(await pay('morning-2', 2n))).toBe('payer_day_limit')
  expect(told(await pay('morning-2', 1n))).toBe('done')
})
