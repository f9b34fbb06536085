import {
  ALIPAY_GATEWAY_FAULTS,
  ALIPAY_RESULTS,
  type AlipayGatewayFault,
  type AlipayResultCode,
} from './alipay-codes.ts'

/** What a v2 answer says when nothing was done; also the source of the v3 error. Field names are the wire's. */
export interface AlipayRefusal {
  readonly code: AlipayResultCode
  readonly msg: string
  readonly sub_code: string
  readonly sub_msg: string
}

/** A fault of the gateway itself. The text may say more than the table's, never anything secret. */
export function alipayGatewayRefusal(fault: AlipayGatewayFault, text?: string): AlipayRefusal {
  const row = ALIPAY_GATEWAY_FAULTS[fault]
  return { code: row.code, msg: ALIPAY_RESULTS[row.code], sub_code: fault, sub_msg: text ?? row.text }
}

/** A refusal of the business: code 40004 with a sub_code of the method's own list, such as `ACQ.TRADE_NOT_EXIST`. */
export function alipayBusinessRefusal(subCode: string, text: string): AlipayRefusal {
  return { code: '40004', msg: ALIPAY_RESULTS['40004'], sub_code: subCode, sub_msg: text }
}

/** The node of a v2 answer that says yes: code 10000 and the method's fields, unless they say that the payer is still waited for. */
export function alipaySuccess<T extends object>(fields: T): { readonly code: string; readonly msg: string } & T {
  return { code: '10000', msg: ALIPAY_RESULTS['10000'], ...fields }
}

/** Fields of an answer that says that the order is there and its payer has yet to act: 10003 instead of 10000, after which clients query. */
export function alipayWaiting<T extends object>(fields: T): { readonly code: '10003'; readonly msg: string } & T {
  return { code: '10003', msg: ALIPAY_RESULTS['10003'], ...fields }
}

/** An error of v3: the HTTP status and the two texts of its body. */
export interface AlipayV3Error {
  readonly httpStatus: number
  readonly code: string
  readonly message: string
}

/** The v3 form of a refusal. Business codes stay as they are; the gateway's lose their prefix. */
export function alipayV3Error(refusal: AlipayRefusal): AlipayV3Error {
  const { sub_code: subCode, sub_msg: message } = refusal
  if (isGatewayFault(subCode)) {
    const httpStatus: number = ALIPAY_GATEWAY_FAULTS[subCode].httpStatus
    return { httpStatus, code: subCode.replace(/^(?:isv|isp|aop)\./, ''), message }
  }
  // "System error" is the one business code that leaves the outcome open, which a 4xx would deny.
  return { httpStatus: subCode.endsWith('SYSTEM_ERROR') ? 500 : 400, code: subCode, message }
}

function isGatewayFault(subCode: string): subCode is AlipayGatewayFault {
  return Object.hasOwn(ALIPAY_GATEWAY_FAULTS, subCode)
}
