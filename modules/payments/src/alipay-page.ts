import type { AlipayRefusal } from '@huitong/formats'
import { cardPage, html, type RawReply } from '@huitong/http'

/** What a browser sees that was sent to a payment page that is not there. It never redirects: no signature was looked at. */
export function pageNotOffered(): RawReply {
  return cardPage(
    'Not offered · 暂不提供',
    html`<p>This page is not offered here. Orders are paid by <code>alipay.trade.page.pay</code> and <code>alipay.trade.wap.pay</code>, by an order code or by the buyer's payment code.</p>
<p lang="zh-CN">本网关不提供此页面。</p>`,
    { status: 404 },
  )
}

/** Why an order cannot be shown to its buyer. It leads nowhere, least of all to an address out of the request. */
export function cashierFaultPage({ sub_code: code, sub_msg: text }: AlipayRefusal): RawReply {
  return cardPage(
    'The order cannot be opened · 无法打开收银台',
    html`<p role="alert">${text}</p>
<p><small>${code}</small></p>
<p>Go back to the merchant's page and try again from there. 请返回商家页面重试。</p>`,
    { status: code.endsWith('SYSTEM_ERROR') ? 503 : 400 },
  )
}
