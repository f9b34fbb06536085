import { cardPage, html, type RawReply } from '@huitong/http'

/**
 * Asks to be confirmed with a button. Mail programs and chat previews open links by themselves; they do not press buttons, so
 * the link is still good when the person comes. It says nothing about whether the link is.
 */
export function confirmPage(token: string): RawReply {
  return cardPage(
    'Sign in to Huitong · 登录汇通',
    html`<p>This link works once. 此链接仅可使用一次。</p>
<form method="post" action="/signin"><input type="hidden" name="token" value="${token}">
<button type="submit">Sign in · 登录</button></form>`,
  )
}

export function refusedPage(status: number, text: string): RawReply {
  return cardPage('Sign-in failed · 登录失败', html`<p role="alert">${text}</p>`, { status })
}
