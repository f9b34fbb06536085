import { cardPage, type Html, html, PROVE_PATH, type RawReply, signInPath } from '@huitong/http'
import { microsToIso, publicId } from '@huitong/kernel'
import type { Passkey } from './passkey.ts'
import { PASSKEY_SCRIPT_PATH } from './passkey-script.ts'
import { resetNotice } from './reset-notice.ts'
import { type Session, strengthAt } from './session.ts'
import type { SignInReset } from './sign-in-reset.ts'
import type { RelyingParty } from './webauthn.ts'

const NOTICE = html`<p role="alert" data-passkey-notice hidden></p>`

/** Whether a page at this host can use the site's passkeys; browsers allow it on the domain and on those below it. */
export function servesPasskeys({ id }: RelyingParty, host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return name === id || name.endsWith(`.${id}`)
}

function elsewhere(site: RelyingParty, path: string): Html {
  const origin = site.origins[0] ?? ''
  return html`<p>Passkeys work at another address of this site. 通行密钥请使用此地址：<br><a href="${origin}${path}">${origin}${path}</a></p>`
}

/** Where people come in who have a passkey. `next` is a path of ours to go on to. */
export function signInPage(site: RelyingParty, host: string, next: string): RawReply {
  if (!servesPasskeys(site, host)) return cardPage(SIGN_IN_TITLE, elsewhere(site, signInPath(next)))
  return cardPage(
    SIGN_IN_TITLE,
    html`<p>With a passkey on this device, a phone or a security key. 使用本机、手机或安全密钥上的通行密钥。</p>
${NOTICE}
<button type="button" data-passkey="sign-in" data-next="${next}">Use a passkey · 使用通行密钥</button>
<p><small>Without one, open the one-time link that you were given. 没有通行密钥时，请打开收到的一次性链接。</small></p>`,
    { script: PASSKEY_SCRIPT_PATH },
  )
}

const SIGN_IN_TITLE = 'Sign in to Huitong · 登录汇通'

export interface AccountShown {
  readonly name: string
  readonly session: Session
  readonly sessions: readonly Session[]
  readonly passkeys: readonly Passkey[]
  /** Whether one-time codes are set up. */
  readonly codes: boolean
  /** The newest reset of a customer's sign-in. */
  readonly reset: SignInReset | undefined
  readonly now: number
}

/** What belongs to a signed-in person's way in: passkeys and sessions, and how to end them. */
export function accountPage(site: RelyingParty, host: string, shown: AccountShown, fault?: string): RawReply {
  const { session, sessions, passkeys, now } = shown
  const able = servesPasskeys(site, host)
  const strong = strengthAt(session, now) !== 'one_factor'
  const body = html`<p>${shown.name} · ${STRENGTH_WORDS[strengthAt(session, now)]}</p>
${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
${NOTICE}
${resetNotice(shown.reset)}
<h2>Passkeys · 通行密钥</h2>
${passkeys.length === 0 ? html`<p>None yet. 尚无。</p>` : ''}
${passkeys.map(passkeyPart)}
${able ? addPart(passkeys.length > 0 || shown.codes, strong) : elsewhere(site, '/me')}
<h2>One-time codes · 动态验证码</h2>
<p>${shown.codes ? 'Set up. 已设置。' : 'Not set up. 尚未设置。'} <a href="/me/codes">${shown.codes ? 'Change · 更改' : 'Set up · 设置'}</a></p>
<h2>Devices · 设备</h2>
<p><a href="/me/devices">Your devices, and what to do when one is lost · 我的设备与挂失</a></p>
${session.subject.kind === 'customer' ? CUSTOMERS_PAGES : ''}
<h2>Sessions · 会话</h2>
${sessions.map((one) => sessionPart(one, session.id))}
<form method="post" action="/me/sign-out"><button type="submit">Sign out · 退出</button></form>`
  const options = fault === undefined ? {} : { status: 403 }
  return cardPage('Your sign-in · 登录与安全', body, able ? { ...options, script: PASSKEY_SCRIPT_PATH } : options)
}

const CUSTOMERS_PAGES = html`<h2>Account · 账户</h2>
<p><a href="/me/family">Who pays with your wallet, and whose you pay with · 亲情卡</a></p>
<p><a href="/me/closure">Close your account · 注销账户</a></p>`

const STRENGTH_WORDS = {
  one_factor: 'signed in by a link · 链接登录',
  two_factors: 'signed in with two proofs · 双重验证',
  contract: 'signed in with a passkey · 通行密钥登录',
} as const

function addPart(provable: boolean, strong: boolean): Html {
  if (provable && !strong) {
    return html`<p>To add or remove one, <a href="${PROVE_PATH}?next=/me">prove yourself first</a>. 添加或删除前请先<a href="${PROVE_PATH}?next=/me">验证</a>。</p>`
  }
  return html`<label>Name of a new passkey · 名称<input name="passkey-name" maxlength="64" value="My device"></label>
<button type="button" data-passkey="add">Add a passkey · 添加通行密钥</button>`
}

function passkeyPart({ id, name, state, createdAt, lastUsedAt }: Passkey): Html {
  return html`<dl><dt>${name}${state === 'suspended' ? ' (suspended · 已停用)' : ''}</dt><dd>added ${day(createdAt)}, ${
    lastUsedAt === null ? 'never used' : `last used ${day(lastUsedAt)}`
  }</dd></dl>
<form method="post" action="/me/passkeys/${publicId('pkey', id)}/remove"><button type="submit">Remove · 删除</button></form>`
}

function sessionPart({ id, method, startedAt, lastSeenAt }: Session, current: number): Html {
  const text = html`<dl><dt>${id === current ? 'This one · 当前' : `By ${method}`}</dt><dd>since ${day(startedAt)}, last seen ${day(lastSeenAt)}</dd></dl>`
  if (id === current) return text
  return html`${text}<form method="post" action="/me/sessions/${publicId('sess', id)}/end"><button type="submit">End · 结束</button></form>`
}

function day(micros: number): string {
  return `${microsToIso(micros).slice(0, 16).replace('T', ' ')} UTC`
}
