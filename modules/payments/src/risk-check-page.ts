import { cardPage, type Html, html, type RawReply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { WALLET_CURRENCY } from './limits.ts'
import { proveMore } from './order-page.ts'
import { RISK_CHECK_ID } from './risk-check-events.ts'
import type { RiskCheckView } from './risk-check-views.ts'

/* What a payer's browser shows of a payment that risk stopped. No scripts, and not a word of why. */

export function checkPath(id: number): string {
  return `/checks/${publicId(RISK_CHECK_ID, id)}`
}

/** `payeeName` as it is registered, its middle left out where it is a person's. */
export function riskCheckPage(check: RiskCheckView, payeeName: string, fault?: string): RawReply {
  const [title, words] = wordsOf(check)
  const open = check.state === 'awaiting_proof' || check.state === 'held'
  return cardPage(
    title,
    html`${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
${words}
<p class="amount">${check.amount} <small>${WALLET_CURRENCY}</small></p>
<dl><dt>To · 收款方</dt><dd>${payeeName}</dd></dl>
${check.state === 'awaiting_proof' ? form(check.id, 'prove', `Pay ${check.amount} · 确认付款`) : ''}
${open ? form(check.id, 'call-off', 'Do not pay · 取消付款') : ''}`,
    fault === undefined ? {} : { status: 409 },
  )
}

function wordsOf({ id, state }: RiskCheckView): readonly [string, Html] {
  switch (state) {
    case 'awaiting_proof':
      return ['One more step · 还差一步', proveMore(checkPath(id))]
    case 'held':
      return [
        'Being checked · 审核中',
        html`<p role="status">Your payment is being checked. Your money is set aside until then. 付款审核中，资金已冻结。</p>`,
      ]
    case 'passed':
      return ['Paid · 已付款', html`<p role="status">The payment was made. 付款成功。</p>`]
    case 'denied':
    case 'lapsed':
      return [
        'Not paid · 未付款',
        html`<p>The payment was not made. Your money is in your wallet. 未付款，资金在您的钱包中。</p>`,
      ]
    case 'called_off':
      return [
        'Not paid · 未付款',
        html`<p>It was called off. Your money is in your wallet. 已取消，资金在您的钱包中。</p>`,
      ]
  }
}

function form(id: number, step: 'prove' | 'call-off', label: string): Html {
  return html`<form method="post" action="${checkPath(id)}/${step}"><button type="submit">${label}</button></form>`
}
