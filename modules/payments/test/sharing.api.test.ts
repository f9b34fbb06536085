import { addDays, beijingDay } from '@huitong/kernel'
import { findCustomer } from '@huitong/party'
import { houseSharingRule } from '@huitong/pricing'
import type { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AlipayWorld, exec, startAlipayWorld } from './alipay-world.ts'
import { answerOf } from './payments-world.ts'

/* Passing parts of payments on, by the platform's own client from npm over v2 and v3. */

let world: AlipayWorld
let sdk: AlipaySdk
let buyer: number

beforeAll(async () => {
  world = await startAlipayWorld(71)
  sdk = world.sdk()
  const kind = world.pricing.commands.addSharingRule
  answerOf(await world.committer.submit({ kind, input: houseSharingRule() }))
  buyer = await world.customer(1_000_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

const SUCCESS = { code: '10000' }

async function person(): Promise<{ readonly id: number; readonly number: string }> {
  const id = await world.customer(0n)
  const found = await world.institution.db.read((tx) => findCustomer(tx, id))
  return { id, number: found?.userNumber ?? '' }
}

async function paid(outTradeNo: string, totalAmount: string): Promise<string> {
  const order = { outTradeNo, totalAmount, subject: 'Tea', authCode: await world.digits(buyer) }
  return String((await exec(sdk, 'alipay.trade.pay', order)).tradeNo)
}

const relation = (verb: 'bind' | 'unbind', accounts: readonly string[]) =>
  exec(sdk, `alipay.trade.royalty.relation.${verb}`, {
    outRequestNo: 'B1',
    receiverList: accounts.map((account) => ({ type: 'userId', account })),
  })

const settle = (tradeNo: string, outRequestNo: string, shares: readonly (readonly [string, string])[], more = {}) =>
  exec(sdk, 'alipay.trade.order.settle', {
    ...{ tradeNo, outRequestNo, ...more },
    royaltyParameters: shares.map(([transIn, amount]) => ({
      royaltyType: 'transfer',
      transInType: 'userId',
      transIn,
      amount,
    })),
  })

describe('over v2', () => {
  test('a payment is shared among named receivers, found again, and comes back with a refund, to the cent', async () => {
    const [first, second] = [await person(), await person()]
    const tradeNo = await paid('SHARE_1', '100.00')
    expect(await settle(tradeNo, 'S1', [[first.number, '10.00']])).toMatchObject({
      subCode: 'ACQ.ROYALTY_RECEIVER_INVALID',
    })
    expect(await relation('bind', [first.number, second.number])).toMatchObject({ ...SUCCESS, resultCode: 'SUCCESS' })
    expect(await relation('bind', [first.number])).toMatchObject(SUCCESS)
    const listed = await exec(sdk, 'alipay.trade.royalty.relation.batchquery', { outRequestNo: 'Q1' })
    expect(listed).toMatchObject({ ...SUCCESS, totalRecordNum: 2 })
    const shared = await settle(tradeNo, 'S1', [
      [first.number, '10.01'],
      [second.number, '19.99'],
    ])
    expect(shared).toMatchObject({ ...SUCCESS, tradeNo, settleNo: `${tradeNo}-S1` })
    expect([await world.walletOf(first.id), await world.walletOf(second.id)]).toEqual(['10.01', '19.99'])
    expect(await world.merchantHas(world.shop.merchant)).toBe('69.40')
    const again = await settle(tradeNo, 'S1', [
      [first.number, '10.01'],
      [second.number, '19.99'],
    ])
    expect(again).toMatchObject(SUCCESS)
    expect(await settle(tradeNo, 'S1', [[first.number, '1.00']])).toMatchObject({
      subCode: 'ACQ.DISCORDANT_REPEAT_REQUEST',
    })
    expect(await settle(tradeNo, 'S2', [[first.number, '0.01']])).toMatchObject({
      subCode: 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR',
    })
    expect(await exec(sdk, 'alipay.trade.order.settle.query', { settleNo: shared.settleNo })).toMatchObject({
      ...SUCCESS,
      royaltyDetailList: [
        { transIn: first.number, amount: '10.01', state: 'SUCCESS' },
        { transIn: second.number, amount: '19.99', state: 'SUCCESS' },
      ],
    })
    const refund = (outRequestNo: string, amount: string, back: string) =>
      exec(sdk, 'alipay.trade.refund', {
        ...{ tradeNo, outRequestNo, refundAmount: amount },
        refundRoyaltyParameters: [
          { royaltyType: 'transfer', transOut: first.number, transOutType: 'userId', amount: back },
        ],
      })
    expect(await refund('R1', '50.00', '10.02')).toMatchObject({ subCode: 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR' })
    expect(await refund('R1', '50.00', '5.00')).toMatchObject({ ...SUCCESS, fundChange: 'Y' })
    expect(await refund('R1', '50.00', '5.00')).toMatchObject({ ...SUCCESS, fundChange: 'N' })
    expect(await world.walletOf(first.id)).toBe('5.01')
    expect(await world.merchantHas(world.shop.merchant)).toBe('24.70')
  })

  test('how much may be shared is the rule of the day, and of the merchant before that of all', async () => {
    const shop = await world.openShop()
    const theirs = world.sdk(shop)
    const receiver = await person()
    const naming = { outRequestNo: 'B1', receiverList: [{ type: 'userId', account: receiver.number }] }
    await exec(theirs, 'alipay.trade.royalty.relation.bind', naming)
    const order = { outTradeNo: 'RULE', totalAmount: '10.00', subject: 'Tea', authCode: await world.digits(buyer) }
    const { tradeNo } = await exec(theirs, 'alipay.trade.pay', order)
    const pass = (outRequestNo: string, amount: string) =>
      exec(theirs, 'alipay.trade.order.settle', {
        ...{ tradeNo, outRequestNo },
        royaltyParameters: [{ transInType: 'userId', transIn: receiver.number, amount }],
      })
    const today = beijingDay(world.clock.now())
    const rule = { ...houseSharingRule(), merchant: shop.merchant, maxBps: 1_000, effectiveFrom: today }
    const kind = world.pricing.commands.addSharingRule
    answerOf(await world.committer.submit({ kind, input: rule }))
    expect(await pass('S1', '1.01')).toMatchObject({ subCode: 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR' })
    expect(await pass('S1', '1.00')).toMatchObject(SUCCESS)
    const later = { ...rule, maxBps: 9_000, effectiveFrom: addDays(today, 1) }
    answerOf(await world.committer.submit({ kind, input: later }))
    expect(await pass('S2', '0.01')).toMatchObject({ subCode: 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR' })
    world.clock.set(world.clock.now() + 86_400_000_000)
    expect(await pass('S2', '8.00')).toMatchObject(SUCCESS)
    expect(await pass('S3', '0.01')).toMatchObject({ subCode: 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR' })
  })

  test('sharing ends when the merchant says so, and with the payment', async () => {
    const receiver = await person()
    await relation('bind', [receiver.number])
    const tradeNo = await paid('SHARE_2', '10.00')
    const finish = { extendParams: { royaltyFinish: 'true' } }
    expect(await settle(tradeNo, 'S1', [[receiver.number, '1.00']], finish)).toMatchObject(SUCCESS)
    expect(await settle(tradeNo, 'S2', [[receiver.number, '1.00']])).toMatchObject({
      subCode: 'ACQ.ALREADY_FINISH_ALLOC',
    })
    const other = await paid('SHARE_3', '10.00')
    await exec(sdk, 'alipay.trade.refund', { tradeNo: other, refundAmount: '10.00' })
    expect(await settle(other, 'S1', [[receiver.number, '1.00']])).toMatchObject({
      subCode: 'ACQ.ALLOC_REFUSE_AFTER_REFUND',
    })
    await relation('unbind', [receiver.number])
    const third = await paid('SHARE_4', '10.00')
    expect(await settle(third, 'S1', [[receiver.number, '1.00']])).toMatchObject({
      subCode: 'ACQ.ROYALTY_RECEIVER_INVALID',
    })
  })

  test('what a receiver has spent cannot come back, and then nothing is refunded', async () => {
    const receiver = await person()
    await relation('bind', [receiver.number])
    const tradeNo = await paid('SHARE_5', '10.00')
    await settle(tradeNo, 'S1', [[receiver.number, '2.00']])
    const { committer, payments } = world
    const payer = { kind: 'customer', id: receiver.id } as const
    const spend = { payer, payee: buyer, transferNumber: 'X', amountMinor: 150n, title: null, remark: null }
    expect(
      (await committer.submit({ kind: payments.transfer, input: { ...spend, strength: 'two_factors' } })).status,
    ).toBe('done')
    const before = await world.walletOf(buyer)
    const refund = {
      ...{ tradeNo, outRequestNo: 'R1', refundAmount: '10.00' },
      refundRoyaltyParameters: [{ transOut: receiver.number, transOutType: 'userId', amount: '2.00' }],
    }
    expect(await exec(sdk, 'alipay.trade.refund', refund)).toMatchObject({ subCode: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    expect(await world.walletOf(buyer)).toBe(before)
    expect(await world.walletOf(receiver.id)).toBe('0.50')
  })

  test.each([
    ['no shares', { royaltyParameters: [] }, 'ACQ.INVALID_PARAMETER'],
    ['shares that are none', { royaltyParameters: ['x'] }, 'ACQ.INVALID_PARAMETER'],
    [
      'an amount of nothing',
      { royaltyParameters: [{ transInType: 'userId', transIn: 'x', amount: '0' }] },
      'ACQ.INVALID_PARAMETER',
    ],
    [
      'a share in percent',
      { royaltyParameters: [{ transInType: 'userId', transIn: 'x', amount: '1', amountPercentage: 3 }] },
      'ACQ.INVALID_PARAMETER',
    ],
    [
      'nobody',
      { royaltyParameters: [{ transInType: 'userId', transIn: '2088000000000000', amount: '1' }] },
      'ACQ.ROYALTY_ACCOUNT_NOT_EXIST',
    ],
    ['another trade', { tradeNo: '2026112222001000000000007171', royaltyParameters: [] }, 'ACQ.INVALID_PARAMETER'],
  ])('with %s is refused', async (_, change, subCode) => {
    const request = { tradeNo: 'x', outRequestNo: 'BAD', ...change }
    expect(await exec(sdk, 'alipay.trade.order.settle', request)).toMatchObject({ subCode })
  })
})

describe('over v3', () => {
  test('receivers are named and a payment is shared', async () => {
    const receiver = await person()
    const tradeNo = await paid('SHARE3_1', '10.00')
    const v3 = async (path: string, body: Record<string, unknown>) => (await sdk.curl('POST', path, { body })).data
    const bind = { out_request_no: 'B', receiver_list: [{ type: 'userId', account: receiver.number }] }
    expect(await v3('/v3/alipay/trade/royalty/relation/bind', bind)).toMatchObject({ result_code: 'SUCCESS' })
    const share = { trans_in_type: 'userId', trans_in: receiver.number, amount: '3.00' }
    const request = { trade_no: tradeNo, out_request_no: 'S', royalty_parameters: [share] }
    expect(await v3('/v3/alipay/trade/order/settle', request)).toMatchObject({ trade_no: tradeNo })
    const query = { trade_no: tradeNo, out_request_no: 'S' }
    const found = await sdk.curl('GET', '/v3/alipay/trade/order/settle/query', { query })
    expect(found.data).toMatchObject({ royalty_detail_list: [{ amount: '3.00' }] })
  })
})
