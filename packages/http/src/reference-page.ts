import { hash } from 'node:crypto'
import scalarPlugin from '@scalar/fastify-api-reference'
import { fastify } from 'fastify'
import { HttpReply, type RawReply } from './http-reply.ts'

/**
 * Opens the pages of the API reference. They live in a server of their own that never listens and is asked from inside:
 * so its plugin's routes cannot stand beside ours without an access rule, and its 25 MB load with the first reader only.
 */
export async function openReference(
  prefix: `/${string}`,
  documentUrl: string,
): Promise<(path: string) => Promise<RawReply>> {
  const pages = fastify({ logger: false })
  await pages.register(scalarPlugin, {
    routePrefix: prefix,
    configuration: {
      ...{ url: documentUrl, withDefaultFonts: false, telemetry: false, hideClientButton: true },
      // These lead to services of its makers.
      ...{ agent: { disabled: true }, mcp: { disabled: true }, showDeveloperTools: 'never' },
    },
  })
  await pages.ready()
  return async (path) => {
    const found = await pages.inject({ method: 'GET', url: path })
    const type = found.headers['content-type'] ?? 'text/plain; charset=utf-8'
    const isPage = String(type).startsWith('text/html')
    return new HttpReply(found.rawPayload, {
      status: found.statusCode,
      headers: {
        'content-type': String(type),
        ...(isPage ? { 'content-security-policy': pagePolicy(found.body) } : { 'cache-control': 'max-age=3600' }),
      },
    })
  }
}

/**
 * The page draws itself with styles made in the browser; its one inline script is allowed by its hash. Everything else comes
 * from this server, fonts included: the browser's own are used.
 */
function pagePolicy(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
  const hashes = inline.map((match) => `'sha256-${hash('sha256', match[1] ?? '', 'base64')}'`).join(' ')
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes}`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    'worker-src blob:',
    "frame-ancestors 'none'",
  ].join('; ')
}
