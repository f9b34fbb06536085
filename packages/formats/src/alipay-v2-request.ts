import { err, ok, type Result } from '@huitong/kernel'
import { type AlipayRefusal, alipayGatewayRefusal } from './alipay-refusal.ts'
import { type AlipayV2Parameters, alipayV2SigningTexts } from './alipay-v2-parameters.ts'
import { isRsaAlgorithm, type RsaAlgorithm } from './rsa.ts'

/*
 * The gate of `gateway.do`: what must hold before any method looks at the request. Order of the checks, first fault told:
 *   parameter                  missing                       wrong
 *   method                     isv.missing-method            isv.invalid-method (a name that no method could have)
 *   app_id                     isv.missing-app-id            isv.invalid-app-id (unknown)
 *   sign_type                  isv.missing-signature-type    isv.invalid-signature-type
 *   charset                    taken as utf-8                isv.invalid-charset
 *   format                     taken as JSON                 isv.invalid-format
 *   version                    isv.missing-version           isv.invalid-parameter
 *   timestamp                  isv.missing-timestamp         isv.invalid-timestamp
 *   sign                       isv.missing-signature         isv.invalid-signature
 * The timestamp is in the zone of the client's machine, so only its form can be checked. Against repeats stand the
 * idempotent numbers of every method that moves money; v2 has no nonce.
 */

/** A request whose sender is known. */
export interface AlipayV2Request<App> {
  readonly method: string
  readonly appId: string
  readonly signType: RsaAlgorithm
  readonly parameters: AlipayV2Parameters
  readonly app: App
}

/** What the gate asks of its surroundings. */
export interface AlipayV2Gate<App> {
  findApp(appId: string): Promise<App | undefined> | App | undefined
  verify(app: App, signType: RsaAlgorithm, text: string, signature: string): Promise<boolean>
}

/** Lets a request pass or says why not. */
export async function admitAlipayV2<App>(
  parameters: AlipayV2Parameters,
  gate: AlipayV2Gate<App>,
): Promise<Result<AlipayV2Request<App>, AlipayRefusal>> {
  const method = parameters.get('method') ?? ''
  if (method === '') return err(alipayGatewayRefusal('isv.missing-method'))
  if (!isAlipayMethod(method)) return err(alipayGatewayRefusal('isv.invalid-method'))
  const appId = parameters.get('app_id') ?? ''
  if (appId === '') return err(alipayGatewayRefusal('isv.missing-app-id'))
  const app = APP_ID.test(appId) ? await gate.findApp(appId) : undefined
  if (app === undefined) return err(alipayGatewayRefusal('isv.invalid-app-id'))
  const signType = parameters.get('sign_type') ?? ''
  if (signType === '') return err(alipayGatewayRefusal('isv.missing-signature-type'))
  if (!isRsaAlgorithm(signType)) return err(alipayGatewayRefusal('isv.invalid-signature-type'))
  const fault = syntaxFault(parameters)
  if (fault !== undefined) return err(fault)
  const signature = parameters.get('sign') ?? ''
  if (signature === '') return err(alipayGatewayRefusal('isv.missing-signature'))
  for (const text of alipayV2SigningTexts(parameters)) {
    if (await gate.verify(app, signType, text, signature)) return ok({ method, appId, signType, parameters, app })
  }
  return err(alipayGatewayRefusal('isv.invalid-signature'))
}

const METHOD = /^[a-z]\w*(?:\.\w+)+$/
const METHOD_LENGTH_MAX = 128
const APP_ID = /^\w{1,32}$/

/** Whether a text could be the name of a method, and so may become part of a response key. */
export function isAlipayMethod(text: string): boolean {
  return text.length <= METHOD_LENGTH_MAX && METHOD.test(text)
}

function syntaxFault(parameters: AlipayV2Parameters): AlipayRefusal | undefined {
  const charset = parameters.get('charset') ?? ''
  if (charset !== '' && !/^utf-?8$/i.test(charset)) return alipayGatewayRefusal('isv.invalid-charset')
  const format = parameters.get('format') ?? ''
  if (format !== '' && format.toLowerCase() !== 'json') return alipayGatewayRefusal('isv.invalid-format')
  const version = parameters.get('version') ?? ''
  if (version === '') return alipayGatewayRefusal('isv.missing-version')
  if (version !== '1.0') return alipayGatewayRefusal('isv.invalid-parameter', 'version must be 1.0')
  const timestamp = parameters.get('timestamp') ?? ''
  if (timestamp === '') return alipayGatewayRefusal('isv.missing-timestamp')
  if (!isTimestamp(timestamp)) {
    return alipayGatewayRefusal('isv.invalid-timestamp', 'timestamp must be written yyyy-MM-dd HH:mm:ss')
  }
  return undefined
}

function isTimestamp(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return false
  const millis = Date.parse(`${text.replace(' ', 'T')}Z`)
  // A day that does not exist would be moved on to the next month: writing it back shows it.
  return !Number.isNaN(millis) && new Date(millis).toISOString().slice(0, 19).replace('T', ' ') === text
}
