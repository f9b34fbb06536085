import { type AlipayRefusal, type AlipayV2Parameters, admitAlipayV2, alipayGatewayRefusal } from '@huitong/formats'
import { type RawReply, type RawRequest, seeOther } from '@huitong/http'
import { err, type Result } from '@huitong/kernel'
import type { AlipayCashierMethod } from './alipay-cashier-methods.ts'
import type { AlipayEdge } from './alipay-edge.ts'
import { cashierFaultPage } from './alipay-page.ts'
import { readAlipayV2Content } from './alipay-v2-content.ts'

/**
 * Answers a browser that a merchant's page sent here, with a link or with a form. A request that holds leads to the order's own page, so
 * that a reload asks for nothing again; any other is told why, on a page of ours.
 */
export async function answerAlipayCashier(
  edge: AlipayEdge,
  method: AlipayCashierMethod,
  parameters: Result<AlipayV2Parameters, AlipayRefusal>,
  request: RawRequest,
): Promise<RawReply> {
  const opened = parameters.ok ? await openOrder(edge, method, parameters.value, request) : parameters
  return opened.ok ? seeOther(edge.orderCodeUrl(opened.value)) : cashierFaultPage(opened.error)
}

async function openOrder(
  edge: AlipayEdge,
  method: AlipayCashierMethod,
  parameters: AlipayV2Parameters,
  request: RawRequest,
): Promise<Result<string, AlipayRefusal>> {
  try {
    const admitted = await admitAlipayV2(parameters, edge.keys)
    if (!admitted.ok) return admitted
    const content = readAlipayV2Content(true, admitted.value)
    if (!content.ok) return content
    const { app: application } = admitted.value
    return await method.open({ application, content: content.value, receivedAt: edge.clock.now() })
  } catch (error) {
    request.log.error({ err: error, method: method.name }, 'a cashier page could not be opened')
    return err(alipayGatewayRefusal('isp.unknow-error'))
  }
}
