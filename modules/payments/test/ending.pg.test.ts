import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CANCEL_NUMBER, expireDueTrades, finishOldTrades, REFUND_WINDOW } from '../src/index.ts'
import { answerOf, MINUTE, order, type PaymentsWorld, startPaymentsWorld, told } from './payments-world.ts'

let world: PaymentsWorld
let buyer: number
let merchant: number
let numbers = 0

beforeAll(async () => {
  world = await startPaymentsWorld(2)
  buyer = await world.customer(10_000_000n)
  merchant = await world.merchant(6000)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

const submit: PaymentsWorld['committer']['submit'] = (command) => world.committer.submit(command)

async function waiting(totalMinor: bigint, shop = merchant) {
  numbers += 1
  const input = { ...order(shop, `E-${numbers}`, totalMinor), buyer }
  return answerOf(await submit({ kind: world.payments.create, input })).trade
}

async function paid(totalMinor: bigint, shop = merchant) {
  const { id } = await waiting(totalMinor, shop)
  return answerOf(await submit({ kind: world.payments.pay, input: { trade: id, customer: buyer } })).trade
}

function refund(trade: number, refundNumber: string | null, amountMinor: bigint, shop = merchant) {
  const input = { merchant: shop, trade, orderNumber: null, refundNumber, amountMinor, reason: null }
  return submit({ kind: world.payments.refund, input })
}

const fen = (amount: string | undefined) => BigInt((amount ?? '').replace('.', ''))

const by = (trade: number, shop = merchant) => ({ merchant: shop, trade, orderNumber: null })

describe('a refund', () => {
  it('in parts gives back the whole and the whole fee, and closes the trade', async () => {
    const shop = await world.merchant(6000)
    const { id, fee } = await paid(10_001n, shop)
    expect(fee).toBe('0.60')
    const before = await world.walletOf(buyer)
    const parts = [3_333n, 1n, 6_666n, 1n]
    const fees: string[] = []
    for (const [index, part] of parts.entries()) {
      const { refund: made } = answerOf(await refund(id, `R${index}`, part, shop))
      fees.push(made.feeReturned)
    }
    expect(fees).toEqual(['0.20', '0.00', '0.40', '0.00'])
    const after = await world.queries.trade(id)
    expect(after).toMatchObject({
      state: 'closed',
      closingCause: 'refunded',
      refundedMinor: 10_001n,
      feeReturnedMinor: 60n,
    })
    expect(fen(await world.walletOf(buyer)) - fen(before)).toBe(10_001n)
    expect(await world.merchantHas(shop)).toBe('0.00')
    expect((await world.queries.refunds(id)).map((one) => one.refundedAfterMinor)).toEqual([
      3333n,
      3334n,
      10_000n,
      10_001n,
    ])
  })

  it('repeated under its number moves nothing, also when the trade is closed by then', async () => {
    const { id } = await paid(1_000n)
    const first = answerOf(await refund(id, 'R', 400n))
    const again = answerOf(await refund(id, 'R', 400n))
    expect([first.changed, again.changed, again.refund.id]).toEqual([true, false, first.refund.id])
    expect(told(await refund(id, 'R', 401n))).toBe('refund_inconsistent')
    expect(answerOf(await refund(id, 'R2', 600n)).trade.state).toBe('closed')
    expect(answerOf(await refund(id, 'R', 400n))).toMatchObject({ changed: false, trade: { refunded: '10.00' } })
    expect(told(await refund(id, 'R3', 1n))).toBe('trade_already_closed')
  })

  it('without a number is for the whole only', async () => {
    const { id, orderNumber } = await paid(1_000n)
    expect(told(await refund(id, null, 999n))).toBe('refund_number_missing')
    expect(told(await refund(id, null, 1_001n))).toBe('refund_exceeds_rest')
    expect(answerOf(await refund(id, null, 1_000n)).refund.refundNumber).toBe(orderNumber)
    expect(answerOf(await refund(id, null, 1_000n)).changed).toBe(false)
  })

  it('is made for no more than was paid when ten come at once', async () => {
    const { id } = await paid(1_000n)
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, index) => refund(id, `X${index}`, 300n)))
    const tellings = outcomes.map(told)
    expect(tellings.filter((one) => one === 'done')).toHaveLength(3)
    expect(tellings.filter((one) => one === 'refund_exceeds_rest')).toHaveLength(7)
    expect((await world.queries.trade(id))?.refundedMinor).toBe(900n)
  })

  it('is made once when ten with one number come at once', async () => {
    const { id } = await paid(1_000n)
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => refund(id, 'one', 300n)))
    expect(outcomes.map(answerOf).filter((answer) => answer.changed)).toHaveLength(1)
    expect((await world.queries.trade(id))?.refundedMinor).toBe(300n)
  })

  it.each([
    ['of a trade that waits', async () => refund((await waiting(100n)).id, 'R', 100n), 'trade_not_paid'],
    ['of no trade', async () => refund(1024, 'R', 100n), 'trade_not_found'],
    [
      "of another merchant's trade",
      async () => refund((await paid(100n)).id, 'R', 100n, await world.merchant(0)),
      'trade_not_found',
    ],
    ['of nothing', async () => refund((await paid(100n)).id, 'R', 0n), 'amount_out_of_range'],
  ])('is refused %s', async (_, ask, code) => {
    expect(told(await ask())).toBe(code)
  })

  it('is refused when the merchant has paid the money on, and leaves the fee where it was', async () => {
    const shop = await world.merchant(10_000)
    const { id } = await paid(1_000n, shop)
    const input = {
      payer: { kind: 'merchant' as const, id: shop },
      transferNumber: 'out',
      payee: buyer,
      amountMinor: 500n,
    }
    answerOf(await submit({ kind: world.payments.transfer, input: { ...input, title: null, remark: null } }))
    expect(told(await refund(id, 'R', 1_000n, shop))).toBe('merchant_without_funds')
    expect(await world.queries.trade(id)).toMatchObject({ state: 'paid', refundedMinor: 0n, feeReturnedMinor: 0n })
    expect(await world.merchantHas(shop)).toBe('4.90')
    expect(told(await refund(id, 'R', 490n, shop))).toBe('done')
  })
})

describe('closing', () => {
  it('ends a trade that waits, and no other', async () => {
    const trade = await waiting(100n)
    const { close, pay } = world.payments
    expect(answerOf(await submit({ kind: close, input: by(trade.id) })).trade).toMatchObject({
      state: 'closed',
      closingCause: 'closed_by_merchant',
    })
    expect(told(await submit({ kind: close, input: by(trade.id) }))).toBe('trade_already_closed')
    expect(told(await submit({ kind: pay, input: { trade: trade.id, customer: buyer } }))).toBe('trade_already_closed')
    expect(told(await submit({ kind: close, input: by((await paid(100n)).id) }))).toBe('trade_already_paid')
    expect(told(await submit({ kind: close, input: { merchant, trade: null, orderNumber: 'none' } }))).toBe(
      'trade_not_found',
    )
  })

  it('and paying at once gives one winner, and the money agrees with it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const shop = await world.merchant(0)
      const trade = await waiting(100n, shop)
      const close = () => submit({ kind: world.payments.close, input: by(trade.id, shop) })
      const pay = () => submit({ kind: world.payments.pay, input: { trade: trade.id, customer: buyer } })
      const both = round % 2 === 0 ? [close(), pay()] : [pay(), close()]
      const tellings = (await Promise.all<{ status: string }>(both)).map((outcome) => outcome.status)
      expect(tellings.toSorted()).toEqual(['done', 'refused'])
      const after = await world.queries.trade(trade.id)
      expect(await world.merchantHas(shop)).toBe(after?.state === 'paid' ? '1.00' : '0.00')
    }
  })
})

describe('cancelling', () => {
  const cancel = (reference: ReturnType<typeof by> | { merchant: number; trade: null; orderNumber: string }) =>
    submit({ kind: world.payments.cancel, input: reference })

  it('closes what waits, refunds what is paid, and says the same when asked again', async () => {
    const trade = await waiting(100n)
    expect(answerOf(await cancel(by(trade.id)))).toMatchObject({ action: 'close', changed: true })
    expect(answerOf(await cancel(by(trade.id)))).toMatchObject({ action: 'close', changed: false })
    const shop = await world.merchant(6000)
    const bought = await paid(1_000n, shop)
    answerOf(await refund(bought.id, 'part', 300n, shop))
    expect(answerOf(await cancel(by(bought.id, shop)))).toMatchObject({
      action: 'refund',
      changed: true,
      trade: { state: 'closed', closingCause: 'cancelled', refunded: '10.00', feeReturned: bought.fee },
    })
    expect(answerOf(await cancel(by(bought.id, shop)))).toMatchObject({ action: 'refund', changed: false })
    expect(await world.merchantHas(shop)).toBe('0.00')
    expect(await world.queries.refund(bought.id, CANCEL_NUMBER)).toMatchObject({ amountMinor: 700n })
  })

  it('while it is refunded, twice, and closed gives back all of it once, whoever comes first', async () => {
    for (let round = 0; round < 6; round += 1) {
      const shop = await world.merchant(6000)
      const before = await world.walletOf(buyer)
      const bought = await paid(1_000n, shop)
      const steps: (() => Promise<unknown>)[] = [
        () => cancel(by(bought.id, shop)),
        () => refund(bought.id, 'a', 700n, shop),
        () => refund(bought.id, 'b', 600n, shop),
        () => submit({ kind: world.payments.close, input: by(bought.id, shop) }),
      ]
      const turned = [...steps.slice(round % steps.length), ...steps.slice(0, round % steps.length)]
      await Promise.all(turned.map((step) => step()))
      const after = await world.queries.trade(bought.id)
      expect(after).toMatchObject({ state: 'closed', refundedMinor: 1_000n, feeReturnedMinor: after?.feeMinor })
      expect([await world.walletOf(buyer), await world.merchantHas(shop)]).toEqual([before, '0.00'])
    }
  })

  it('of an unknown order succeeds without action, and a payment that comes late is not taken', async () => {
    const reference = { merchant, trade: null, orderNumber: 'late' }
    expect(answerOf(await cancel(reference))).toMatchObject({ trade: null, action: null })
    expect(answerOf(await cancel(reference))).toMatchObject({ trade: null, action: null, changed: false })
    const codeHash = await world.paymentCode(buyer)
    const outcome = await submit({
      kind: world.payments.payByCode,
      input: { ...order(merchant, 'late', 100n), codeHash },
    })
    expect(told(outcome)).toBe('trade_already_closed')
  })
})

describe('time', () => {
  it('closes trades that nobody paid, by a job, and refuses late payments before the job came', async () => {
    const trade = await waiting(100n)
    const other = await paid(100n)
    world.clock.advance(16 * MINUTE)
    const { pay } = world.payments
    expect(told(await submit({ kind: pay, input: { trade: trade.id, customer: buyer } }))).toBe('trade_expired')
    expect(await expireDueTrades({ ...world, db: world.institution.db })).toBeGreaterThanOrEqual(1)
    expect(await world.queries.trade(trade.id)).toMatchObject({ state: 'closed', closingCause: 'expired' })
    expect((await world.queries.trade(other.id))?.state).toBe('paid')
    expect(await expireDueTrades({ ...world, db: world.institution.db })).toBe(0)
    const late = await submit({ kind: world.payments.expireTrades, input: { trades: [other.id, 7] } })
    expect(answerOf(late)).toEqual({ changed: 0, skipped: 2 })
  })

  it('ends the time for refunds after a year', async () => {
    const trade = await paid(100n)
    world.clock.advance(REFUND_WINDOW + MINUTE)
    expect(told(await refund(trade.id, 'R', 100n))).toBe('trade_already_finished')
    expect(await finishOldTrades({ ...world, db: world.institution.db })).toBeGreaterThanOrEqual(1)
    expect(await world.queries.trade(trade.id)).toMatchObject({ state: 'finished', refundedMinor: 0n })
    expect(told(await refund(trade.id, 'R', 100n))).toBe('trade_already_finished')
  })
})
