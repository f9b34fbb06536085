import { describe, expect, test } from 'vitest'
import { alipayV2Envelope, alipayV2ResponseKey } from './alipay-v2-response.ts'

describe('the v2 envelope', () => {
  test('holds exactly the bytes that were signed, first the node and then the signature', async () => {
    const signed: string[] = []
    const text = await alipayV2Envelope('alipay.trade.query', { msg: '茶 "sign" }', n: '1/2' }, async (node) => {
      signed.push(node)
      return 'c2ln'
    })
    expect(signed).toEqual(['{"msg":"茶 \\"sign\\" }","n":"1/2"}'])
    expect(text).toBe(`{"alipay_trade_query_response":${signed[0]},"sign":"c2ln"}`)
  })

  test('around encrypted content signs the string with its quotes', async () => {
    const sign = async (node: string): Promise<string> => Buffer.from(node).toString('base64')
    const text = await alipayV2Envelope('a.b', { x: 1 }, sign, (plain) => `cipher of ${plain}`)
    const node = JSON.stringify('cipher of {"x":1}')
    expect(text).toBe(`{"a_b_response":${node},"sign":"${Buffer.from(node).toString('base64')}"}`)
  })

  test.each([
    ['alipay.trade.fastpay.refund.query', 'alipay_trade_fastpay_refund_query_response'],
    ['alipay.no.such.method', 'alipay_no_such_method_response'],
    [undefined, 'error_response'],
    ['', 'error_response'],
    ['trade', 'error_response'],
    ['a."x', 'error_response'],
    ['a.b\n', 'error_response'],
    ['.a.b', 'error_response'],
    [`a.${'b'.repeat(127)}`, 'error_response'],
  ])('of method %j answers under %s', (method, key) => {
    expect(alipayV2ResponseKey(method)).toBe(key)
  })
})
