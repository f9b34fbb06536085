import { cardPage, type Html, html, PROVE_PATH, type RawReply } from '@huitong/http'
import { microsToIso, publicId } from '@huitong/kernel'
import type { Device } from './device.ts'

export interface DevicesShown {
  readonly devices: readonly Device[]
  /** The one that the page is looked at from. */
  readonly current: number | null
  readonly payingStopped: boolean
  /** Whether its owner owes a second proof, and may do nothing but raise the alarm. */
  readonly owesProof: boolean
}

/** A person's devices, each with what to do when it is lost. */
export function devicesPage(shown: DevicesShown, fault?: string): RawReply {
  const { devices, payingStopped, owesProof } = shown
  const body = html`${fault === undefined ? '' : html`<p role="alert">${fault}</p>`}
${payingStopped ? stoppedPart() : ''}
${devices.length === 0 ? html`<p>None yet. 尚无。</p>` : ''}
${devices.map((device) => devicePart(device, shown))}
<a class="away" href="${owesProof ? PROVE_PATH : '/me'}">Back · 返回</a>`
  return cardPage('Your devices · 我的设备', body, fault === undefined ? {} : { status: 403 })
}

function stoppedPart(): Html {
  return html`<p role="alert">Nothing can be paid since a device was lost. 挂失后付款已停用。</p>
<p><a href="${PROVE_PATH}?next=/me/devices">Prove yourself · 先验证身份</a></p>
<form method="post" action="/me/paying/allow"><button type="submit">Pay again · 恢复付款</button></form>`
}

function devicePart(device: Device, { current, owesProof }: DevicesShown): Html {
  const { id, name, place, state, firstSeenAt, lastSeenAt } = device
  const path = `/me/devices/${publicId('devi', id)}`
  const lost = state === 'lost'
  const mark = lost ? ' (lost · 已挂失)' : id === current ? ' (this one · 当前)' : ''
  return html`<dl><dt>${name}${mark}</dt><dd>since ${day(firstSeenAt)}, last ${day(lastSeenAt)}, ${place}</dd></dl>
${
  lost
    ? ''
    : html`<form method="post" action="${path}/lost"><label><input type="checkbox" name="codes" value="yes"> My codes were on it too · 验证器也在其中</label>
<button type="submit">It is lost · 挂失</button></form>`
}
${owesProof ? '' : html`<form method="post" action="${path}/remove"><button type="submit">${lost ? 'Found, remove · 已找回，移除' : 'Remove · 移除'}</button></form>`}`
}

function day(micros: number): string {
  return microsToIso(micros).slice(0, 10)
}
