import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export const REQUEST_ID_HEADER = 'huitong-request-id'

const SANE = /^[A-Za-z0-9._:-]{8,64}$/

/** The caller's own id for this request where it is short and plain, so that both sides' logs meet; else a new one. */
export function requestId(headers: IncomingHttpHeaders): string {
  const given = headers[REQUEST_ID_HEADER]
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID()
}
