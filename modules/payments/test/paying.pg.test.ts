import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawOrderCodeToken, orderCodeHash } from '../src/index.ts'
import { answerOf, MINUTE, order, type PaymentsWorld, startPaymentsWorld, told } from './payments-world.ts'

let world: PaymentsWorld
let buyer: number
let merchant: number

beforeAll(async () => {
  world = await startPaymentsWorld(1)
  buyer = await world.customer(100_000n)
  merchant = await world.merchant(6000)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

const submit: PaymentsWorld['committer']['submit'] = (command) => world.committer.submit(command)

async function payByCode(orderNumber: string, totalMinor: bigint, codeHash: string) {
  return submit({ kind: world.payments.payByCode, input: { ...order(merchant, orderNumber, totalMinor), codeHash } })
}

describe('a wallet', () => {
  it('holds what it was topped up with, and the reserve at the bank with it', async () => {
    expect(await world.walletOf(await world.customer(12_345n))).toBe('123.45')
    expect(await world.imbalance()).toEqual([0n, 0n])
  })

  it.each([0n, -1n, 10_000_000_001n])('is not topped up with %s fen', async (amountMinor) => {
    const outcome = await submit({ kind: world.payments.topUp, input: { customer: buyer, amountMinor } })
    expect(told(outcome)).toBe('amount_out_of_range')
  })

  it('is opened for everyone when many register at once', async () => {
    const everyone = Promise.all(Array.from({ length: 40 }, () => world.customer(100n)))
    const shops = Promise.all(Array.from({ length: 20 }, () => world.merchant(0)))
    expect(new Set([...(await everyone), ...(await shops)]).size).toBe(60)
  })

  it('is not opened twice for one phone', async () => {
    const { readCustomerRegistration } = await import('@huitong/party')
    const registration = readCustomerRegistration(
      { displayName: 'Again', phone: '13800000001' },
      world.vault,
      world.chance,
    )
    if (!registration.ok) throw new Error('not readable')
    const outcome = await submit({ kind: world.payments.openWallet, input: { registration: registration.value } })
    expect(told(outcome)).toBe('phone_taken')
  })
})

describe('paying by code', () => {
  it('moves the total to the merchant and the fee to the institution, in one commit with the trade', async () => {
    const payer = await world.customer(10_000n)
    const shop = await world.merchant(6000)
    const codeHash = await world.paymentCode(payer)
    const input = { ...order(shop, 'P-1', 8_888n), details: { notify_url: 'http://shop.example/n' }, codeHash }
    const { trade, changed } = answerOf(await submit({ kind: world.payments.payByCode, input }))
    expect(changed).toBe(true)
    expect(trade).toMatchObject({ state: 'paid', total: '88.88', paid: '88.88', fee: '0.53', buyer: payer })
    expect(trade.id % 1024).toBe(payer % 1024)
    expect(await world.walletOf(payer)).toBe('11.12')
    expect(await world.merchantHas(shop)).toBe('88.35')
    expect(await world.queries.trade(trade.id)).toMatchObject({ state: 'paid', paidMinor: 8_888n, feeMinor: 53n })
    const stored = await world.queries.findTrade({ merchant: shop, tradeNumber: trade.tradeNumber, orderNumber: null })
    expect(stored).toMatchObject({ orderNumber: 'P-1', details: { notify_url: 'http://shop.example/n' } })
    const codes = await world.institution.db.read(
      (tx) => tx.sql<{ code: number; amount_minor: bigint }[]>`
        select code, amount_minor from ledger_transfers where reference = ${trade.id} order by batch, position`,
    )
    expect(codes.map((row) => [Number(row.code), row.amount_minor])).toEqual([
      [2, 8_888n],
      [3, 53n],
    ])
  })

  it('tells others through the outbox, without words that people wrote', async () => {
    const rows = await world.institution.db.read(
      (tx) => tx.sql<{ body: unknown }[]>`
        select body from committer_outbox where topic = 'trade.paid' and body->>'orderNumber' = 'P-1'`,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.body).toMatchObject({ total: '88.88', fee: '0.53', state: 'paid', refund: null })
    expect(JSON.stringify(rows)).not.toContain('Tea')
  })

  it('takes no code twice, none that is unknown and none that expired', async () => {
    const codeHash = await world.paymentCode(buyer)
    expect(told(await payByCode('P-2', 100n, codeHash))).toBe('done')
    expect(told(await payByCode('P-3', 100n, codeHash))).toBe('payment_code_invalid')
    expect(told(await payByCode('P-3', 100n, 'ab'.repeat(32)))).toBe('payment_code_invalid')
    const old = await world.paymentCode(buyer)
    world.clock.advance(2 * MINUTE)
    expect(told(await payByCode('P-3', 100n, old))).toBe('payment_code_invalid')
    expect(await world.queries.findTrade({ merchant, tradeNumber: null, orderNumber: 'P-3' })).toBeUndefined()
  })

  it('tells that an order is paid, or was asked for otherwise, before it looks at the code', async () => {
    const codeHash = await world.paymentCode(buyer)
    expect(told(await payByCode('P-4', 100n, codeHash))).toBe('done')
    expect(told(await payByCode('P-4', 100n, codeHash))).toBe('trade_already_paid')
    expect(told(await payByCode('P-4', 101n, codeHash))).toBe('order_inconsistent')
  })

  it('leaves nothing when the buyer has too little, and takes the same code and order once there is enough', async () => {
    const poor = await world.customer(50n)
    const codeHash = await world.paymentCode(poor)
    expect(told(await payByCode('P-5', 100n, codeHash))).toBe('payer_without_funds')
    expect(await world.queries.findTrade({ merchant, tradeNumber: null, orderNumber: 'P-5' })).toBeUndefined()
    expect(await world.walletOf(poor)).toBe('0.50')
    await submit({ kind: world.payments.topUp, input: { customer: poor, amountMinor: 50n } })
    expect(told(await payByCode('P-5', 100n, codeHash))).toBe('done')
    expect(await world.walletOf(poor)).toBe('0.00')
  })

  it('pays once when a hundred of the same come at once, each with a code of its own', async () => {
    const payer = await world.customer(10_000n)
    const codes: string[] = []
    for (let index = 0; index < 20; index += 1) codes.push(await world.paymentCode(payer))
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => payByCode('P-6', 700n, codes[index % codes.length] ?? '')),
    )
    const tellings = outcomes.map(told)
    expect(tellings.filter((one) => one === 'done')).toHaveLength(1)
    expect(tellings.filter((one) => one === 'trade_already_paid')).toHaveLength(99)
    expect(await world.walletOf(payer)).toBe('93.00')
  })

  it('spends no fen twice when more orders come at once than the wallet can pay', async () => {
    const payer = await world.customer(1_000n)
    const codes: string[] = []
    for (let index = 0; index < 15; index += 1) codes.push(await world.paymentCode(payer))
    const outcomes = await Promise.all(codes.map((codeHash, index) => payByCode(`P-7-${index}`, 100n, codeHash)))
    const tellings = outcomes.map(told)
    expect(tellings.filter((one) => one === 'done')).toHaveLength(10)
    expect(tellings.filter((one) => one === 'payer_without_funds')).toHaveLength(5)
    expect(await world.walletOf(payer)).toBe('0.00')
  })

  it('refuses a frozen buyer and remembers the refusal under its key', async () => {
    const frozen = await world.customer(1_000n)
    const codeHash = await world.paymentCode(frozen)
    const { setCustomerStatus } = world.party.commands
    await submit({ kind: setCustomerStatus, input: { customerId: frozen, status: 'frozen' } })
    const command = {
      kind: world.payments.payByCode,
      input: { ...order(merchant, 'P-8', 100n), codeHash },
      idempotency: { caller: 'shop', key: 'k8' },
    }
    expect(told(await submit(command))).toBe('payer_blocked')
    await submit({ kind: setCustomerStatus, input: { customerId: frozen, status: 'active' } })
    expect(await submit(command)).toMatchObject({ status: 'refused', repeated: true })
    expect(told(await submit({ ...command, idempotency: { caller: 'shop', key: 'k9' } }))).toBe('done')
  })

  it('gives the first answer again under one key', async () => {
    const codeHash = await world.paymentCode(buyer)
    const command = {
      kind: world.payments.payByCode,
      input: { ...order(merchant, 'P-9', 100n), codeHash },
      idempotency: { caller: 'shop', key: 'k10' },
    }
    const first = answerOf(await submit(command))
    const again = await submit(command)
    expect(again).toMatchObject({ status: 'done', repeated: true })
    expect(answerOf(again)).toEqual(first)
    const other = { ...command, input: { ...command.input, totalMinor: 101n } }
    expect((await submit(other)).status).toBe('key_conflict')
  })
})

describe('a trade for a named buyer', () => {
  it('waits, is the same trade when asked for again, and is paid by its buyer only', async () => {
    const payer = await world.customer(5_000n)
    const input = { ...order(merchant, 'C-1', 1_234n), buyer: payer }
    const { trade, changed } = answerOf(await submit({ kind: world.payments.create, input }))
    expect([trade.state, changed]).toEqual(['awaiting_payment', true])
    const again = answerOf(await submit({ kind: world.payments.create, input }))
    expect([again.trade.id, again.changed]).toEqual([trade.id, false])
    const elsewhere = { ...input, buyer }
    expect(told(await submit({ kind: world.payments.create, input: elsewhere }))).toBe('order_inconsistent')
    const { pay } = world.payments
    expect(told(await submit({ kind: pay, input: { trade: trade.id, customer: buyer } }))).toBe('trade_not_found')
    const paid = answerOf(await submit({ kind: pay, input: { trade: trade.id, customer: payer } }))
    expect(paid.trade).toMatchObject({ state: 'paid', paid: '12.34' })
    expect(told(await submit({ kind: pay, input: { trade: trade.id, customer: payer } }))).toBe('trade_already_paid')
    expect(await world.walletOf(payer)).toBe('37.66')
  })

  it('can be paid by the code of its buyer and of nobody else', async () => {
    const payer = await world.customer(5_000n)
    const input = { ...order(merchant, 'C-2', 100n), buyer: payer }
    const { trade } = answerOf(await submit({ kind: world.payments.create, input }))
    expect(told(await payByCode('C-2', 100n, await world.paymentCode(buyer)))).toBe('trade_of_another_buyer')
    const paid = answerOf(await payByCode('C-2', 100n, await world.paymentCode(payer)))
    expect(paid.trade.id).toBe(trade.id)
  })

  it.each([
    ['for a merchant that does not exist', { merchant: 1024 }, 'merchant_not_found'],
    ['for a customer that does not exist', { buyer: 1024 }, 'customer_not_found'],
    ['over nothing', { totalMinor: 0n }, 'amount_out_of_range'],
    ['that is over before it begins', { expiresAt: 1 }, 'expiry_in_past'],
  ])('is not made %s', async (_, change, code) => {
    const input = { ...order(merchant, 'C-3', 100n), buyer, ...change }
    expect(told(await submit({ kind: world.payments.create, input }))).toBe(code)
  })
})

describe('an order code', () => {
  const terms = (orderNumber: string, totalMinor: bigint) => {
    const { life: tradeLife, expiresAt: tradeExpiresAt, ...rest } = order(merchant, orderNumber, totalMinor)
    const token = drawOrderCodeToken(world.chance)
    return { ...rest, tradeLife, tradeExpiresAt, tokenHash: orderCodeHash(token) }
  }

  it('makes no trade until somebody scans it, and that one is its buyer', async () => {
    const payer = await world.customer(1_000n)
    const input = terms('Q-1', 300n)
    const { precreate, scan, pay } = world.payments
    expect(answerOf(await submit({ kind: precreate, input })).expiresAt).toBe(
      world.committer.status().at + 120 * MINUTE,
    )
    expect(await world.queries.findTrade({ merchant, tradeNumber: null, orderNumber: 'Q-1' })).toBeUndefined()
    const scanned = { tokenHash: input.tokenHash, customer: payer }
    const { trade } = answerOf(await submit({ kind: scan, input: scanned }))
    expect(trade).toMatchObject({ state: 'awaiting_payment', buyer: payer, total: '3.00', orderNumber: 'Q-1' })
    expect(answerOf(await submit({ kind: scan, input: scanned }))).toMatchObject({
      changed: false,
      trade: { id: trade.id },
    })
    expect(told(await submit({ kind: scan, input: { ...scanned, customer: buyer } }))).toBe('trade_of_another_buyer')
    expect(told(await submit({ kind: pay, input: { trade: trade.id, customer: payer } }))).toBe('done')
    expect(told(await submit({ kind: precreate, input: terms('Q-1', 300n) }))).toBe('trade_already_paid')
  })

  it('is given anew for the same order, not for another amount or subject', async () => {
    const { precreate, scan } = world.payments
    const first = terms('Q-2', 300n)
    const second = terms('Q-2', 300n)
    expect(told(await submit({ kind: precreate, input: first }))).toBe('done')
    expect(told(await submit({ kind: precreate, input: second }))).toBe('done')
    expect(told(await submit({ kind: precreate, input: terms('Q-2', 301n) }))).toBe('order_inconsistent')
    const byFirst = answerOf(await submit({ kind: scan, input: { tokenHash: first.tokenHash, customer: buyer } }))
    const bySecond = answerOf(await submit({ kind: scan, input: { tokenHash: second.tokenHash, customer: buyer } }))
    expect(bySecond.trade.id).toBe(byFirst.trade.id)
  })

  it('is worthless when unknown, after two hours and after its order was cancelled', async () => {
    const { precreate, scan, cancel } = world.payments
    const old = terms('Q-3', 300n)
    const shut = terms('Q-4', 300n)
    await submit({ kind: precreate, input: old })
    await submit({ kind: precreate, input: shut })
    const reference = { merchant, trade: null, orderNumber: 'Q-4' }
    expect(answerOf(await submit({ kind: cancel, input: reference }))).toEqual({
      trade: null,
      action: null,
      changed: true,
    })
    expect(told(await submit({ kind: scan, input: { tokenHash: shut.tokenHash, customer: buyer } }))).toBe(
      'order_code_invalid',
    )
    expect(told(await submit({ kind: precreate, input: terms('Q-4', 300n) }))).toBe('trade_already_closed')
    world.clock.advance(121 * MINUTE)
    for (const tokenHash of [old.tokenHash, 'cd'.repeat(32)]) {
      expect(told(await submit({ kind: scan, input: { tokenHash, customer: buyer } }))).toBe('order_code_invalid')
    }
  })
})
