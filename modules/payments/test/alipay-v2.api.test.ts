import { findCustomer } from '@huitong/party'
import type { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { orderCodeHash } from '../src/index.ts'
import { type AlipayWorld, exec, startAlipayWorld } from './alipay-world.ts'
import { answerOf, MINUTE } from './payments-world.ts'

/* The platform's own client from npm, unmodified, over v2; every answer's signature is checked by it. */

let world: AlipayWorld
let sdk: AlipaySdk
let buyer: number

beforeAll(async () => {
  world = await startAlipayWorld(11)
  sdk = world.sdk()
  buyer = await world.customer(1_000_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

const order = (outTradeNo: string, totalAmount: string | number = '88.88') => ({
  outTradeNo,
  totalAmount,
  subject: '茶 a+b "sign" }{ 100%',
})

async function pay(outTradeNo: string, totalAmount: string | number = '88.88', shopSdk = sdk) {
  const authCode = await world.digits(buyer)
  return exec(shopSdk, 'alipay.trade.pay', { ...order(outTradeNo, totalAmount), authCode, scene: 'bar_code' })
}

const SUCCESS = { code: '10000', msg: 'Success' }

describe('alipay.trade.pay', () => {
  test('debits the buyer once and answers with what was paid, by whom and when', async () => {
    const payer = await world.customer(10_000n)
    const shop = await world.openShop()
    const authCode = await world.digits(payer)
    const result = await exec(world.sdk(shop), 'alipay.trade.pay', { ...order('V2_1'), authCode, scene: 'bar_code' })
    expect(result).toMatchObject({
      ...SUCCESS,
      outTradeNo: 'V2_1',
      tradeNo: expect.stringMatching(/^20\d{6}2200\d{16}$/),
      buyerLogonId: expect.stringMatching(/^138\*{4}\d{4}$/),
      buyerUserId: expect.stringMatching(/^2088\d{12}$/),
      totalAmount: '88.88',
      receiptAmount: '88.88',
      buyerPayAmount: '88.88',
      invoiceAmount: '88.88',
      pointAmount: '0.00',
      gmtPayment: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
      fundBillList: [{ fundChannel: 'ALIPAYACCOUNT', amount: '88.88' }],
    })
    expect(result.traceId).toMatch(/\S/)
    expect(await world.walletOf(payer)).toBe('11.12')
    expect(await world.merchantHas(shop.merchant)).toBe('88.35')
  })

  test('of a paid order is refused, also with a fresh code, and moves nothing', async () => {
    await pay('V2_TWICE', '1.00')
    const before = await world.walletOf(buyer)
    expect(await pay('V2_TWICE', '1.00')).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_HAS_SUCCESS' })
    expect(await pay('V2_TWICE', '2.00')).toMatchObject({ code: '40004', subCode: 'ACQ.CONTEXT_INCONSISTENT' })
    expect(await world.walletOf(buyer)).toBe(before)
  })

  test('takes an amount written as a JSON number', async () => {
    expect(await pay('V2_NUMBER', 88.8)).toMatchObject({ ...SUCCESS, totalAmount: '88.80' })
  })

  test('says when the buyer has too little, and the order can be paid later', async () => {
    const poor = await world.customer(100n)
    const authCode = await world.digits(poor)
    const request = { ...order('V2_POOR', '1.01'), authCode }
    expect(await exec(sdk, 'alipay.trade.pay', request)).toMatchObject({ subCode: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' })
    expect(await pay('V2_POOR', '1.01')).toMatchObject(SUCCESS)
  })

  test('refuses codes that are used, expired, unknown or no codes', async () => {
    const used = await world.digits(buyer)
    await exec(sdk, 'alipay.trade.pay', { ...order('V2_CODE_1'), authCode: used })
    const expired = await world.digits(buyer)
    world.clock.advance(61_000_000)
    const codes = [used, expired, '259999999999999999', '12345', 'x', '2'.repeat(30)]
    for (const authCode of codes) {
      const result = await exec(sdk, 'alipay.trade.pay', { ...order('V2_CODE_2'), authCode })
      expect(result, authCode).toMatchObject({ code: '40004', subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID' })
    }
    const queried = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'V2_CODE_2' })
    expect(queried).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
  })
})

describe('alipay.trade.precreate', () => {
  test('shows a code and makes no trade before the buyer scans it', async () => {
    const shown = await exec(sdk, 'alipay.trade.precreate', order('V2_QR', '5.00'))
    expect(shown).toMatchObject({ ...SUCCESS, outTradeNo: 'V2_QR' })
    const token = /^https:\/\/pay\.example\/code\/([\w-]{22})$/.exec(String(shown.qrCode))?.[1] ?? ''
    const unknown = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'V2_QR' })
    expect(unknown).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST' })

    const scan = { kind: world.payments.scan, input: { tokenHash: orderCodeHash(token), customer: buyer } }
    const { trade } = answerOf(await world.committer.submit(scan))
    const waiting = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'V2_QR' })
    expect(waiting).toMatchObject({ ...SUCCESS, tradeStatus: 'WAIT_BUYER_PAY', totalAmount: '5.00' })
    expect(waiting).not.toHaveProperty('sendPayDate')

    answerOf(await world.committer.submit({ kind: world.payments.pay, input: { trade: trade.id, customer: buyer } }))
    const again = await exec(sdk, 'alipay.trade.precreate', order('V2_QR', '5.00'))
    expect(again).toMatchObject({ subCode: 'ACQ.TRADE_HAS_SUCCESS' })
  })

  test('again gives a code for the same order, and refuses another amount', async () => {
    await exec(sdk, 'alipay.trade.precreate', order('V2_QR2', '5.00'))
    expect(await exec(sdk, 'alipay.trade.precreate', order('V2_QR2', '5.00'))).toMatchObject(SUCCESS)
    const other = await exec(sdk, 'alipay.trade.precreate', order('V2_QR2', '6.00'))
    expect(other).toMatchObject({ code: '40004', subCode: 'ACQ.CONTEXT_INCONSISTENT' })
  })

  test('with a time that is over is refused', async () => {
    const request = { ...order('V2_PAST'), timeExpire: '2020-01-01 00:00:00' }
    const result = await exec(sdk, 'alipay.trade.precreate', request)
    expect(result).toMatchObject({ subCode: 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR' })
  })
})

describe('alipay.trade.create, close and query', () => {
  test('a trade waits for a named buyer until it is closed', async () => {
    const buyerId = await userNumber(buyer)
    const made = await exec(sdk, 'alipay.trade.create', { ...order('V2_NEW', '3.00'), buyerId })
    expect(made).toMatchObject({ ...SUCCESS, outTradeNo: 'V2_NEW' })
    const { tradeNo } = made
    expect(await exec(sdk, 'alipay.trade.create', { ...order('V2_NEW', '3.00'), buyerId })).toMatchObject({ tradeNo })
    const queried = await exec(sdk, 'alipay.trade.query', { tradeNo })
    expect(queried).toMatchObject({ ...SUCCESS, tradeStatus: 'WAIT_BUYER_PAY', buyerUserId: buyerId })
    expect(await exec(sdk, 'alipay.trade.close', { tradeNo })).toMatchObject({ ...SUCCESS, outTradeNo: 'V2_NEW' })
    const closed = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'V2_NEW' })
    expect(closed).toMatchObject({ tradeStatus: 'TRADE_CLOSED' })
    const gone = await exec(sdk, 'alipay.trade.create', { ...order('V2_NEW', '3.00'), buyerId })
    expect(gone).toMatchObject({ subCode: 'ACQ.TRADE_HAS_CLOSE' })
  })

  test('the buyer may be named by phone; an unknown or missing one is refused', async () => {
    const named = { ...order('V2_PHONE'), buyerLogonId: '13800000001' }
    expect(await exec(sdk, 'alipay.trade.create', named)).toMatchObject(SUCCESS)
    const unknown = { ...order('V2_NOBODY'), buyerId: '2088000000000000' }
    expect(await exec(sdk, 'alipay.trade.create', unknown)).toMatchObject({ subCode: 'ACQ.BUYER_NOT_EXIST' })
    expect(await exec(sdk, 'alipay.trade.create', order('V2_NOBODY'))).toMatchObject({
      subCode: 'ACQ.INVALID_PARAMETER',
      subMsg: 'buyer_id or buyer_logon_id is needed',
    })
  })

  test('a paid trade is not closed, an unknown one is not found', async () => {
    await pay('V2_PAID', '1.00')
    const closed = await exec(sdk, 'alipay.trade.close', { outTradeNo: 'V2_PAID' })
    expect(closed).toMatchObject({ code: '40004', subCode: 'ACQ.REASON_TRADE_STATUS_INVALID' })
    const unknown = await exec(sdk, 'alipay.trade.close', { outTradeNo: 'V2_NOWHERE' })
    expect(unknown).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
  })

  test('a paid trade tells what was paid', async () => {
    const paid = await pay('V2_TOLD', '12.30')
    const queried = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'V2_TOLD' })
    expect(queried).toMatchObject({
      ...SUCCESS,
      tradeNo: paid.tradeNo,
      tradeStatus: 'TRADE_SUCCESS',
      sendPayDate: paid.gmtPayment,
      buyerPayAmount: '12.30',
      fundBillList: [{ fundChannel: 'ALIPAYACCOUNT', amount: '12.30' }],
    })
  })
})

describe('alipay.trade.cancel', () => {
  test('gives back what was paid, and does it once', async () => {
    const before = await world.walletOf(buyer)
    await pay('V2_CANCEL', '9.00')
    const done = await exec(sdk, 'alipay.trade.cancel', { outTradeNo: 'V2_CANCEL' })
    expect(done).toMatchObject({ ...SUCCESS, action: 'refund', retryFlag: 'N', gmtRefundPay: expect.any(String) })
    expect(await exec(sdk, 'alipay.trade.cancel', { outTradeNo: 'V2_CANCEL' })).toMatchObject({ action: 'refund' })
    expect(await world.walletOf(buyer)).toBe(before)
  })

  test('of an unknown order succeeds without an action, and the order takes no money later', async () => {
    const done = await exec(sdk, 'alipay.trade.cancel', { outTradeNo: 'V2_NEVER' })
    expect(done).toMatchObject({ ...SUCCESS, outTradeNo: 'V2_NEVER', retryFlag: 'N' })
    expect(done).not.toHaveProperty('action')
    expect(await pay('V2_NEVER')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_CLOSE' })
  })

  test('closes what waits', async () => {
    await exec(sdk, 'alipay.trade.create', { ...order('V2_WAITS'), buyerId: await userNumber(buyer) })
    const done = await exec(sdk, 'alipay.trade.cancel', { outTradeNo: 'V2_WAITS' })
    expect(done).toMatchObject({ ...SUCCESS, action: 'close' })
  })
})

describe('alipay.trade.refund and its query', () => {
  const refund = (outTradeNo: string, refundAmount: string | number, outRequestNo?: string) =>
    exec(sdk, 'alipay.trade.refund', {
      outTradeNo,
      refundAmount,
      refundReason: '坏了',
      ...(outRequestNo === undefined ? {} : { outRequestNo }),
    })

  test('in parts up to the whole; the sum is told, and the whole closes the trade', async () => {
    await pay('V2_PARTS', '10.00')
    const first = await refund('V2_PARTS', '4.00', 'R1')
    expect(first).toMatchObject({ ...SUCCESS, fundChange: 'Y', refundFee: '4.00', sendBackFee: '4.00' })
    expect(await refund('V2_PARTS', 4, 'R1')).toMatchObject({ ...SUCCESS, fundChange: 'N', refundFee: '4.00' })
    expect(await refund('V2_PARTS', '3.00', 'R1')).toMatchObject({ subCode: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
    expect(await refund('V2_PARTS', '6.01', 'R2')).toMatchObject({ subCode: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
    expect(await refund('V2_PARTS', '6.00')).toMatchObject({ subCode: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
    expect(await refund('V2_PARTS', '6.00', 'R2')).toMatchObject({ fundChange: 'Y', refundFee: '10.00' })
    const closed = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'V2_PARTS' })
    expect(closed).toMatchObject({ tradeStatus: 'TRADE_CLOSED' })
    expect(await refund('V2_PARTS', '1.00', 'R3')).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_HAS_CLOSE' })
  })

  test('of the whole needs no number', async () => {
    await pay('V2_WHOLE', '2.00')
    expect(await refund('V2_WHOLE', '2.00')).toMatchObject({ fundChange: 'Y', refundFee: '2.00' })
    expect(await refund('V2_WHOLE', '2.00')).toMatchObject({ fundChange: 'N', refundFee: '2.00' })
  })

  test('an unpaid or unknown trade has nothing to refund', async () => {
    await exec(sdk, 'alipay.trade.create', { ...order('V2_UNPAID'), buyerId: await userNumber(buyer) })
    expect(await refund('V2_UNPAID', '88.88')).toMatchObject({ subCode: 'ACQ.TRADE_STATUS_ERROR' })
    expect(await refund('V2_NOWHERE', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
  })

  test('is found by its number, and an unknown number of a known trade is no refund', async () => {
    await pay('V2_ASKED', '10.00')
    await refund('V2_ASKED', '4.00', 'R1')
    const query = (outRequestNo: string, outTradeNo = 'V2_ASKED') =>
      exec(sdk, 'alipay.trade.fastpay.refund.query', { outTradeNo, outRequestNo })
    expect(await query('R1')).toMatchObject({
      ...SUCCESS,
      outRequestNo: 'R1',
      refundReason: '坏了',
      totalAmount: '10.00',
      refundAmount: '4.00',
      refundStatus: 'REFUND_SUCCESS',
    })
    const none = await query('R2')
    expect(none).toMatchObject({ ...SUCCESS, outTradeNo: 'V2_ASKED' })
    expect(none).not.toHaveProperty('refundStatus')
    expect(await query('R1', 'V2_NOWHERE')).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
  })
})

describe('alipay.fund.trans.uni.transfer and its query', () => {
  const transfer = (outBizNo: string, transAmount: string, identity: string, more: object = {}) =>
    exec(sdk, 'alipay.fund.trans.uni.transfer', {
      outBizNo,
      transAmount,
      productCode: 'TRANS_ACCOUNT_NO_PWD',
      bizScene: 'DIRECT_TRANSFER',
      orderTitle: '工资',
      payeeInfo: { identity, identityType: 'ALIPAY_USER_ID', ...more },
    })

  test('pays a customer out of the merchant’s account, once per number', async () => {
    await pay('V2_INCOME', '50.00')
    const payee = await world.customer(0n)
    const identity = await userNumber(payee)
    const made = await transfer('T_1', '1.50', identity)
    expect(made).toMatchObject({ ...SUCCESS, outBizNo: 'T_1', status: 'SUCCESS', orderId: expect.any(String) })
    expect(await transfer('T_1', '1.50', identity)).toMatchObject({ ...SUCCESS, orderId: made.orderId })
    expect(await transfer('T_1', '1.51', identity)).toMatchObject({ code: '40004', subCode: 'REP_INCONSISTENT' })
    expect(await world.walletOf(payee)).toBe('1.50')
    for (const asked of [{ orderId: made.orderId }, { payFundOrderId: made.payFundOrderId }, { outBizNo: 'T_1' }]) {
      const found = await exec(sdk, 'alipay.fund.trans.common.query', asked)
      expect(found).toMatchObject({ ...SUCCESS, transAmount: '1.50', status: 'SUCCESS', outBizNo: 'T_1' })
    }
  })

  test('refuses what cannot be, in the words of the method', async () => {
    const identity = await userNumber(buyer)
    expect(await transfer('T_2', '1.00', '2088000000000000')).toMatchObject({ subCode: 'PAYEE_NOT_EXIST' })
    expect(await transfer('T_2', '99999.00', identity)).toMatchObject({ subCode: 'PAYER_BALANCE_NOT_ENOUGH' })
    expect(await transfer('T_2', '0.09', identity)).toMatchObject({ subCode: 'INVALID_PARAMETER' })
    expect(await transfer('T_2', '1.00', identity, { name: 'Nobody' })).toMatchObject({
      subCode: 'PAYEE_USERINFO_ERROR',
    })
    const unknown = await exec(sdk, 'alipay.fund.trans.common.query', { outBizNo: 'T_2' })
    expect(unknown).toMatchObject({ code: '40004', subCode: 'ORDER_NOT_EXIST' })
  })
})

describe('another merchant', () => {
  test('never sees a trade, nor can do anything to it', async () => {
    const { tradeNo } = await pay('V2_MINE', '7.00')
    const other = world.sdk(await world.openShop())
    for (const named of [{ outTradeNo: 'V2_MINE' }, { tradeNo }]) {
      const refund = { ...named, refundAmount: '7.00' }
      expect(await exec(other, 'alipay.trade.query', named)).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
      expect(await exec(other, 'alipay.trade.refund', refund)).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
      expect(await exec(other, 'alipay.trade.close', named)).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
      expect(await exec(other, 'alipay.trade.cancel', named)).not.toHaveProperty('action')
    }
    expect(await exec(sdk, 'alipay.trade.query', { tradeNo })).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' })
  })

  test('cannot be named as the seller', async () => {
    const other = await world.openShop()
    const request = { ...order('V2_SELLER'), sellerId: other.sellerNumber }
    expect(await exec(sdk, 'alipay.trade.precreate', request)).toMatchObject({ subCode: 'ACQ.SELLER_NOT_EXIST' })
    const own = { ...order('V2_SELLER'), sellerId: world.shop.sellerNumber }
    expect(await exec(sdk, 'alipay.trade.precreate', own)).toMatchObject(SUCCESS)
  })
})

test('a trade whose time to pay is over takes no money', async () => {
  const request = { ...order('V2_LATE'), buyerId: await userNumber(buyer), timeoutExpress: '1m' }
  await exec(sdk, 'alipay.trade.create', request)
  world.clock.advance(2 * MINUTE)
  expect(await pay('V2_LATE')).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_HAS_CLOSE' })
})

async function userNumber(customer: number): Promise<string> {
  const found = await world.institution.db.read((tx) => findCustomer(tx, customer))
  return found?.userNumber ?? ''
}
