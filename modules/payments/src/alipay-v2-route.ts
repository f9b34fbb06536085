import {
  type AlipayRefusal,
  type AlipayV2Parameters,
  admitAlipayV2,
  alipayGatewayRefusal,
  alipaySuccess,
  alipayV2Envelope,
  alipayV2Parameters,
} from '@huitong/formats'
import { type RawReply, type RawRequest, rawReply } from '@huitong/http'
import { err, type Result } from '@huitong/kernel'
import { answerAlipayCashier } from './alipay-cashier-route.ts'
import type { AlipayEdge } from './alipay-edge.ts'
import { ALIPAY_PAGES_NOT_OFFERED } from './alipay-methods.ts'
import { pageNotOffered } from './alipay-page.ts'
import { readAlipayV2Content } from './alipay-v2-content.ts'

const NOTHING = new Uint8Array(0)

/** Answers `POST /gateway.do`: always with status 200 and signed, whatever came. */
export async function answerAlipayV2(edge: AlipayEdge, request: RawRequest): Promise<RawReply> {
  const query = queryOf(request.rawTarget)
  const parameters = readParameters(edge, query, request.rawBody)
  const method = parameters.ok ? parameters.value.get('method') : methodIn(query)
  const cashier = method === undefined ? undefined : edge.cashierMethods.get(method)
  if (cashier !== undefined) return answerAlipayCashier(edge, cashier, parameters, request)
  if (method !== undefined && ALIPAY_PAGES_NOT_OFFERED.has(method)) return pageNotOffered()
  const result = parameters.ok ? await answered(edge, parameters.value, request) : parameters
  const node = result.ok ? alipaySuccess(result.value) : result.error
  const body = await alipayV2Envelope(method, node, edge.keys.sign)
  return rawReply(body, { contentType: 'application/json;charset=utf-8', headers: { trace_id: request.requestId } })
}

async function answered(
  edge: AlipayEdge,
  parameters: AlipayV2Parameters,
  request: RawRequest,
): Promise<Result<object, AlipayRefusal>> {
  try {
    const admitted = await admitAlipayV2(parameters, edge.keys)
    if (!admitted.ok) return admitted
    const method = edge.methods.get(admitted.value.method)
    if (method === undefined) return err(alipayGatewayRefusal('isv.invalid-method'))
    const content = readAlipayV2Content(method.takesAddresses, admitted.value)
    if (!content.ok) return content
    const { app: application } = admitted.value
    return await method.handle({ application, content: content.value, receivedAt: edge.clock.now() })
  } catch (error) {
    // The last resort of an edge whose errors must be signed too. Whether anything was done is not known here.
    request.log.error({ err: error, method: parameters.get('method') }, 'a gateway request failed')
    return err(alipayGatewayRefusal('isp.unknow-error'))
  }
}

/** Answers `GET /gateway.do`, which only browsers ask: by the page of an order, or by saying that there is none. */
export async function answerAlipayPage(edge: AlipayEdge, request: RawRequest): Promise<RawReply> {
  const parameters = readParameters(edge, queryOf(request.rawTarget), request.rawBody)
  const cashier = parameters.ok ? edge.cashierMethods.get(parameters.value.get('method') ?? '') : undefined
  return cashier === undefined ? pageNotOffered() : answerAlipayCashier(edge, cashier, parameters, request)
}

function readParameters(
  { bodyBytesMax }: AlipayEdge,
  query: string,
  body: Uint8Array,
): Result<AlipayV2Parameters, AlipayRefusal> {
  if (body.byteLength <= bodyBytesMax) return alipayV2Parameters(query, body)
  return err(alipayGatewayRefusal('isv.invalid-parameter', `The body is larger than ${bodyBytesMax} bytes`))
}

/** For the response key when the body cannot be read: most clients name the method in the query. */
function methodIn(query: string): string | undefined {
  const parameters = alipayV2Parameters(query, NOTHING)
  return parameters.ok ? parameters.value.get('method') : undefined
}

export function queryOf(target: string): string {
  const cut = target.indexOf('?')
  return cut < 0 ? '' : target.slice(cut + 1)
}
