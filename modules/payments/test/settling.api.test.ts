import { findCustomer } from '@huitong/party'
import { houseSharingRule } from '@huitong/pricing'
import type { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settleDuePayments } from '../src/index.ts'
import { type AlipayWorld, exec, startAlipayWorld } from './alipay-world.ts'
import { answerOf, MINUTE } from './payments-world.ts'

/* Payments that are settled later than they are paid, by the platform's own client from npm over v2 and v3. Fee rate 0.6 %. */

let world: AlipayWorld
let sdk: AlipaySdk
let buyer: number
const DAY = 86_400_000_000
const SUCCESS = { code: '10000' }

beforeAll(async () => {
  world = await startAlipayWorld(73)
  sdk = world.sdk()
  const kind = world.pricing.commands.addSharingRule
  answerOf(await world.committer.submit({ kind, input: houseSharingRule() }))
  buyer = await world.customer(10_000_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

const PERIOD = { settleInfo: { settlePeriodTime: '7d', settleDetailInfos: [{ transInType: 'defaultSettle' }] } }
const FREEZE = { extendParams: { royaltyFreeze: 'true' } }

async function pay(outTradeNo: string, totalAmount: string, terms: object): Promise<string> {
  const order = { outTradeNo, totalAmount, subject: 'Tea', authCode: await world.digits(buyer), ...terms }
  const paid = await exec(sdk, 'alipay.trade.pay', order)
  expect(paid).toMatchObject(SUCCESS)
  return String(paid.tradeNo)
}

const confirm = (tradeNo: string, outRequestNo: string, amount?: string, more = {}) =>
  exec(sdk, 'alipay.trade.settle.confirm', {
    ...{ tradeNo, outRequestNo, ...more },
    ...(amount === undefined ? {} : { settleInfo: { settleDetailInfos: [{ transInType: 'defaultSettle', amount }] } }),
  })

const refund = (tradeNo: string, outRequestNo: string, refundAmount: string, more = {}) =>
  exec(sdk, 'alipay.trade.refund', { tradeNo, outRequestNo, refundAmount, ...more })

async function unsettled(tradeNo: string): Promise<string> {
  const found = await exec(sdk, 'alipay.trade.query', { tradeNo, queryOptions: ['trade_settle_info'] })
  return found.tradeSettleInfo.tradeUnsettledAmount
}

const has = () => world.merchantHas(world.shop.merchant)

/** What the merchant has more than it had, as text of yuan. */
async function gained(before: string | undefined): Promise<string> {
  return (Number(await has()) - Number(before)).toFixed(2)
}

async function receiver() {
  const id = await world.customer(0n)
  const number = (await world.institution.db.read((tx) => findCustomer(tx, id)))?.userNumber ?? ''
  const request = { outRequestNo: 'B', receiverList: [{ type: 'userId', account: number }] }
  expect(await exec(sdk, 'alipay.trade.royalty.relation.bind', request)).toMatchObject(SUCCESS)
  return { id, number }
}

const share = (tradeNo: string, outRequestNo: string, transIn: string, amount: string, more = {}) =>
  exec(sdk, 'alipay.trade.order.settle', {
    ...{ tradeNo, outRequestNo, ...more },
    royaltyParameters: [{ royaltyType: 'transfer', transInType: 'userId', transIn, amount }],
  })

async function later(days: number): Promise<number> {
  const { clock, committer, payments, institution } = world
  // A minute more: the batches of a test are later than its clock by some microseconds.
  clock.set(clock.now() + days * DAY + MINUTE)
  return settleDuePayments({ db: institution.db, committer, payments, clock })
}

describe('a payment with a period of settlement', () => {
  test('is the merchant’s to use when it is confirmed, in parts or whole, less the fee', async () => {
    const before = await has()
    const tradeNo = await pay('P1', '100.00', PERIOD)
    expect(await gained(before)).toBe('0.00')
    expect(await unsettled(tradeNo)).toBe('99.40')
    expect(await confirm(tradeNo, 'C1', '33.33')).toMatchObject({
      ...{ ...SUCCESS, tradeNo, outRequestNo: 'C1', settleAmount: '33.13' },
    })
    expect(await gained(before)).toBe('33.13')
    expect(await confirm(tradeNo, 'C1', '33.33')).toMatchObject({ ...SUCCESS, settleAmount: '33.13' })
    expect(await confirm(tradeNo, 'C1', '33.34')).toMatchObject({ subCode: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
    expect(await confirm(tradeNo, 'C2', '66.68')).toMatchObject({ subCode: 'ACQ.INVALID_SETTLE_AMOUNT_PARAMETER' })
    expect(await confirm(tradeNo, 'C2')).toMatchObject({ ...SUCCESS, settleAmount: '66.27' })
    expect(await gained(before)).toBe('99.40')
    expect(await unsettled(tradeNo)).toBe('0.00')
    expect(await confirm(tradeNo, 'C3')).toMatchObject({ subCode: 'ACQ.ALREADY_CONFIRM_SETTLE' })
  })

  test('is refunded out of what is not settled first, before and after, to the cent', async () => {
    const before = await has()
    const [wallet, tradeNo] = [await world.walletOf(buyer), await pay('P2', '100.00', PERIOD)]
    expect(await refund(tradeNo, 'R1', '40.00')).toMatchObject({ ...SUCCESS, fundChange: 'Y' })
    expect(await unsettled(tradeNo)).toBe('59.64')
    expect(await gained(before)).toBe('0.00')
    expect(await confirm(tradeNo, 'C1', '50.00')).toMatchObject({ ...SUCCESS, settleAmount: '49.70' })
    // 10.00 are open, 20.00 go back: the rest is the merchant's to give.
    expect(await refund(tradeNo, 'R2', '20.00')).toMatchObject(SUCCESS)
    expect(await unsettled(tradeNo)).toBe('0.00')
    expect(await gained(before)).toBe('39.76')
    expect(await refund(tradeNo, 'R3', '40.00')).toMatchObject(SUCCESS)
    expect(await gained(before)).toBe('0.00')
    expect(await world.walletOf(buyer)).toBe(wallet)
    expect(await confirm(tradeNo, 'C2')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_CLOSE' })
  })

  test('that is given back whole leaves nothing to settle, and one that was cancelled neither', async () => {
    const before = await has()
    const first = await pay('P3', '0.07', PERIOD)
    expect(await refund(first, 'R1', '0.07')).toMatchObject(SUCCESS)
    const second = await pay('P4', '10.01', PERIOD)
    expect(await exec(sdk, 'alipay.trade.cancel', { tradeNo: second })).toMatchObject({ ...SUCCESS, action: 'refund' })
    expect([await unsettled(first), await unsettled(second)]).toEqual(['0.00', '0.00'])
    expect(await gained(before)).toBe('0.00')
    expect(await later(8)).toBe(0)
  })

  test('is settled by time when its merchant says nothing', async () => {
    const before = await has()
    const tradeNos = [await pay('P5', '10.00', PERIOD), await pay('P6', '20.00', PERIOD)]
    expect(await later(6)).toBe(0)
    expect(await later(1)).toBe(2)
    expect(await gained(before)).toBe('29.82')
    expect(await confirm(tradeNos[0] ?? '', 'C1')).toMatchObject({ subCode: 'ACQ.ALREADY_CONFIRM_SETTLE' })
  })

  test('is confirmed once, whoever is first: the merchant twice, or time', async () => {
    const before = await has()
    const tradeNo = await pay('P7', '10.00', PERIOD)
    world.clock.set(world.clock.now() + 7 * DAY + MINUTE)
    const { committer, payments, institution, clock } = world
    const due = { db: institution.db, committer, payments, clock }
    const done = await Promise.all([
      confirm(tradeNo, 'C1', '10.00'),
      confirm(tradeNo, 'C2', '10.00'),
      settleDuePayments(due),
      refund(tradeNo, 'R1', '10.00'),
    ])
    expect(done).toHaveLength(4)
    const given = done[3].code === '10000'
    expect(await gained(before)).toBe(given ? '0.00' : '9.94')
    expect(await unsettled(tradeNo)).toBe('0.00')
  })

  test('asks and answers through an order code as well', async () => {
    const order = { outTradeNo: 'P8', totalAmount: '5.00', subject: 'Tea', ...PERIOD }
    const { qrCode } = await exec(sdk, 'alipay.trade.precreate', order)
    const token = String(qrCode).split('/').at(-1) ?? ''
    const step = { method: 'POST', headers: { authorization: `customer ${buyer}` }, redirect: 'manual' } as const
    await fetch(`${world.origin}/q/${token}/scan`, step)
    await fetch(`${world.origin}/q/${token}/confirm`, step)
    const found = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'P8', queryOptions: ['trade_settle_info'] })
    expect(found).toMatchObject({ tradeStatus: 'TRADE_SUCCESS', tradeSettleInfo: { tradeUnsettledAmount: '4.97' } })
    expect(await confirm(String(found.tradeNo), 'C1')).toMatchObject(SUCCESS)
  })
})

describe('a payment that is frozen to be shared', () => {
  test('is shared out of what is frozen, and the rest is the merchant’s when sharing ends', async () => {
    const before = await has()
    const { id, number } = await receiver()
    const tradeNo = await pay('F1', '100.00', FREEZE)
    expect(await gained(before)).toBe('0.00')
    expect(await share(tradeNo, 'S1', number, '10.00')).toMatchObject(SUCCESS)
    expect(await unsettled(tradeNo)).toBe('89.40')
    const finish = { extendParams: { royaltyFinish: 'true' } }
    expect(await share(tradeNo, 'S2', number, '5.00', finish)).toMatchObject(SUCCESS)
    expect(await share(tradeNo, 'S2', number, '5.00', finish)).toMatchObject(SUCCESS)
    expect(await gained(before)).toBe('84.40')
    expect(await world.walletOf(id)).toBe('15.00')
  })

  test('waits for its confirmation before, when it has a period too', async () => {
    const before = await has()
    const { number } = await receiver()
    const tradeNo = await pay('F2', '100.00', { ...PERIOD, ...FREEZE })
    expect(await share(tradeNo, 'S1', number, '10.00')).toMatchObject({ subCode: 'ACQ.ALLOC_REFUSE_BEFORE_SETTLE' })
    expect(await confirm(tradeNo, 'C1', '50.00')).toMatchObject({ subCode: 'ACQ.INVALID_SETTLE_AMOUNT_PARAMETER' })
    expect(await confirm(tradeNo, 'C1', '100.00')).toMatchObject({ ...SUCCESS, settleAmount: '99.40' })
    expect(await confirm(tradeNo, 'C1', '100.00')).toMatchObject({ ...SUCCESS, settleAmount: '99.40' })
    expect(await gained(before)).toBe('0.00')
    const again = { extendParams: { royaltyFreeze: 'true' } }
    expect(await confirm(tradeNo, 'C2', '100.00', again)).toMatchObject({ subCode: 'ACQ.ALREADY_CONFIRM_SETTLE' })
    expect(await share(tradeNo, 'S1', number, '10.00')).toMatchObject(SUCCESS)
    // Nobody ends the sharing: after thirty days time does.
    expect(await later(31)).toBe(1)
    expect(await gained(before)).toBe('89.40')
  })

  test('comes back with its shares when it is refunded', async () => {
    const before = await has()
    const { id, number } = await receiver()
    const tradeNo = await pay('F3', '10.00', FREEZE)
    expect(await share(tradeNo, 'S1', number, '2.00')).toMatchObject(SUCCESS)
    const back = { refundRoyaltyParameters: [{ royaltyType: 'transfer', transOut: number, amount: '2.00' }] }
    expect(await refund(tradeNo, 'R1', '10.00', back)).toMatchObject(SUCCESS)
    expect([await world.walletOf(id), await gained(before), await unsettled(tradeNo)]).toEqual(['0.00', '0.00', '0.00'])
  })
})

describe('what is wrong with it', () => {
  test.each([
    ['a period of nothing', { settleInfo: { settlePeriodTime: '0d' } }],
    ['a period above a year', { settleInfo: { settlePeriodTime: '366d' } }],
    ['a period in hours', { settleInfo: { settlePeriodTime: '7h' } }],
    ['a freeze that is neither', { extendParams: { royaltyFreeze: 'perhaps' } }],
  ])('%s is refused before anything is paid', async (_, terms) => {
    const order = { outTradeNo: 'BAD', totalAmount: '1.00', subject: 'Tea', authCode: await world.digits(buyer) }
    expect(await exec(sdk, 'alipay.trade.pay', { ...order, ...terms })).toMatchObject({
      subCode: 'ACQ.INVALID_PARAMETER',
    })
  })

  test('a payment that was settled when it was paid, one that is not paid, and nobody’s', async () => {
    const tradeNo = await pay('N1', '1.00', {})
    expect(await confirm(tradeNo, 'C1')).toMatchObject({ subCode: 'ACQ.ILLEGAL_SETTLE_STATE' })
    const number = (await world.institution.db.read((tx) => findCustomer(tx, buyer)))?.userNumber
    const order = { outTradeNo: 'N2', totalAmount: '1.00', subject: 'Tea', buyerId: number, ...PERIOD }
    const waiting = await exec(sdk, 'alipay.trade.create', order)
    expect(await confirm(waiting.tradeNo, 'C1')).toMatchObject({ subCode: 'ACQ.REASON_TRADE_STATUS_INVALID' })
    const stranger = world.sdk(await world.openShop())
    const theirs = { tradeNo, outRequestNo: 'C1' }
    expect(await exec(stranger, 'alipay.trade.settle.confirm', theirs)).toMatchObject({
      subCode: 'ACQ.TRADE_NOT_EXIST',
    })
  })

  test.each([
    [
      'another receiver',
      { settleDetailInfos: [{ transInType: 'userId', transIn: '2088000000000000', amount: '1' }] },
      'ACQ.SETTLE_ACCOUNT_INVALID',
    ],
    ['no amount', { settleDetailInfos: [{ transInType: 'defaultSettle' }] }, 'ACQ.INVALID_PARAMETER'],
    [
      'an amount of nothing',
      { settleDetailInfos: [{ transInType: 'defaultSettle', amount: '0' }] },
      'ACQ.INVALID_PARAMETER',
    ],
    [
      'a negative amount',
      { settleDetailInfos: [{ transInType: 'defaultSettle', amount: '-1' }] },
      'ACQ.INVALID_PARAMETER',
    ],
    ['a bank card', { settleDetailInfos: [{ transInType: 'cardAliasNo', amount: '1' }] }, 'ACQ.INVALID_PARAMETER'],
    ['details that are none', { settleDetailInfos: [] }, 'ACQ.INVALID_PARAMETER'],
  ])('a confirmation with %s is refused', async (_, settleInfo, subCode) => {
    const request = { tradeNo: '2026112222001000000000007171', outRequestNo: 'C', settleInfo }
    expect(await exec(sdk, 'alipay.trade.settle.confirm', request)).toMatchObject({ subCode })
  })
})

test('over v3 a payment is confirmed in part', async () => {
  const tradeNo = await pay('V3', '10.00', PERIOD)
  const body = {
    ...{ trade_no: tradeNo, out_request_no: 'C1' },
    settle_info: { settle_detail_infos: [{ trans_in_type: 'defaultSettle', amount: '4.00' }] },
  }
  const { data } = await sdk.curl('POST', '/v3/alipay/trade/settle/confirm', { body })
  expect(data).toMatchObject({ trade_no: tradeNo, out_request_no: 'C1', settle_amount: '3.97' })
})
