import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlipayWorld, exec, startAlipayWorld } from './alipay-world.ts'

let world: AlipayWorld

beforeAll(async () => {
  world = await startAlipayWorld(14)
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.stop()
})

const order = { outTradeNo: 'AT_ONCE', totalAmount: '10.00', subject: 'tea' }

function codesOf(results: readonly { readonly code: string; readonly subCode?: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code, subCode } of results) {
    const name = subCode ?? code
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

test('twenty equal payments at once debit the buyer once', async () => {
  const buyer = await world.customer(100_000n)
  const sdk = world.sdk()
  const request = { ...order, authCode: await world.digits(buyer) }
  const results = await Promise.all(Array.from({ length: 20 }, () => exec(sdk, 'alipay.trade.pay', request)))
  expect(codesOf(results)).toEqual({ '10000': 1, 'ACQ.TRADE_HAS_SUCCESS': 19 })
  expect(await world.walletOf(buyer)).toBe('990.00')
})

test('twenty payments of one order with twenty codes at once debit one of them', async () => {
  const buyers = await Promise.all([1, 2].map(() => world.customer(100_000n)))
  const sdk = world.sdk()
  const requests = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const authCode = await world.digits(buyers[index % 2] ?? 0)
      return { ...order, outTradeNo: 'AT_ONCE_CODES', authCode }
    }),
  )
  const results = await Promise.all(requests.map((request) => exec(sdk, 'alipay.trade.pay', request)))
  expect(results.filter((result) => result.code === '10000')).toHaveLength(1)
  const left = await Promise.all(buyers.map((buyer) => world.walletOf(buyer)))
  expect(left.toSorted()).toEqual(['1000.00', '990.00'])
})

test('refunds at once never give back more than was paid, and one number only once', async () => {
  const buyer = await world.customer(1_000n)
  const sdk = world.sdk()
  const outTradeNo = 'AT_ONCE_REFUND'
  await exec(sdk, 'alipay.trade.pay', { ...order, outTradeNo, authCode: await world.digits(buyer) })
  const refund = (outRequestNo: string) =>
    exec(sdk, 'alipay.trade.refund', { outTradeNo, refundAmount: '4.00', outRequestNo })
  const numbers = Array.from({ length: 20 }, (_, index) => `R${index % 10}`)
  const results = await Promise.all(numbers.map(refund))
  const moved = results.filter((result) => result.fundChange === 'Y')
  expect(moved).toHaveLength(2)
  const { '10000': done, 'ACQ.REASON_TRADE_REFUND_FEE_ERR': tooMuch } = codesOf(results)
  expect([done, tooMuch]).toEqual([4, 16])
  expect(await world.walletOf(buyer)).toBe('8.00')
})

test('one shown code pays one order, however many tills send it at once', async () => {
  const buyer = await world.customer(100_000n)
  const sdk = world.sdk()
  const authCode = await world.digits(buyer)
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      exec(sdk, 'alipay.trade.pay', { ...order, outTradeNo: `TILL_${index}`, authCode }),
    ),
  )
  expect(codesOf(results)).toEqual({ '10000': 1, 'ACQ.PAYMENT_AUTH_CODE_INVALID': 9 })
  expect(await world.walletOf(buyer)).toBe('990.00')
})

test('without a committer everything is refused, signed, and may be sent again', async () => {
  const buyer = await world.customer(1_000n)
  const sdk = world.sdk()
  const authCode = await world.digits(buyer)
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
  const paid = await exec(sdk, 'alipay.trade.pay', { ...order, outTradeNo: 'AWAY', authCode })
  expect(paid).toMatchObject({ code: '40004', subCode: 'ACQ.SYSTEM_ERROR' })
  const asked = await exec(sdk, 'alipay.trade.query', { outTradeNo: 'AWAY' })
  expect(asked).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST' })
})
