import { findCustomer } from '@huitong/party'
import type { AlipaySdk } from 'alipay-sdk'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUTHORISATION_LIFE, expireDueAuthorisations } from '../src/index.ts'
import { type AlipayWorld, exec, startAlipayWorld } from './alipay-world.ts'

/* Pre-authorisations, by the platform's own client from npm over v2 and v3, and many at once against plain arithmetic. */

let world: AlipayWorld
let sdk: AlipaySdk
let buyer: number

beforeAll(async () => {
  world = await startAlipayWorld(61)
  sdk = world.sdk()
  buyer = await world.customer(10_000_000n)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

const SUCCESS = { code: '10000' }

async function freeze(outOrderNo: string, amount: string, payer = buyer): Promise<Record<string, unknown>> {
  const request = {
    outOrderNo,
    outRequestNo: `${outOrderNo}-F`,
    orderTitle: 'Deposit',
    amount,
    productCode: 'PRE_AUTH',
  }
  const authCode = await world.digits(payer)
  return { ...(await exec(sdk, 'alipay.fund.auth.order.freeze', { ...request, authCode, authCodeType: 'bar_code' })) }
}

const capture = (outTradeNo: string, authNo: unknown, totalAmount: string, more: object = {}) =>
  exec(sdk, 'alipay.trade.pay', { outTradeNo, authNo, totalAmount, subject: 'Room', productCode: 'PRE_AUTH', ...more })

const unfreeze = (authNo: unknown, outRequestNo: string, amount: string) =>
  exec(sdk, 'alipay.fund.auth.order.unfreeze', { authNo, outRequestNo, amount, remark: 'Less was used' })

const detail = (request: object) => exec(sdk, 'alipay.fund.auth.operation.detail.query', request)

describe('over v2', () => {
  test('money is frozen, charged in parts, given back in part and in the end', async () => {
    const payer = await world.customer(100_000n)
    const frozen = await freeze('AUTH_1', '500.00', payer)
    expect(frozen).toMatchObject({
      ...SUCCESS,
      authNo: expect.stringMatching(/^20\d{6}1000\d{16}$/),
      operationId: expect.stringMatching(/^\d{28}$/),
      ...{ outOrderNo: 'AUTH_1', outRequestNo: 'AUTH_1-F', amount: '500.00', status: 'SUCCESS' },
      payerUserId: expect.stringMatching(/^2088\d{12}$/),
    })
    const { authNo } = frozen
    expect(await world.walletOf(payer)).toBe('500.00')
    const before = await world.merchantHas(world.shop.merchant)
    expect(before).toBe('0.00')
    expect(await capture('CAP_1', authNo, '120.00')).toMatchObject({ ...SUCCESS, totalAmount: '120.00' })
    expect(await world.merchantHas(world.shop.merchant)).toBe('119.28')
    expect(await unfreeze(authNo, 'AUTH_1-U', '80.00')).toMatchObject({ ...SUCCESS, amount: '80.00' })
    expect(await unfreeze(authNo, 'AUTH_1-U', '80.00')).toMatchObject({ ...SUCCESS, amount: '80.00' })
    expect(await unfreeze(authNo, 'AUTH_1-U', '81.00')).toMatchObject({ subCode: 'UNIQUE_VIOLATION' })
    expect(await world.walletOf(payer)).toBe('580.00')
    expect(await capture('CAP_2', authNo, '300.01')).toMatchObject({ subCode: 'ACQ.AUTH_AMOUNT_NOT_ENOUGH' })
    expect(await detail({ authNo, outRequestNo: 'AUTH_1-F' })).toMatchObject({
      ...{ orderStatus: 'AUTHORIZED', totalFreezeAmount: '500.00', totalPayAmount: '120.00', restAmount: '300.00' },
      ...{ operationType: 'FREEZE', status: 'SUCCESS', orderTitle: 'Deposit' },
    })
    const last = await capture('CAP_2', authNo, '200.00', { authConfirmMode: 'COMPLETE' })
    expect(last).toMatchObject({ ...SUCCESS, outTradeNo: 'CAP_2' })
    expect(await world.walletOf(payer)).toBe('680.00')
    expect(await detail({ outOrderNo: 'AUTH_1', outRequestNo: 'CAP_2' })).toMatchObject({
      ...{
        orderStatus: 'FINISH',
        operationType: 'PAY',
        amount: '200.00',
        restAmount: '0.00',
        totalPayAmount: '320.00',
      },
    })
    expect(await capture('CAP_3', authNo, '0.01')).toMatchObject({ subCode: 'ACQ.AUTH_ORDER_HAS_FINISHED' })
    expect(await unfreeze(authNo, 'AUTH_1-V', '0.01')).toMatchObject({ subCode: 'ORDER_ALREADY_FINISH' })
    // What was charged is an ordinary trade: told once, queried, refunded with its fee.
    expect(await capture('CAP_2', authNo, '200.00')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_SUCCESS' })
    const refund = { outTradeNo: 'CAP_2', refundAmount: '200.00' }
    expect(await exec(sdk, 'alipay.trade.refund', refund)).toMatchObject({ ...SUCCESS, fundChange: 'Y' })
    expect(await world.walletOf(payer)).toBe('880.00')
  })

  test('a repeat is told so, other words are refused, and the code of a payer works once', async () => {
    await freeze('AUTH_2', '1.00')
    expect(await freeze('AUTH_2', '1.00')).toMatchObject({ subCode: 'FREEZE_ALREADY_SUCCESS' })
    expect(await freeze('AUTH_2', '2.00')).toMatchObject({ subCode: 'UNIQUE_VIOLATION' })
    const poor = await world.customer(99n)
    expect(await freeze('AUTH_3', '1.00', poor)).toMatchObject({ subCode: 'MONEY_NOT_ENOUGH' })
    const request = { outOrderNo: 'AUTH_4', outRequestNo: 'X', orderTitle: 'Deposit', amount: '1.00' }
    const used = { ...request, authCode: '259999999999999999' }
    expect(await exec(sdk, 'alipay.fund.auth.order.freeze', used)).toMatchObject({
      subCode: 'PAYMENT_AUTH_CODE_INVALID',
    })
    expect(await detail({ outOrderNo: 'AUTH_4', outRequestNo: 'X' })).toMatchObject({ subCode: 'AUTH_ORDER_NOT_EXIST' })
    expect(await detail({ outOrderNo: 'AUTH_2', outRequestNo: 'Y' })).toMatchObject({
      subCode: 'AUTH_OPERATION_NOT_EXIST',
    })
  })

  test('it is called off, once and for all', async () => {
    const { authNo, operationId } = await freeze('AUTH_5', '10.00')
    const cancel = { authNo, operationId, remark: 'Not coming' }
    expect(await exec(sdk, 'alipay.fund.auth.operation.cancel', cancel)).toMatchObject({
      ...SUCCESS,
      action: 'unfreeze',
    })
    expect(await exec(sdk, 'alipay.fund.auth.operation.cancel', cancel)).toMatchObject({
      ...SUCCESS,
      action: 'unfreeze',
    })
    expect(await detail({ authNo, operationId })).toMatchObject({ orderStatus: 'CLOSED', restAmount: '0.00' })
    expect(await capture('CAP_5', authNo, '1.00')).toMatchObject({ subCode: 'ACQ.AUTH_ORDER_HAS_CLOSED' })
    const none = { outOrderNo: 'AUTH_NONE', outRequestNo: 'X', remark: 'Not coming' }
    expect(await exec(sdk, 'alipay.fund.auth.operation.cancel', none)).toMatchObject({
      subCode: 'AUTH_ORDER_NOT_EXIST',
    })
  })

  test('nothing is charged of what was given back, nor given back of what was charged', async () => {
    const released = await freeze('AUTH_70', '10.00')
    expect(await unfreeze(released.authNo, 'AUTH_70-U', '10.00')).toMatchObject(SUCCESS)
    expect(await capture('CAP_70', released.authNo, '0.01')).toMatchObject({ subCode: 'ACQ.AUTH_ORDER_HAS_FINISHED' })
    const charged = await freeze('AUTH_80', '10.00')
    expect(await capture('CAP_80', charged.authNo, '10.00')).toMatchObject(SUCCESS)
    expect(await unfreeze(charged.authNo, 'AUTH_80-U', '0.01')).toMatchObject({ subCode: 'ORDER_ALREADY_FINISH' })
  })

  test('it belongs to its merchant, its payer and its product', async () => {
    const { authNo } = await freeze('AUTH_6', '10.00')
    const stranger = world.sdk(await world.openShop())
    const theirs = { outTradeNo: 'CAP_6', authNo, totalAmount: '1.00', subject: 'Room', productCode: 'PRE_AUTH' }
    expect(await exec(stranger, 'alipay.trade.pay', theirs)).toMatchObject({ subCode: 'ACQ.AUTH_NO_ERROR' })
    const asked = { authNo, outRequestNo: 'AUTH_6-F' }
    expect(await exec(stranger, 'alipay.fund.auth.operation.detail.query', asked)).toMatchObject({
      subCode: 'AUTH_ORDER_NOT_EXIST',
    })
    const userNumber = async (id: number) =>
      (await world.institution.db.read((tx) => findCustomer(tx, id)))?.userNumber ?? ''
    const other = await userNumber(await world.customer(0n))
    expect(await capture('CAP_6', authNo, '1.00', { buyerId: other })).toMatchObject({ subCode: 'ACQ.PAYER_UNMATCHED' })
    expect(await capture('CAP_6', authNo, '1.00', { productCode: 'FACE_TO_FACE_PAYMENT' })).toMatchObject({
      subCode: 'ACQ.PRE_AUTH_PROD_CODE_INCONSISTENT',
    })
    expect(await capture('CAP_6', authNo, '1.00', { authCode: await world.digits(buyer) })).toMatchObject({
      subCode: 'ACQ.INVALID_PARAMETER',
    })
    expect(await capture('CAP_6', authNo, '1.00', { buyerId: await userNumber(buyer) })).toMatchObject(SUCCESS)
  })

  test('time gives it back, and nothing is charged after that, noted or not', async () => {
    const payer = await world.customer(1_000n)
    const { authNo } = await freeze('AUTH_7', '10.00', payer)
    const expire = () =>
      expireDueAuthorisations({
        ...{ db: world.institution.db, committer: world.committer, payments: world.payments, clock: world.clock },
      })
    world.clock.advance(AUTHORISATION_LIFE)
    expect(await capture('CAP_7', authNo, '1.00')).toMatchObject({ subCode: 'ACQ.AUTH_ORDER_HAS_CLOSED' })
    world.clock.advance(1_000_000)
    expect(await expire()).toBeGreaterThan(0)
    expect(await world.walletOf(payer)).toBe('10.00')
    expect(await detail({ authNo, outRequestNo: 'AUTH_7-F' })).toMatchObject({ orderStatus: 'CLOSED' })
    expect(await expire()).toBe(0)
  })
})

describe('over v3', () => {
  test('money is frozen, charged and given back', async () => {
    const v3 = async (path: string, body: Record<string, unknown>) => (await sdk.curl('POST', path, { body })).data
    const numbers = { out_order_no: 'AUTH3_1', out_request_no: 'AUTH3_1-F' }
    const request = { ...numbers, order_title: 'Deposit', amount: '5.00', product_code: 'PRE_AUTH' }
    const frozen = await v3('/v3/alipay/fund/auth/order/freeze', { ...request, auth_code: await world.digits(buyer) })
    expect(frozen).toMatchObject({ status: 'SUCCESS', amount: '5.00' })
    const authNo = Object(frozen).auth_no
    const order = { out_trade_no: 'CAP3_1', total_amount: '2.00', subject: 'Room', auth_no: authNo }
    expect(await v3('/v3/alipay/trade/pay', order)).toMatchObject({ total_amount: '2.00' })
    const back = { auth_no: authNo, out_request_no: 'AUTH3_1-U', amount: '1.00', remark: 'Less' }
    expect(await v3('/v3/alipay/fund/auth/order/unfreeze', back)).toMatchObject({ amount: '1.00' })
    expect(await v3('/v3/alipay/fund/auth/operation/detail/query', numbers)).toMatchObject({ rest_amount: '2.00' })
    const off = { ...numbers, remark: 'Enough' }
    expect(await v3('/v3/alipay/fund/auth/operation/cancel', off)).toMatchObject({ action: 'unfreeze' })
    const again = v3('/v3/alipay/fund/auth/order/unfreeze', { ...back, out_request_no: 'AUTH3_1-V' })
    await expect(again).rejects.toMatchObject({ code: 'ORDER_ALREADY_CLOSED' })
  })
})

describe('fields that are not what they should be', () => {
  test.each([
    ['no title', { orderTitle: undefined }],
    ['no code', { authCode: undefined }],
    ['an amount of nothing', { amount: '0.00' }],
    ['three decimals', { amount: '1.001' }],
    ['an exponent', { amount: '1e1' }],
    ['less than nothing', { amount: '-1.00' }],
    ['a number with a space', { outOrderNo: 'a b' }],
    ['a title of two lines', { orderTitle: 'a\nb' }],
    ['another product', { productCode: 'PRE_AUTH_ONLINE' }],
    ['a field nobody knows', { surprise: '1' }],
  ])('%s', async (_, change) => {
    const request = { outOrderNo: 'BAD_1', outRequestNo: 'BAD_1-F', orderTitle: 'Deposit', amount: '1.00' }
    const sent = { ...request, authCode: '259999999999999999', ...change }
    expect(await exec(sdk, 'alipay.fund.auth.order.freeze', sent)).toMatchObject({ subCode: 'ILLEGAL_ARGUMENT' })
  })

  test.each([
    ['alipay.fund.auth.order.unfreeze', { authNo: 'x', outRequestNo: 'y', amount: '1.00' }],
    ['alipay.fund.auth.operation.cancel', { authNo: 'x', remark: 'z' }],
    ['alipay.fund.auth.operation.detail.query', { outRequestNo: 'y' }],
  ])('%s without what it needs', async (method, request) => {
    expect(await exec(sdk, method, request)).toMatchObject({ subCode: 'ILLEGAL_ARGUMENT' })
  })
})

describe('captures and releases at once', () => {
  test('leave payer and merchant with what was granted, and never take more than was promised', async () => {
    const step = fc.record({
      do: fc.constantFrom('capture', 'final', 'release', 'cancel'),
      amount: fc.bigInt(1n, 700n),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const { committer, payments } = world
        const [payer, merchant] = [await world.customer(1_500n), await world.merchant(0)]
        const promised = await committer.submit({
          kind: payments.authorise,
          input: {
            ...{ merchant, authorisationNumber: '1', requestNumber: '1', title: 'Deposit', details: {} },
            ...{ amountMinor: 1_000n, codeHash: await world.paymentCode(payer) },
            expiresAt: world.clock.now() + AUTHORISATION_LIFE,
          },
        })
        if (promised.status !== 'done') throw new Error(promised.status)
        const { id } = promised.answer.authorisation
        const reference = { merchant, authorisation: id, authorisationNumber: null }
        const outcomes = await Promise.all(
          steps.map(({ do: what, amount }, index) => {
            const number = String(index)
            if (what === 'cancel') {
              return committer.submit({ kind: payments.cancelAuthorisation, input: { ...reference, remark: null } })
            }
            if (what === 'release') {
              const input = { ...reference, requestNumber: `U${number}`, amountMinor: amount, remark: null }
              return committer.submit({ kind: payments.releaseAuthorisation, input })
            }
            const terms = { orderNumber: number, subject: 'Room', details: {}, totalMinor: amount, life: 1_000_000 }
            const input = { ...terms, ...reference, final: what === 'final' }
            return committer.submit({ kind: payments.capture, input })
          }),
        )
        let captured = 0n
        for (const [index, outcome] of outcomes.entries()) {
          const { do: what = '', amount = 0n } = steps[index] ?? {}
          if (outcome.status === 'done' && (what === 'capture' || what === 'final')) captured += amount
        }
        const found = await world.queries.authorisations.authorisation(id)
        expect(found?.capturedMinor).toBe(captured)
        const rest = 1_000n - captured - (found?.releasedMinor ?? 0n)
        expect(rest >= 0n).toBe(true)
        const fen = (text: string | undefined) => BigInt((text ?? '').replace('.', ''))
        expect(fen(await world.walletOf(payer))).toBe(1_500n - captured - rest)
        expect(fen(await world.merchantHas(merchant))).toBe(captured)
      }),
      { numRuns: 25 },
    )
  })
})
