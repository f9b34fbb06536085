import { qrSvg } from '@huitong/formats'
import { cardPage, Html, html, type RawReply } from '@huitong/http'
import { formatAmount, type Micros, microsToIso } from '@huitong/kernel'
import { WALLET_CURRENCY } from './limits.ts'
import { longNumber } from './long-number.ts'
import { signInLink } from './sign-in-link.ts'
import { tenderField, tenderName, tenderPart } from './tender-page.ts'
import type { TenderQuote } from './tender-queries.ts'
import type { Trade } from './trade.ts'

/*
 * What a browser shows of an order whose code was scanned: who asks for how much, one button at a time, and what became of it. No
 * scripts: each button is a form that posts to its own route and comes back here.
 */

export interface AskedFor {
  /** As it is registered here, whatever a merchant's page or a sticker says. */
  readonly merchantName: string
  readonly subject: string
  readonly totalMinor: bigint
  /** The merchant's page for those who do not want to pay; null where it named none. */
  readonly quitUrl: string | null
}

/**
 * Nobody is the buyer yet. `customer` is whether a customer looks; others are told how to become one, and get `address` as a code
 * for the phone on which they are.
 */
export function codePage(
  order: AskedFor,
  token: string,
  scannableUntil: Micros,
  customer: boolean,
  address: string,
): RawReply {
  return cardPage(
    `Pay ${order.merchantName} · 付款`,
    html`${terms(order, scannableUntil)}
${
  customer
    ? html`<p>The next page asks you to confirm; nothing is paid yet. 下一页确认付款。</p>
${form(token, 'scan', 'Continue · 继续')}`
    : html`${signInLink(`/q/${token}`)}
${picture(address)}`
}${quitLink(order)}`,
  )
}

/** The one who looks is the buyer, and the trade waits for them. `fault` is why the last try did not pay. */
export function confirmTradePage(
  order: AskedFor,
  token: string,
  trade: Trade,
  quote: TenderQuote,
  fault?: string,
): RawReply {
  return cardPage(
    `Pay ${order.merchantName} · 付款`,
    html`${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
${trade.state === 'awaiting_proof' ? proveMore(`/q/${token}`) : ''}
${terms(order, trade.expiresAt)}
${tenderPart(quote, `/q/${token}`)}
${form(token, 'confirm', `Pay ${amountOf(order.totalMinor)} · 确认付款`, tenderField(quote))}${quitLink(order)}`,
    fault === undefined ? {} : { status: 409 },
  )
}

/** Where the payer proves more, and comes back to confirm. */
export function proveMore(back: string): Html {
  return html`<p role="status">One more step: prove that it is you, then confirm. Nothing is paid yet. 请先验证身份，再确认付款，目前尚未付款。</p>
<a class="away" href="/me/prove?next=${back}">Prove it is you · 验证身份</a>`
}

/** The payment was made and staff look at it. Why is not for its payer to know. */
export function heldTradePage(order: AskedFor, trade: Trade): RawReply {
  return cardPage(
    'Being checked · 审核中',
    html`<p role="status">Your payment is being checked. Your money is set aside until then; the merchant does not have it. 付款审核中，资金已冻结，商家尚未收到。</p>
<p class="amount">${amountOf(order.totalMinor)} <small>${WALLET_CURRENCY}</small></p>
<dl>
<dt>To · 收款方</dt><dd>${order.merchantName}</dd>
<dt>For · 商品</dt><dd>${order.subject}</dd>
<dt>Number · 交易号</dt><dd>${longNumber('trade', trade.id, trade.createdAt)}</dd>
</dl>`,
  )
}

const SECONDS_ON_RESULT = 5

/** The trade is over for its buyer: paid, or closed. `back` is the merchant's page that waits for a buyer who has paid. */
export function tradeResultPage(order: AskedFor, trade: Trade, back: string | null): RawReply {
  const paid = trade.state === 'paid' || trade.state === 'finished'
  return cardPage(
    paid ? 'Paid · 已付款' : 'Closed · 已关闭',
    html`${paid ? html`<p role="status">${order.merchantName} has your money. 付款成功。</p>` : html`<p>${closedWords(trade)}</p>`}
<p class="amount">${amountOf(order.totalMinor)} <small>${WALLET_CURRENCY}</small></p>
<dl>
<dt>To · 收款方</dt><dd>${order.merchantName}</dd>
<dt>For · 商品</dt><dd>${order.subject}</dd>
${trade.paidAt === null ? '' : html`<dt>Paid · 时间</dt><dd>${timeText(trade.paidAt)}</dd>`}
${(trade.tenders ?? []).map((part) => html`<dt>${tenderName(part)}</dt><dd>${amountOf(part.amountMinor)}</dd>\n`)}${trade.refundedMinor === 0n ? '' : html`<dt>Refunded · 已退款</dt><dd>${amountOf(trade.refundedMinor)}</dd>`}
<dt>Number · 交易号</dt><dd>${longNumber('trade', trade.id, trade.createdAt)}</dd>
</dl>${back === null ? '' : html`\n<a class="away" href="${back}">Back to the merchant · 返回商家</a>`}`,
    back === null || !paid ? {} : { onward: { seconds: SECONDS_ON_RESULT, to: back } },
  )
}

/** The same for a code that never was, one that is over, and one that somebody else used: nobody learns which by trying. */
export function noOrderPage(): RawReply {
  return cardPage(
    'No such order · 订单不存在',
    html`<p>This code is unknown, has expired, or was used. Ask the merchant for a new one.</p>
<p>二维码无效、已过期或已被使用，请向商家索取新的二维码。</p>`,
    { status: 404 },
  )
}

/** For what went wrong on our side, or in the way of a request. */
export function orderFaultPage(status: number, text: string): RawReply {
  return cardPage('Not done · 未完成', html`<p role="alert">${text}</p>`, { status })
}

function terms(order: AskedFor, until: Micros): Html {
  return html`<p class="amount">${amountOf(order.totalMinor)} <small>${WALLET_CURRENCY}</small></p>
<dl>
<dt>To · 收款方</dt><dd>${order.merchantName}</dd>
<dt>For · 商品</dt><dd>${order.subject}</dd>
<dt>Until · 有效期至</dt><dd>${timeText(until)}</dd>
</dl>`
}

function form(token: string, step: 'scan' | 'confirm', label: string, fields: Html = html``): Html {
  return html`<form method="post" action="/q/${token}/${step}">${fields}<button type="submit">${label}</button></form>`
}

/** The page's own address, to be opened by the phone that pays. */
function picture(address: string): Html {
  const drawn = qrSvg(address, 'QR code of this order · 订单二维码')
  return drawn.ok ? html`<figure class="code">${new Html(drawn.value)}</figure>` : html``
}

function quitLink({ quitUrl }: AskedFor): Html {
  return quitUrl === null ? html`` : html`\n<a class="away" href="${quitUrl}">Do not pay, go back · 取消并返回</a>`
}

function closedWords({ closingCause }: Trade): string {
  switch (closingCause) {
    case 'refunded':
      return 'All of it was paid back to you. 已全额退款。'
    case 'expired':
      return 'It was not paid in time. 超时未付款。'
    case 'refused':
      return 'The payment was not accepted. Your money is in your wallet. 付款未被接受，资金已退回。'
    default:
      return 'The merchant called it off. 商家已取消。'
  }
}

function amountOf(minor: bigint): string {
  return formatAmount(minor, WALLET_CURRENCY)
}

/** To the second, in UTC: the page does not know where its reader is. */
function timeText(at: Micros): string {
  return `${microsToIso(at).slice(0, 19).replace('T', ' ')} UTC`
}
