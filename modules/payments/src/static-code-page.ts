import { cardPage, type Html, html, type RawReply } from '@huitong/http'
import { formatAmount } from '@huitong/kernel'
import type { ResolvedCode } from './code-queries.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { proveMore } from './order-page.ts'
import { checkPath } from './risk-check-page.ts'
import { signInLink } from './sign-in-link.ts'
import type { PayStaticCodeAnswer } from './static-code-pay.ts'

/*
 * The page of a code on a wall. Two steps and no scripts: the payer sees the registered name and enters the amount, then sees both
 * again and confirms. A sticker that somebody put over the real one leads to somebody else's name.
 */

export function staticCodePage(code: ResolvedCode, reference: string, customer: boolean, fault?: string): RawReply {
  return cardPage(
    title(code),
    html`${alert(fault)}
${payee(code)}
${
  customer
    ? html`<form method="post" action="/c/${reference}/check">
<label>Amount, CNY · 金额（元）<input name="amount" inputmode="decimal" autocomplete="off" required maxlength="12" pattern="[0-9]+([.][0-9]{1,2})?"></label>
<button type="submit">Continue · 继续</button></form>`
    : signInLink(`/c/${reference}`)
}`,
    fault === undefined ? {} : { status: 409 },
  )
}

/** What is asked again before money moves. `attempt` names this try, so that a second click is the same payment. */
export function staticCodeConfirmPage(
  code: ResolvedCode,
  reference: string,
  amountMinor: bigint,
  attempt: string,
): RawReply {
  const amount = formatAmount(amountMinor, WALLET_CURRENCY)
  return cardPage(
    title(code),
    html`<p class="amount">${amount} <small>${WALLET_CURRENCY}</small></p>
${payee(code)}
<p>Is this whom you mean to pay? 请核对收款方名称。</p>
<form method="post" action="/c/${reference}/pay">
<input type="hidden" name="amount" value="${amount}">
<input type="hidden" name="payeeName" value="${code.payeeName}">
<input type="hidden" name="attempt" value="${attempt}">
<button type="submit">Pay ${code.payeeName} · 确认付款</button></form>
<a class="away" href="/c/${reference}">Back · 返回</a>`,
  )
}

export function staticCodeResultPage(answer: PayStaticCodeAnswer, payeeName: string): RawReply {
  const { trade, transfer, check } = answer
  if (check !== null || (trade !== null && trade.paidAt === null)) return waitingPage(answer, payeeName)
  const amount = trade?.total ?? transfer?.amount ?? ''
  return cardPage(
    'Paid · 已付款',
    html`<p role="status">${payeeName} has your money. 付款成功。</p>
<p class="amount">${amount} <small>${WALLET_CURRENCY}</small></p>
<dl><dt>To · 收款方</dt><dd>${payeeName}</dd>
<dt>Number · 交易号</dt><dd>${trade?.tradeNumber ?? transfer?.number ?? ''}</dd></dl>`,
  )
}

/** Not paid yet: the payer has to prove more, or staff look at it. */
function waitingPage({ trade, check }: PayStaticCodeAnswer, payeeName: string): RawReply {
  const held = trade?.state === 'held' || check?.state === 'held'
  const id = trade?.riskCheck ?? check?.id ?? 0
  const words = held
    ? html`<p role="status">Your payment is being checked; ${payeeName} does not have your money yet. 付款审核中。</p>`
    : proveMore(checkPath(id))
  return cardPage(
    held ? 'Being checked · 审核中' : 'One more step · 还差一步',
    html`${words}
<p class="amount">${trade?.total ?? check?.amount ?? ''} <small>${WALLET_CURRENCY}</small></p>
<dl><dt>To · 收款方</dt><dd>${payeeName}</dd></dl>`,
  )
}

export function noStaticCodePage(): RawReply {
  return cardPage(
    'No such code · 收款码无效',
    html`<p>This code is unknown, or its owner replaced it. Do not pay by it.</p>
<p>收款码无效或已被更换，请勿付款。</p>`,
    { status: 404 },
  )
}

function title(code: ResolvedCode): string {
  return `Pay ${code.payeeName} · 付款`
}

function payee(code: ResolvedCode): Html {
  return html`<dl><dt>To · 收款方</dt><dd>${code.payeeName}</dd>
<dt>Number · 编号</dt><dd>${code.payeeNumber}</dd>
${code.subject === null ? '' : html`<dt>Place · 位置</dt><dd>${code.subject}</dd>`}</dl>`
}

function alert(fault: string | undefined): Html | '' {
  return fault === undefined ? '' : html`<p role="alert">${fault}</p>`
}
