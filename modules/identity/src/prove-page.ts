import { cardPage, html, PROVE_PATH, type RawReply } from '@huitong/http'
import { PASSKEY_SCRIPT_PATH } from './passkey-script.ts'
import { resetNotice } from './reset-notice.ts'
import type { SignInReset } from './sign-in-reset.ts'

export interface ProveShown {
  readonly codes: boolean
  /** Whether there is a passkey, and this address may use it. */
  readonly passkey: boolean
  readonly reset: SignInReset | undefined
  /** Where to go on. */
  readonly next: string
}

/** Asks for a second proof: half way into a session, or before a step that wants a fresh one. */
export function provePage({ codes, passkey, reset, next }: ProveShown, fault?: string): RawReply {
  const none = !codes && !passkey
  const body = html`${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
${resetNotice(reset)}
${none ? html`<p>There is nothing to prove with yet. 尚未设置验证方式。 <a href="/me">Set it up · 去设置</a></p>` : ''}
${
  codes
    ? html`<form method="post" action="${PROVE_PATH}"><input type="hidden" name="next" value="${next}">
<label>Code of your app, or a recovery code · 验证码或恢复码<input name="code" autocomplete="one-time-code" maxlength="40" required autofocus></label>
<button type="submit">Go on · 继续</button></form>`
    : ''
}
${passkey ? html`<p role="alert" data-passkey-notice hidden></p><button type="button" data-passkey="step-up" data-next="${next}">Use a passkey · 使用通行密钥</button>` : ''}
<p><a href="/me/devices">A device is lost · 挂失设备</a></p>
<form method="post" action="/me/sign-out"><button type="submit">Sign out · 退出</button></form>`
  const options = fault === undefined ? {} : { status: 422 }
  return cardPage(
    'Prove that it is you · 身份验证',
    body,
    passkey ? { ...options, script: PASSKEY_SCRIPT_PATH } : options,
  )
}

/** A path of ours to go on to; anything that could lead elsewhere leads home. */
export function onward(text: string | null | undefined): string {
  return typeof text === 'string' && text.length <= 512 && /^\/(?![/\\])[\w\-./?=&%~]*$/.test(text) ? text : '/me'
}
