import { qrSvg } from '@huitong/formats'
import { cardPage, Html, html, type RawReply } from '@huitong/http'
import { microsToIso } from '@huitong/kernel'
import type { CodesState, Enrolment } from './one-time-codes.ts'

/** Setting one-time codes up, and what one may do with them later. */
export function codesPage(state: CodesState, enrolment: Enrolment | undefined, fault?: string): RawReply {
  const body = html`${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
${state.confirmedAt === null ? html`<p>Not set up. 尚未设置。</p>` : setUpPart(state, state.confirmedAt)}
${enrolment === undefined ? '' : enrolmentPart(enrolment)}
<form method="post" action="/me/codes/begin"><button type="submit">${
    state.confirmedAt === null && enrolment === undefined
      ? 'Set up an app · 设置验证器'
      : 'Begin with a new secret · 重新设置'
  }</button></form>
<a class="away" href="/me">Back · 返回</a>`
  return cardPage('One-time codes · 动态验证码', body, fault === undefined ? {} : { status: 422 })
}

function setUpPart({ recoveryCodesLeft }: CodesState, confirmedAt: number): Html {
  return html`<p role="status">Set up on ${microsToIso(confirmedAt).slice(0, 10)}. 已设置。</p>
<p>Recovery codes left: ${recoveryCodesLeft}. 剩余恢复码。</p>
<form method="post" action="/me/codes/renew"><button type="submit">New recovery codes · 更换恢复码</button></form>
<form method="post" action="/me/codes/remove"><button type="submit">Give codes up · 停用</button></form>`
}

function enrolmentPart({ secret, uri }: Enrolment): Html {
  const picture = qrSvg(uri, 'QR code of the secret for your app')
  return html`<p>Scan this with an authenticator app, then give the code that it shows. 用验证器应用扫描，再输入显示的验证码。</p>
${picture.ok ? html`<span class="code">${new Html(picture.value)}</span>` : ''}
<dl><dt>Secret · 密钥</dt><dd>${secret}</dd></dl>
<form method="post" action="/me/codes/confirm"><label>Code · 验证码<input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="10" required></label>
<button type="submit">Confirm · 确认</button></form>`
}

export function recoveryCodesPage(codes: readonly string[]): RawReply {
  return cardPage(
    'Recovery codes · 恢复码',
    html`<p>Each is good once, when your app is not at hand. Keep them on paper; they are not shown again. 每个仅可使用一次，请妥善保存，不会再次显示。</p>
<dl>${codes.map((code, index) => html`<dt>${index + 1}</dt><dd><code>${code}</code></dd>`)}</dl>
<a class="away" href="/me">I have written them down · 已保存</a>`,
    { headers: { 'cache-control': 'no-store' } },
  )
}
