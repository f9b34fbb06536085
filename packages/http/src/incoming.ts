import type { FastifyRequest } from 'fastify'
import type { CredentialRequest } from './authenticator.ts'
import { isObject } from './closed-schema.ts'
import { parseCookies } from './cookies.ts'

const NO_BODY = Buffer.alloc(0)

/** The bytes of a body; our only content parser leaves them as they came. */
export function bodyBytes(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : NO_BODY
}

export function credentialRequest(request: FastifyRequest): CredentialRequest {
  return {
    method: request.method,
    rawTarget: rawTarget(request),
    headers: request.headers,
    cookies: parseCookies(request.headers.cookie),
    rawBody: bodyBytes(request),
    ip: request.ip,
    protocol: request.protocol,
  }
}

function rawTarget(request: FastifyRequest): string {
  return request.raw.url ?? '/'
}

/** What stands behind the `?`, still encoded. */
export function rawQuery(request: FastifyRequest): string {
  const target = rawTarget(request)
  const cut = target.indexOf('?')
  return cut < 0 ? '' : target.slice(cut + 1)
}

export function pathParameters(request: FastifyRequest): Record<string, string> {
  const found: Record<string, string> = {}
  if (isObject(request.params)) {
    for (const [name, value] of Object.entries(request.params)) found[name] = String(value)
  }
  return found
}
