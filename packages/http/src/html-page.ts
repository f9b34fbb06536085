import { hash } from 'node:crypto'
import type { Html } from './html.ts'
import type { AnswerHeaders } from './http-problem.ts'
import { type RawReply, rawReply } from './http-reply.ts'

/**
 * Our plain pages load nothing and run nothing: no scripts, nothing from elsewhere, no style but their own. A page that must run
 * something loads it from a file of ours, which may ask our own addresses; nothing that stands in the page itself ever runs.
 */
export function pagePolicy(style: string, { script = false }: { readonly script?: boolean } = {}): string {
  return [
    "default-src 'none'",
    ...(script ? ["script-src 'self'", "connect-src 'self'"] : []),
    `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export interface PageOptions {
  /** A `pagePolicy`, made once for each style. */
  readonly policy: string
  /** 200 unless told. */
  readonly status?: number
  readonly headers?: AnswerHeaders
}

/**
 * A whole page as an answer. Its policy forbids the browser whatever the page does not need. Referrers go to our own pages only:
 * other sites must not see addresses with tokens in them, and with none at all browsers send `Origin: null` with the page's own
 * forms, which then look like another site's.
 */
export function htmlReply(page: Html, { policy, status, headers }: PageOptions): RawReply {
  return rawReply(page.text, {
    status: status ?? 200,
    contentType: 'text/html; charset=utf-8',
    headers: { 'referrer-policy': 'same-origin', ...headers, 'content-security-policy': policy },
  })
}
