import {
  type AlipayRefusal,
  type AlipayV3Response,
  type AlipayV3Stamp,
  admitAlipayV3,
  alipayEncryptedContent,
  alipayGatewayRefusal,
  alipayJsonContent,
  alipayV3Answer,
  alipayV3Refusal,
  decodeForm,
} from '@huitong/formats'
import { type RawReply, type RawRequest, rawReply } from '@huitong/http'
import { err, type JsonObject, ok, type Result } from '@huitong/kernel'
import type { AlipayEdge } from './alipay-edge.ts'
import type { AlipayMethod, AlipayResult } from './alipay-method.ts'
import { queryOf } from './alipay-v2-route.ts'

/** Answers an address under /v3/alipay; without a method there is nothing at it. Errors are signed too. */
export async function answerAlipayV3(
  edge: AlipayEdge,
  method: AlipayMethod | undefined,
  request: RawRequest,
): Promise<RawReply> {
  const result = method === undefined ? noSuchMethod() : await answered(edge, method, request)
  const stamp: AlipayV3Stamp = {
    now: edge.wallClock.now(),
    nonce: edge.chance.uuid(),
    traceId: request.requestId,
    sign: edge.keys.sign,
  }
  return replyOf(await (result.ok ? alipayV3Answer(result.value, stamp) : alipayV3Refusal(result.error, stamp)))
}

async function answered(edge: AlipayEdge, method: AlipayMethod, request: RawRequest): Promise<AlipayResult> {
  try {
    if (request.rawBody.byteLength > edge.bodyBytesMax) {
      const text = `The body is larger than ${edge.bodyBytesMax} bytes`
      return err(alipayGatewayRefusal('isv.invalid-parameter', text))
    }
    const now = edge.wallClock.now()
    const incoming = {
      httpMethod: request.method,
      target: request.rawTarget,
      body: request.rawBody,
      authorization: request.headers.authorization,
      appAuthToken: headerText(request.headers['alipay-app-auth-token']),
    }
    const admitted = await admitAlipayV3(incoming, now, {
      findApp: edge.keys.findApp,
      verify: (app, signed, signature) => edge.keys.verify(app, 'RSA2', signed, signature),
    })
    if (!admitted.ok) return admitted
    const { app: application, appId, nonce, nonceExpiresAt: expiresAt } = admitted.value
    if (!(await edge.nonces.use({ appId, nonce, kind: method.kind, now, expiresAt }))) {
      return err(alipayGatewayRefusal('isv.suspected-attack', 'The nonce was used before'))
    }
    const content = readContent(request)
    if (!content.ok) return content
    return await method.handle({ application, content: content.value, receivedAt: edge.clock.now() })
  } catch (error) {
    // The last resort of an edge whose errors must be signed too. Whether anything was done is not known here.
    request.log.error({ err: error, method: method.name }, 'a gateway request failed')
    return err(alipayGatewayRefusal('isp.unknow-error'))
  }
}

function noSuchMethod(): AlipayResult {
  return err(alipayGatewayRefusal('isv.invalid-method', 'There is no such method at this address'))
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readContent(request: RawRequest): Result<JsonObject, AlipayRefusal> {
  if (request.method === 'GET') return queryContent(queryOf(request.rawTarget))
  let text: string
  try {
    text = utf8.decode(request.rawBody)
  } catch {
    return err(alipayGatewayRefusal('isv.invalid-charset'))
  }
  const { headers } = request
  const encryption = headerText(headers['alipay-encrypt-type']) ?? headerText(headers['alipay-encryption-algm'])
  return encryption === undefined ? alipayJsonContent(text) : alipayEncryptedContent(text, undefined)
}

function queryContent(query: string): Result<JsonObject, AlipayRefusal> {
  const pairs = decodeForm(Buffer.from(query, 'latin1'))
  if (!pairs.ok) return err(alipayGatewayRefusal('isv.invalid-charset', 'The query is not form-encoded UTF-8'))
  const content: Record<string, string> = Object.create(null)
  for (const [name, value] of pairs.value) {
    if (name in content) return err(alipayGatewayRefusal('isv.invalid-parameter', 'The query has a field twice'))
    content[name] = value
  }
  return ok(content)
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value
}

function replyOf({ httpStatus, headers, body }: AlipayV3Response): RawReply {
  const { 'content-type': contentType = 'application/json;charset=utf-8', ...rest } = headers
  return rawReply(body, { status: httpStatus, headers: rest, contentType })
}
