import { cardPage, type Html, html, type RawReply } from '@huitong/http'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { FAMILY_LINK_ID, WALLET_CURRENCY } from '@huitong/payments'
import { RELATIONS, type Relation } from './family-link.ts'
import type { NamedLink } from './family-queries.ts'

/* The page of one's own family links. Forms and links, no scripts. */

export const FAMILY_PATH = '/me/family'

const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  parent: 'parent · 父母',
  child: 'child · 子女',
  spouse: 'spouse · 配偶',
  other: 'relative · 其他亲属',
}

const STATE_WORDS = {
  invited: 'invited, not accepted yet · 待接受',
  active: 'open · 已开通',
  paused: 'paused · 已暂停',
  ended: 'ended · 已结束',
} as const

export function familyPage(
  links: readonly NamedLink[],
  customer: number,
  fault?: { status: number; text: string },
): RawReply {
  const owned = links.filter(({ link }) => link.owner === customer)
  const shared = links.filter(({ link }) => link.member === customer)
  const body = html`${fault === undefined ? '' : html`<p role="alert">${fault.text}</p>`}
<h2>You pay for · 我为亲属付</h2>
${owned.length === 0 ? html`<p>Nobody yet. 尚无。</p>` : owned.map((one) => ownedPart(one))}
<h2>Who pays for you · 亲属为我付</h2>
${shared.length === 0 ? html`<p>Nobody yet. 尚无。</p>` : shared.map((one) => sharedPart(one))}
<h2>Invite a relative · 邀请亲属</h2>
<form method="post" action="${FAMILY_PATH}/invite">
<label>Phone · 手机号<input name="phone" type="tel" maxlength="32" required></label>
<label>Relation · 关系 <select name="relation">${RELATIONS.map((one) => html`<option value="${one}">${RELATION_WORDS[one]}</option>`)}</select></label>
<label>At most a month, yuan · 每月限额（元）<input name="month" inputmode="decimal" maxlength="12" required></label>
<label>At most a day · 每日限额<input name="day" inputmode="decimal" maxlength="12"></label>
<label>At most a payment · 每笔限额<input name="single" inputmode="decimal" maxlength="12"></label>
<button type="submit">Invite · 邀请</button></form>
<p><a href="/me">Back · 返回</a></p>`
  return cardPage('Family cards · 亲情卡', body, fault === undefined ? {} : { status: fault.status })
}

function ownedPart({ link, memberName }: NamedLink): Html {
  return html`<h3>${memberName} · ${RELATION_WORDS[link.relation]}</h3>
${facts({ link })}
${link.state === 'active' ? button(link.id, 'pause', 'Pause · 暂停') : ''}
${link.state === 'paused' ? button(link.id, 'resume', 'Go on · 恢复') : ''}
${button(link.id, 'end', link.state === 'invited' ? 'Withdraw · 撤回邀请' : 'End · 解除')}`
}

function sharedPart({ link, ownerName }: NamedLink): Html {
  return html`<h3>${ownerName}</h3>
${facts({ link })}
${link.state === 'invited' ? button(link.id, 'accept', 'Accept · 接受') : ''}
${button(link.id, 'end', link.state === 'invited' ? 'Decline · 拒绝' : 'End · 解除')}`
}

function facts({ link }: Pick<NamedLink, 'link'>): Html {
  const { bounds, state, spentDayMinor, spentMonthMinor, onDay, expiresAt } = link
  const row = (words: string, value: string) => html`<dt>${words}</dt><dd>${value}</dd>\n`
  return html`<dl>${row('State · 状态', STATE_WORDS[state])}
${row('A month · 每月', amount(bounds.monthMinor))}
${bounds.dayMinor === null ? '' : row('A day · 每日', amount(bounds.dayMinor))}
${bounds.singleMinor === null ? '' : row('A payment · 每笔', amount(bounds.singleMinor))}
${state === 'invited' ? row('Until · 有效至', microsToIso(expiresAt).slice(0, 16)) : row(`Spent by ${onDay} · 已用`, `${amount(spentDayMinor)} / ${amount(spentMonthMinor)}`)}</dl>`
}

function button(link: number, action: string, words: string): Html {
  return html`<form method="post" action="${FAMILY_PATH}/${publicId(FAMILY_LINK_ID, link)}/${action}"><button type="submit">${words}</button></form>\n`
}

function amount(minor: bigint): string {
  return formatAmount(minor, WALLET_CURRENCY)
}
