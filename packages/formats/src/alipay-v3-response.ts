import type { Micros } from '@huitong/kernel'
import { type AlipayRefusal, alipayV3Error } from './alipay-refusal.ts'

/** A v3 answer, ready to be sent. */
export interface AlipayV3Response {
  readonly httpStatus: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What every answer is stamped with. */
export interface AlipayV3Stamp {
  readonly now: Micros
  /** Fresh for every answer. */
  readonly nonce: string
  /** By which the answer can be found in the logs. */
  readonly traceId: string
  /** SHA256 with RSA under the platform's key, as base64. */
  readonly sign: (text: string) => Promise<string>
}

/**
 * Says yes: status 200 and the fields without any envelope. There is always a body, for clients parse it unasked. With
 * `encrypt` the body is the ciphertext, and the signature covers that.
 */
export function alipayV3Answer(
  fields: object,
  stamp: AlipayV3Stamp,
  encrypt?: (text: string) => string,
): Promise<AlipayV3Response> {
  const plain = JSON.stringify(fields)
  if (encrypt === undefined) return signed(200, JSON_TYPE, plain, stamp)
  return signed(200, 'text/plain;charset=utf-8', encrypt(plain), stamp)
}

/** Says no. Node's client does not check the signature of an error, .NET's does. */
export function alipayV3Refusal(
  refusal: AlipayRefusal,
  stamp: AlipayV3Stamp,
  links: readonly { readonly link: string; readonly desc: string }[] = [],
): Promise<AlipayV3Response> {
  const { httpStatus, code, message } = alipayV3Error(refusal)
  return signed(httpStatus, JSON_TYPE, JSON.stringify({ code, message, links }), stamp)
}

const JSON_TYPE = 'application/json;charset=utf-8'

async function signed(
  httpStatus: number,
  contentType: string,
  body: string,
  stamp: AlipayV3Stamp,
): Promise<AlipayV3Response> {
  const timestamp = String(Math.floor(stamp.now / 1000))
  const signature = await stamp.sign(`${timestamp}\n${stamp.nonce}\n${body}\n`)
  return {
    httpStatus,
    headers: {
      'content-type': contentType,
      'alipay-timestamp': timestamp,
      'alipay-nonce': stamp.nonce,
      'alipay-signature': signature,
      'alipay-trace-id': stamp.traceId,
    },
    body,
  }
}
