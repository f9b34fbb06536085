import { err, ok, type Result } from '@huitong/kernel'
import { type AlipayRefusal, alipayGatewayRefusal } from './alipay-refusal.ts'

/** The parts of a v3 Authorization header. */
export interface AlipayV3Authorization {
  readonly appId: string
  /** 1 to 128 visible ASCII characters, to be remembered until the timestamp is stale. */
  readonly nonce: string
  /** Milliseconds since the epoch. */
  readonly timestampMillis: number
  readonly signature: string
  /** The header without its scheme and without the signature, character by character: the first line of the signed text. */
  readonly signedPart: string
}

const SCHEME = 'ALIPAY-SHA256withRSA '
const NONCE = /^[\x21-\x7e]{1,128}$/
const MILLIS = /^[0-9]{1,15}$/

/**
 * Reads `ALIPAY-SHA256withRSA app_id=…,nonce=…,timestamp=…,sign=…`. Clients differ in order and add parts of their own
 * (`app_cert_sn`, `expired_seconds`, whatever a merchant configured), so the list is read as a list and its text kept. A
 * part that is given twice is refused: two readers could take it differently.
 *
 * A request without the header is told `missing-timestamp`, as the platform does.
 */
export function alipayV3Authorization(header: string | undefined): Result<AlipayV3Authorization, AlipayRefusal> {
  if (header === undefined || header === '') return err(alipayGatewayRefusal('isv.missing-timestamp'))
  if (!header.startsWith(SCHEME)) {
    return err(alipayGatewayRefusal('isv.invalid-signature-type', 'Authorization must be ALIPAY-SHA256withRSA'))
  }
  const items = header.slice(SCHEME.length).split(',')
  const parts = new Map<string, string>()
  for (const item of items) {
    const equals = item.indexOf('=')
    const name = equals === -1 ? item : item.slice(0, equals)
    if (parts.has(name)) return err(alipayGatewayRefusal('isv.invalid-parameter', 'Authorization has a part twice'))
    parts.set(name, equals === -1 ? '' : item.slice(equals + 1))
  }
  const appId = parts.get('app_id') ?? ''
  if (appId === '') return err(alipayGatewayRefusal('isv.missing-app-id'))
  const timestamp = parts.get('timestamp') ?? ''
  if (timestamp === '') return err(alipayGatewayRefusal('isv.missing-timestamp'))
  if (!MILLIS.test(timestamp)) return err(alipayGatewayRefusal('isv.invalid-timestamp'))
  const nonce = parts.get('nonce') ?? ''
  if (!NONCE.test(nonce)) return err(alipayGatewayRefusal('isv.invalid-parameter', 'nonce is missing or not valid'))
  const signature = parts.get('sign') ?? ''
  if (signature === '') return err(alipayGatewayRefusal('isv.missing-signature'))
  const signedPart = items.filter((item) => !item.startsWith('sign=')).join(',')
  return ok({ appId, nonce, timestampMillis: Number(timestamp), signature, signedPart })
}
