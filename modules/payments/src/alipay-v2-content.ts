import { type AlipayRefusal, type AlipayV2Request, alipayV2Content } from '@huitong/formats'
import { type JsonObject, ok, type Result } from '@huitong/kernel'
import type { Application } from '@huitong/party'

/** The business content, with the addresses that v2 has beside it where the method takes them. */
export function readAlipayV2Content(
  takesAddresses: boolean,
  { parameters }: AlipayV2Request<Application>,
): Result<JsonObject, AlipayRefusal> {
  const content = alipayV2Content(parameters)
  if (!content.ok || !takesAddresses) return content
  const addresses: Record<string, string> = {}
  for (const name of ['notify_url', 'return_url']) {
    const value = parameters.get(name) ?? ''
    if (value !== '') addresses[name] = value
  }
  return ok({ ...content.value, ...addresses })
}
