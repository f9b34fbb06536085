import { cardPage, html, type RawReply } from '@huitong/http'
import { formatAmount } from '@huitong/kernel'
import { WALLET_CURRENCY } from '@huitong/payments'
import type { Packet, PacketClaim } from './packet.ts'

/* The page that a red packet's link opens. One button and no scripts: the form posts to its own route and comes back here. */

export interface ShownPacket {
  readonly packet: Packet
  /** With the middle left out. */
  readonly senderName: string
  /** What the one who looks got of it. */
  readonly own: PacketClaim | undefined
  readonly over: boolean
}

export function packetPage(shown: ShownPacket, token: string, customer: boolean, fault?: string): RawReply {
  const { packet, senderName, own, over } = shown
  const options = fault === undefined ? {} : { status: 409 }
  const head = html`${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
<p>${packet.greeting}</p>
<dl><dt>From · 来自</dt><dd>${senderName}</dd>
<dt>Opened · 已领取</dt><dd>${packet.taken} / ${packet.parts.length}</dd></dl>`
  if (own !== undefined) {
    const amount = formatAmount(own.amountMinor, WALLET_CURRENCY)
    return cardPage(
      'Red packet · 红包',
      html`${head}
<p class="amount">${amount} <small>${WALLET_CURRENCY}</small></p>
<p role="status">It is yours, and pays with your next payment. 已存入红包余额，付款时自动使用。</p>`,
      options,
    )
  }
  if (packet.taken === packet.parts.length) {
    return cardPage('Red packet · 红包', html`${head}<p>All of it is taken. 手慢了，红包已被领完。</p>`, options)
  }
  if (over) {
    return cardPage(
      'Red packet · 红包',
      html`${head}<p>Its day is over; the rest went back. 红包已过期退回。</p>`,
      options,
    )
  }
  return cardPage(
    'Red packet · 红包',
    html`${head}
${
  customer
    ? html`<form method="post" action="/r/${token}/open"><button type="submit">Open · 开红包</button></form>`
    : html`<p>Sign in as a customer to open it, then open this page again. 请先登录，再打开此页。</p>`
}`,
    options,
  )
}

/** The same for a link that never was: nobody learns which by trying. */
export function noPacketPage(): RawReply {
  return cardPage('No such red packet · 红包不存在', html`<p>This link opens nothing. 链接无效。</p>`, { status: 404 })
}

export function packetFaultPage(status: number, text: string): RawReply {
  return cardPage('Not done · 未完成', html`<p role="alert">${text}</p>`, { status })
}
