import { type Html, html } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import type { SignInReset } from './sign-in-reset.ts'

/** What its owner must see who did not ask for it; the form works in every session. */
export function resetNotice(reset: SignInReset | undefined): Html {
  if (reset?.state !== 'open') return html``
  return html`<p role="alert">Customer service was asked to reset your sign-in: passkeys and codes will be gone after ${microsToIso(reset.effectiveAt).slice(0, 16).replace('T', ' ')} UTC. If that was not you, object. 有人申请重置您的登录方式，若非本人请立即提出异议。</p>
<form method="post" action="/me/sign-in-reset/object"><button type="submit">It was not me · 不是我</button></form>`
}
