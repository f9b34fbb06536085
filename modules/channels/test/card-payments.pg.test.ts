import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answerOf, type ChannelsWorld, HUB, SECOND, startChannelsWorld, toldOf } from './channels-world.ts'

let world: ChannelsWorld
let merchant: number
let customer: number
let account: number
let card: string

beforeAll(async () => {
  world = await startChannelsWorld(12)
  merchant = await world.merchant()
  // Somebody else's money is in the reserve, so that refunds can leave it.
  await world.customer(1_000_000n)
})

beforeEach(async () => {
  ;({ customer, account, card } = await world.customer(50n))
})

afterAll(async () => {
  expect(await world.findings()).toEqual([])
  await world.stop()
})

const last = () => world.told.at(-1)

/** A trade, and the money of the card that is on its way for it. */
async function begun(totalMinor = 800n) {
  const trade = await world.trade(merchant, customer, totalMinor)
  const { uetr } = answerOf(await world.payByCard(customer, card, trade, totalMinor))
  await world.money(uetr, totalMinor)
  return { trade, uetr }
}

async function paid(totalMinor = 800n) {
  const order = await begun(totalMinor)
  expect(await world.houseSays(order.uetr, 'ACSC')).toBe('settled')
  return order
}

function refund(trade: number, amountMinor: bigint, refundNumber: string) {
  const which = { merchant, trade, orderNumber: null, refundNumber, reason: null }
  return world.committer.submit({ kind: world.payments.refund, input: { ...which, amountMinor } })
}

/** What the last message to the clearing house gives back. */
function given() {
  const sent = last()
  if (sent?.message.kind !== 'payment_return') throw new Error('nothing goes back')
  const [one] = sent.message.value.returns
  if (one === undefined) throw new Error('nothing goes back')
  return { to: sent.to, returnId: one.returnId, uetr: one.originalUetr, minor: one.amount.minor }
}

describe('a payment by card', () => {
  it('is made with the money of the bank, in the commit in which that settles', async () => {
    const { trade, uetr } = await begun()
    expect((await world.tradeOf(trade))?.state).toBe('awaiting_payment')
    await world.houseSays(uetr, 'ACSC')
    expect(await world.tradeOf(trade)).toMatchObject({
      ...{ state: 'paid', paidMinor: 800n },
      tenders: [{ tender: 'card', funder: 'bank', amountMinor: 800n }],
    })
    expect(await world.order(uetr)).toMatchObject({ state: 'settled', unspent: null, trade })
    expect(await world.available(customer)).toBe(50n)
    expect(await world.findings()).toEqual([])
  })

  it('is not made when the bank says no, and can be tried again', async () => {
    const trade = await world.trade(merchant, customer, 800n)
    const { uetr } = answerOf(await world.payByCard(customer, card, trade, 800n))
    await world.bankSays(uetr, 'RJCT', 'AM04')
    expect((await world.tradeOf(trade))?.state).toBe('awaiting_payment')
    const again = answerOf(await world.payByCard(customer, card, trade, 800n))
    await world.bankSays(again.uetr, 'RJCT', 'AM04')
  })

  it.each(['closed', 'paid'])('of what is %s meanwhile leaves the money in the wallet', async (meanwhile) => {
    const { trade, uetr } = await begun(40n)
    const { payments, committer } = world
    if (meanwhile === 'paid') answerOf(await committer.submit({ kind: payments.pay, input: { trade, customer } }))
    else answerOf(await committer.submit({ kind: payments.close, input: { merchant, trade, orderNumber: null } }))
    const before = await world.available(customer)
    await world.houseSays(uetr, 'ACSC')
    expect(await world.order(uetr)).toMatchObject({ state: 'settled', unspent: expect.stringMatching(/^trade_/) })
    expect(await world.available(customer)).toBe(before + 40n)
    expect((await world.tradeOf(trade))?.tenders ?? null).toBeNull()
  })

  it('for which there is no wallet either waits in suspense, and somebody is told', async () => {
    const { trade, uetr } = await begun()
    answerOf(
      await world.committer.submit({ kind: world.payments.close, input: { merchant, trade, orderNumber: null } }),
    )
    const state = { account, state: 'frozen' } as const
    answerOf(await world.committer.submit({ kind: world.ledgerCommands.setState, input: state }))
    await world.houseSays(uetr, 'ACSC')
    expect(await world.order(uetr)).toMatchObject({ state: 'settled', inSuspense: true })
    expect(await world.attention(uetr)).toEqual(['in_suspense'])
    expect(await world.findings()).toEqual([])
  })

  it('is asked for while the payment waits, and named by nobody else', async () => {
    const trade = await world.trade(merchant, customer, 800n)
    expect(toldOf(await world.payByCard(customer, card, trade, 800n, false))).toBe('payment_not_waiting')
    const { trade: own, uetr } = await paid()
    const id = (await world.order(uetr))?.id ?? 0
    const tenders = [{ tender: 'card' as const, instrument: id }]
    const again = await world.committer.submit({ kind: world.payments.pay, input: { trade, customer, tenders } })
    expect(again).toMatchObject({ refusal: { code: 'tender_not_usable', facts: { card: 'not_on_its_way' } } })
    expect((await world.tradeOf(own))?.state).toBe('paid')
  })

  it('of another amount than the price pays nothing', async () => {
    const trade = await world.trade(merchant, customer, 800n)
    const { uetr } = answerOf(await world.payByCard(customer, card, trade, 799n))
    await world.money(uetr, 799n)
    await world.houseSays(uetr, 'ACSC')
    expect((await world.order(uetr))?.unspent).toBe('tender_not_usable')
    expect(await world.available(customer)).toBe(849n)
  })
})

describe('what is refunded of it', () => {
  it('goes back to the account that it came from, part by part', async () => {
    const { trade, uetr } = await paid()
    answerOf(await refund(trade, 300n, 'r1'))
    const first = given()
    expect(first).toMatchObject({ to: HUB, uetr, minor: 300n })
    answerOf(await refund(trade, 500n, 'r2'))
    const second = given()
    expect([second.minor, second.returnId === first.returnId]).toEqual([500n, false])
    expect(await world.findings()).toEqual([])
    for (const { returnId } of [first, second]) {
      expect(await world.houseSaysOfReturn(uetr, returnId, 'ACSC')).toBe('settled')
      expect(await world.houseSaysOfReturn(uetr, returnId, 'ACSC')).toBe('settled')
    }
    expect(await world.available(customer)).toBe(50n)
    expect((await world.tradeOf(trade))?.refundedMinor).toBe(800n)
    expect(await world.findings()).toEqual([])
  })

  it('is the customer’s balance when the bank does not take it', async () => {
    const { trade, uetr } = await paid()
    answerOf(await refund(trade, 800n, 'r3'))
    const { returnId } = given()
    expect(await world.houseSaysOfReturn(uetr, returnId, 'RJCT', 'AC04')).toBe('rejected')
    expect(await world.available(customer)).toBe(850n)
    expect(await world.houseSaysOfReturn(uetr, returnId, 'ACSC')).toBe('rejected')
    expect([await world.available(customer), await world.attention(uetr)]).toEqual([850n, ['contradicted']])
    expect(await world.houseSaysOfReturn(uetr, 'R1', 'ACSC')).toBe('unknown_original')
  })

  it('is asked about while nobody knows, and waits', async () => {
    const { trade, uetr } = await paid()
    answerOf(await refund(trade, 100n, 'r4'))
    const { returnId } = given()
    world.clock.advance(21 * SECOND)
    expect(await world.ask()).toBe(1)
    expect(last()).toMatchObject({
      to: HUB,
      message: {
        kind: 'status_request',
        value: {
          requests: [{ originalUetr: uetr, originalInstructionId: returnId, originalMessage: 'pacs.004.001.09' }],
        },
      },
    })
    expect(await world.ask()).toBe(0)
    await world.houseSaysOfReturn(uetr, returnId, 'PDNG')
    world.clock.advance(41 * SECOND)
    expect(await world.ask()).toBe(1)
    await world.houseSaysOfReturn(uetr, returnId, 'ACSC')
    world.clock.advance(600 * SECOND)
    expect(await world.ask()).toBe(0)
  })
})

describe('verify', () => {
  it('finds what is on its way back and was changed by hand', async () => {
    const { trade } = await paid()
    answerOf(await refund(trade, 100n, 'r5'))
    const { uetr, returnId } = given()
    await world.asOwner('update channels_refunds set amount_minor = amount_minor + 1')
    expect(JSON.stringify(await world.findings())).toContain('channels.refunds')
    await world.asOwner('update channels_refunds set amount_minor = amount_minor - 1')
    await world.houseSaysOfReturn(uetr ?? '', returnId ?? '', 'ACSC')
  })
})
