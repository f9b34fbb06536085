import { isAlipayMethod } from './alipay-v2-request.ts'

/** The response key when the method is missing or no method could have that name: the platform's own key for such cases. */
export const ALIPAY_FALLBACK_RESPONSE_KEY = 'error_response'

/** `alipay.trade.pay` answers under `alipay_trade_pay_response`. */
export function alipayV2ResponseKey(method: string | undefined): string {
  if (method === undefined || !isAlipayMethod(method)) return ALIPAY_FALLBACK_RESPONSE_KEY
  return `${method.replaceAll('.', '_')}_response`
}

/**
 * The body of a v2 answer, errors included (HTTP status 200 for all). Clients cut the node's text out of the body and check
 * the signature over it; so the node is serialised once, those bytes are signed, and they are spliced in as they are. The
 * node comes first and the signature last, for that is how clients cut.
 *
 * With `encrypt` the node becomes a JSON string around the ciphertext, and the signature covers its quotes too.
 */
export async function alipayV2Envelope(
  method: string | undefined,
  node: object,
  sign: (text: string) => Promise<string>,
  encrypt?: (text: string) => string,
): Promise<string> {
  const plain = JSON.stringify(node)
  const text = encrypt === undefined ? plain : JSON.stringify(encrypt(plain))
  const signature = await sign(text)
  return `{"${alipayV2ResponseKey(method)}":${text},"sign":"${signature}"}`
}
