import { Html, type HttpApp, html, htmlReply } from '@huitong/http'
import type { HomeData } from './home-data.ts'
import { PAGE_POLICY, PAGE_STYLE } from './home-style.ts'

const SHOWN_FOR_MS = 1000

/** `/`: what is running and how it is, for whoever opens the address. Read at most once a second, however many look. */
export function registerHomePage(http: HttpApp, read: () => Promise<HomeData>): void {
  let shown: { readonly at: number; readonly data: Promise<HomeData> } | undefined
  http.rawRoute({
    method: 'GET',
    url: '/',
    access: { callers: ['anonymous'] },
    summary: 'The home page',
    handler: async () => {
      const now = performance.now()
      if (shown === undefined || now - shown.at > SHOWN_FOR_MS) shown = { at: now, data: read() }
      const { data } = shown
      try {
        return htmlReply(homePage(await data), { policy: PAGE_POLICY })
      } catch (error) {
        shown = undefined
        throw error
      }
    },
  })
}

export function homePage(data: HomeData): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${data.institution} · Huitong 汇通</title>
${new Html(`<style>${PAGE_STYLE}</style>`)}
</head>
<body>
<main>
<header>
${data.running ? html`<p class="state">Running</p>` : html`<p class="state away">Not taking commands now</p>`}
<h1>${data.institution} <span>on Huitong 汇通</span></h1>
${data.demo ? html`<p>This is a demo world: its people and its money are invented.</p>` : ''}
<p>${KIND_WORDS[data.kind]}</p>
</header>
<dl class="totals">
<div><dt>Held for customers and merchants</dt>${money(data)}</div>
${data.payments === undefined ? '' : html`<div><dt>Payments</dt><dd>${data.payments}</dd></div>`}
<div><dt>Accounting day</dt><dd>${data.accountingDay}<small>${data.clockShifted ? 'by the demo clock, which was moved forward' : 'by the clock of this machine'}</small></dd></div>
<div><dt>Last batch of the journal</dt><dd>${data.batch.number}<small>${changes(data.batch.count)}${data.batch.at === '' ? '' : ` at ${data.batch.at}`}</small></dd></div>
<div><dt>Verified up to batch</dt><dd>${data.checkpoint.batch ?? '–'}<small>${CHECKPOINT_WORDS[data.checkpoint.state]}${data.checkpoint.day === undefined ? '' : `, day ${data.checkpoint.day}`}</small></dd></div>
${data.reads === undefined ? '' : html`<div><dt>Reads of the ledger</dt><dd><small>${data.reads}</small></dd></div>`}
</dl>
<h2>Hash of the last batch</h2>
<p><code>${data.batch.hash}</code></p>
<h2>Where to go</h2>
<ul class="links">
<li><strong>Sign in</strong><p>There are no passwords: come in with <a href="/signin">a passkey</a> or by a link. The terminal where the server was started shows a link, good for one use; starting again shows a new one.</p></li>
<li><a href="/docs/">API reference</a><p>Every route with who may call it, made from the schemas that judge requests. As a file: <a href="/openapi.json">openapi.json</a>.</p></li>
${data.demo && data.payments !== undefined ? DEMO_LINK : ''}<li><code>npm run huitong -- ledger verify</code><p>Replays the journal and checks every balance and every link of its chain.</p></li>
</ul>
<footer>Huitong ${data.version} · ${data.storage} · reload for newer numbers</footer>
</main>
</body>
</html>
`
}

const KIND_WORDS: Readonly<Record<HomeData['kind'], string>> = {
  wallet_platform:
    'A wallet platform with its own books: customers, merchants, payments and a ledger that proves itself, served by this one program.',
  bank: 'A bank with its own books: current accounts and credit transfers over its clearing house.',
  clearing_house: 'A clearing house with its own books: positions of its participants, and the messages between them.',
  fund_manager: 'A fund manager with its own books.',
  insurer: 'An insurer with its own books.',
  regulator: 'A regulator with its own books.',
}

/** Of the checkpoint that is written at the close of a day. */
const CHECKPOINT_WORDS: Readonly<Record<HomeData['checkpoint']['state'], string>> = {
  current: 'at the close of the last day',
  due: 'the close of a day is still to be verified',
  writing: 'the close of a day is being verified',
  off: 'when an operator last did it',
  failed: 'the last try failed and will be made again: the log says why',
  unsound: 'at the last close something was found: run ledger verify',
}

const DEMO_LINK = html`<li><code>npm run huitong -- demo payment-code --customer ID</code><p>A fresh payment code for a merchant to scan; customers are listed in <code>demo.json</code> in the data folder.</p></li>
`

/** A batch without a change of the journal writes rows back that earlier ones changed, or remembers refusals. */
function changes(count: number): string {
  if (count === 0) return 'nothing new in the journal'
  return count === 1 ? '1 change' : `${count} changes`
}

function money(data: HomeData): Html {
  if (data.money.length === 0) return html`<dd>0</dd>`
  return html`${data.money.map(({ currency, amount }) => html`<dd>${amount} <small>${currency}</small></dd>`)}`
}
