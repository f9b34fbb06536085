import { describe, expect, test } from 'vitest'
import { ALIPAY_GATEWAY_FAULTS, ALIPAY_RESULTS } from './alipay-codes.ts'
import { alipayBusinessRefusal, alipayGatewayRefusal, alipaySuccess, alipayV3Error } from './alipay-refusal.ts'

describe('refusals', () => {
  test('of the gateway carry the code and texts of the table', () => {
    expect(alipayGatewayRefusal('isv.missing-method')).toEqual({
      code: '40001',
      msg: 'Missing Required Arguments',
      sub_code: 'isv.missing-method',
      sub_msg: 'method is missing',
    })
    expect(alipayGatewayRefusal('isv.invalid-parameter', 'why').sub_msg).toBe('why')
  })

  test('of the business are code 40004', () => {
    expect(alipayBusinessRefusal('ACQ.TRADE_NOT_EXIST', 'no such trade')).toEqual({
      code: '40004',
      msg: 'Business Failed',
      sub_code: 'ACQ.TRADE_NOT_EXIST',
      sub_msg: 'no such trade',
    })
  })

  test('success is code 10000 before the fields', () => {
    expect(JSON.stringify(alipaySuccess({ trade_no: '1' }))).toBe('{"code":"10000","msg":"Success","trade_no":"1"}')
  })

  const v3: readonly (readonly [string, string, number])[] = [
    ['isv.missing-timestamp', 'missing-timestamp', 400],
    ['isv.invalid-method', 'invalid-method', 404],
    ['isv.invalid-signature', 'invalid-signature', 400],
    ['aop.app-auth-token-time-out', 'app-auth-token-time-out', 401],
    ['isv.insufficient-isv-permissions', 'insufficient-isv-permissions', 403],
    ['isv.app-call-limited', 'app-call-limited', 429],
    ['isp.unknow-error', 'unknow-error', 500],
    ['ACQ.TRADE_NOT_EXIST', 'ACQ.TRADE_NOT_EXIST', 400],
    ['ACQ.SYSTEM_ERROR', 'ACQ.SYSTEM_ERROR', 500],
    ['PAYEE_NOT_EXIST', 'PAYEE_NOT_EXIST', 400],
    ['toString', 'toString', 400],
  ]
  test.each(v3)('%s is %s with status %i in v3', (subCode, code, httpStatus) => {
    expect(alipayV3Error(alipayBusinessRefusal(subCode, 'why'))).toEqual({ httpStatus, code, message: 'why' })
  })

  test('every fault of the table has a known code and a status that v3 clients take for an error', () => {
    for (const [subCode, row] of Object.entries(ALIPAY_GATEWAY_FAULTS)) {
      expect(subCode).toMatch(/^(isv|isp|aop)\.[a-z-]+$/)
      expect(Object.keys(ALIPAY_RESULTS)).toContain(row.code)
      expect(row.httpStatus).toBeGreaterThanOrEqual(400)
    }
  })
})
