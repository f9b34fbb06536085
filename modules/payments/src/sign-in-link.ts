import { type Html, html, signInPath } from '@huitong/http'

/** For somebody whom a page of payments does not know, and who comes back to it after signing in. */
export function signInLink(page: string): Html {
  return html`<p><a href="${signInPath(page)}">Sign in as a customer to pay · 请先登录再付款</a></p>`
}
