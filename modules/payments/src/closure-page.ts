import { cardPage, html, type RawReply } from '@huitong/http'
import { WALLET_CURRENCY } from './limits.ts'

/* The page on which a customer closes the account. A form and no scripts. */

export const CLOSURE_PATH = '/me/closure'

export interface ClosureShown {
  /** Decimal text. */
  readonly available: string
  readonly isEmpty: boolean
}

export function closurePage({ available, isEmpty }: ClosureShown, fault?: { status: number; text: string }): RawReply {
  const body = html`${fault === undefined ? '' : html`<p role="alert">${fault.text}</p>`}
<p class="amount">${available} <small>${WALLET_CURRENCY}</small></p>
<p>${isEmpty ? 'Nothing is left in the wallet. 钱包已无余额。' : 'It goes to whom you name, within the limits of any payment. 余额将转给您指定的人，受支付限额约束。'}</p>
<p>Guaranteed trades, pre-authorisations and transfers that can be recalled must end first, and nothing may be frozen. Codes that you showed stop working, every sign-in ends, and this cannot be taken back.
担保交易、预授权与可撤回的转账须先完结，且无冻结。注销后付款码失效、全部登录退出，且不可恢复。</p>
<form method="post" action="${CLOSURE_PATH}">
${isEmpty ? '' : html`<label>Phone of who gets it · 收款人手机号<input name="phone" type="tel" maxlength="32" required></label>`}
<label><input type="checkbox" name="sure" value="yes" required> Close my account · 确认注销</label>
<button type="submit">Close it for good · 注销账户</button></form>
<p><a href="/me">Back · 返回</a></p>`
  return cardPage('Close your account · 注销账户', body, fault === undefined ? {} : { status: fault.status })
}

export function closedPage(paidOut: string): RawReply {
  return cardPage(
    'Closed · 已注销',
    html`<p role="status">Your account is closed. 账户已注销。</p><p>${paidOut} ${WALLET_CURRENCY} went to whom you named. 已转出余额。</p>`,
  )
}
