import { err, type Micros, ok, type Result } from '@huitong/kernel'
import { type AlipayRefusal, alipayGatewayRefusal } from './alipay-refusal.ts'
import { type AlipayV3Authorization, alipayV3Authorization } from './alipay-v3-authorization.ts'

/** A v3 request as it came off the wire. */
export interface AlipayV3Incoming {
  /** Upper case. */
  readonly httpMethod: string
  /** Path and query exactly as sent. */
  readonly target: string
  /** The raw body; of a multipart request the JSON text of its part `data` alone. Empty for GET. */
  readonly body: Uint8Array
  readonly authorization: string | undefined
  /** The header alipay-app-auth-token. */
  readonly appAuthToken: string | undefined
}

/** A request whose sender is known. The caller still refuses a nonce that this application has used before. */
export interface AlipayV3Request<App> {
  readonly app: App
  readonly appId: string
  readonly nonce: string
  /** Until when a repeated nonce must be recognised; after it the timestamp is stale by itself. */
  readonly nonceExpiresAt: Micros
}

/** What the gate asks of its surroundings. */
export interface AlipayV3Gate<App> {
  findApp(appId: string): Promise<App | undefined> | App | undefined
  /** SHA256 with RSA, the signature as base64. */
  verify(app: App, signed: Uint8Array, signature: string): Promise<boolean>
}

/** How far a timestamp may lie from now, in both directions. */
export const ALIPAY_V3_FRESHNESS: Micros = 600_000_000

const APP_ID = /^\w{1,32}$/

/**
 * Lets a request pass or says why not. Order: the parts of Authorization, application known, timestamp fresh, signature. The
 * time comes before the arithmetic because it costs nothing.
 */
export async function admitAlipayV3<App>(
  incoming: AlipayV3Incoming,
  now: Micros,
  gate: AlipayV3Gate<App>,
): Promise<Result<AlipayV3Request<App>, AlipayRefusal>> {
  const read = alipayV3Authorization(incoming.authorization)
  if (!read.ok) return read
  const authorization = read.value
  const { appId, nonce, signature } = authorization
  const app = APP_ID.test(appId) ? await gate.findApp(appId) : undefined
  if (app === undefined) return err(alipayGatewayRefusal('isv.invalid-app-id'))
  const sentAt = authorization.timestampMillis * 1000
  if (Math.abs(now - sentAt) > ALIPAY_V3_FRESHNESS) {
    return err(alipayGatewayRefusal('isv.invalid-timestamp', 'timestamp is more than ten minutes from now'))
  }
  for (const signed of alipayV3SignedTexts(authorization, incoming)) {
    if (await gate.verify(app, signed, signature)) {
      return ok({ app, appId, nonce, nonceExpiresAt: sentAt + ALIPAY_V3_FRESHNESS })
    }
  }
  return err(alipayGatewayRefusal('isv.invalid-signature'))
}

/**
 * The texts that the signature may stand under: over the target as sent, and, if the client wrote spaces or letters outside
 * ASCII into its path, over the target as the client wrote it before its HTTP library escaped it.
 */
export function alipayV3SignedTexts(
  authorization: AlipayV3Authorization,
  incoming: AlipayV3Incoming,
): readonly Uint8Array[] {
  const literal = literalTarget(incoming.target)
  const targets = literal === undefined ? [incoming.target] : [incoming.target, literal]
  const token = incoming.appAuthToken === undefined ? '' : `${incoming.appAuthToken}\n`
  return targets.map((target) =>
    Buffer.concat([
      Buffer.from(`${authorization.signedPart}\n${incoming.httpMethod}\n${target}\n`),
      incoming.body,
      Buffer.from(`\n${token}`),
    ]),
  )
}

// Only a text that a URL library turns into exactly this target counts. Plain decoding would also accept "%2526" for a
// signed "%26", and so let somebody in the middle change what the parameters say.
function literalTarget(target: string): string | undefined {
  try {
    const literal = decodeURIComponent(target)
    if (literal === target) return undefined
    const url = new URL(`http://localhost${literal}`)
    return `${url.pathname}${url.search}` === target ? literal : undefined
  } catch {
    return undefined
  }
}
